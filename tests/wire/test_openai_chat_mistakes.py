"""What clients of Chat Completions get wrong, one test a line of the list in shared/wire/chat_completions.md."""

import base64
import json

import pytest

from apps.wire.events import PartDelta, PartEnded, PartStarted
from apps.wire.messages import Audio, GenerationRequest, Image, Message, Reasoning, Text, ToolCall
from apps.wire.openai_chat import Decoder, build

from .reading import decode, fold, one_byte_each, recorded


def streamed(*choices: str, end: bytes = b"data: [DONE]\n\n") -> bytes:
    return b"".join(b'data: {"choices":[%s]}\n\n' % choice.encode() for choice in choices) + end


HI = '{"index":0,"delta":{"content":"Hi"}}'
STOP = '{"index":0,"delta":{},"finish_reason":"stop"}'
USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}\n\n'


@pytest.mark.parametrize(
    ("stream", "truncated"),
    [
        (streamed(HI, STOP), False),
        (streamed(HI), True),
        (streamed(HI, end=b""), True),
        (streamed(HI, STOP, end=b""), False),
    ],
)
def test_a_reason_ends_an_answer_and_the_mark_of_the_end_alone_does_not(stream, truncated):
    assert fold(decode(stream)).finished.truncated is truncated


def test_usage_is_always_asked_for_as_new_api_drops_the_last_chunk_without_it():
    asked = build(GenerationRequest(model="m", messages=(Message("user", (Text("Hi"),)),)))
    assert json.loads(asked.body)["stream_options"] == {"include_usage": True}


def test_the_chunk_of_usage_has_no_choices_and_comes_after_the_reason():
    found = fold(decode(streamed(HI, STOP, end=USAGE)))
    assert (found.parts, found.usage.output_tokens, found.finished.raw) == ([Text("Hi")], 2, "stop")


def test_usage_on_every_chunk_is_not_added_up():
    counted = [
        b'data: {"choices":[%s],"usage":{"prompt_tokens":9,"completion_tokens":%d}}\n\n' % (HI.encode(), n)
        for n in (1, 2)
    ]
    assert fold(decode(*counted, streamed(STOP))).usage.output_tokens == 2


@pytest.mark.parametrize("content", ['{"content":null}', '{"content":""}', "{}", "null"])
def test_an_empty_delta_is_no_end(content):
    assert fold(decode(streamed(HI, f'{{"delta":{content}}}', HI, STOP))).parts == [Text("HiHi")]


def test_a_chunk_without_id_date_role_and_index_is_read():
    assert fold(decode(streamed('{"delta":{"content":"Hi"}}', STOP))).parts == [Text("Hi")]


def test_thoughts_are_not_part_of_the_text():
    thought = '{"delta":{"reasoning_content":"Hm."}}'
    assert fold(decode(streamed(thought, HI, STOP))).parts == [Reasoning("Hm."), Text("Hi")]


def test_pictures_and_sounds_of_an_answer_are_not_sent_again():
    parts = (Text("Look"), Image(media_type="image/png", data="PICTURE"), Audio("audio/wav", "SOUND", "said"))
    asked = build(GenerationRequest(model="m", messages=(Message("assistant", parts), Message("user", (Text("?"),)))))
    assert b"PICTURE" not in asked.body and b"SOUND" not in asked.body and b"said" in asked.body


def test_a_line_of_a_megabyte_is_one_delta():
    data = base64.b64encode(bytes(750_000)).decode()
    image = f'{{"delta":{{"images":[{{"image_url":{{"url":"data:image/png;base64,{data}"}}}}]}}}}'
    assert fold(decode(streamed(image, STOP))).parts == [Image(media_type="image/png", data=data)]


def test_a_character_may_be_cut_by_a_chunk():
    assert fold(decode(*one_byte_each(recorded("utf8")))).parts == [Text("é中文👩‍🚀𝕏")]


def test_arguments_are_text_until_the_stream_ends():
    begun = '{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\\"x\\":"}}]}}'
    decoder = Decoder()
    events = decoder.feed(streamed(begun, end=b""))
    assert events[-2:] == [PartStarted(0, ToolCall("a", "f")), PartDelta(0, '{"x":')]
    assert decoder.finish()[0] == PartEnded(0)
