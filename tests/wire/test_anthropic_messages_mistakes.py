"""What clients of this format get wrong, one test a line."""

import json

import pytest

from apps.wire.anthropic_messages import amend, build
from apps.wire.errors import is_retryable
from apps.wire.events import Failed
from apps.wire.messages import GenerationRequest, Image, Message, Reasoning, Text, ToolCall, Usage

from .reading import decode, fold
from .reading import read as read_of

FORMAT = "anthropic_messages"
HELLO = Message("user", (Text("Say hi"),))
JPEG, GIF, WEBP = "/9j/4AAQSkZJRg==", "R0lGODlhAQABAAAAACw=", "UklGRiIAAABXRUJQ"


def read(name: str):
    return read_of(name, FORMAT)


def body(*messages: Message, **given) -> dict:
    return json.loads(build(GenerationRequest("m", messages=messages, parameters=given)).body)


def test_max_tokens_is_never_forgotten_nor_below_the_thinking_budget():
    assert body(HELLO)["max_tokens"] == 4096
    for given in ({"thinking_budget": 10_000}, {"thinking_budget": 10_000, "max_tokens": 2000}):
        sent = body(HELLO, **given)
        assert sent["max_tokens"] > sent["thinking"]["budget_tokens"]


def test_the_first_block_need_not_be_text_and_unknown_blocks_are_kept_to_be_handed_back():
    assert [type(part) for part in read("thinking").parts] == [Reasoning, Text]
    answer = Message("assistant", tuple(read("unknown_block").parts))
    blocks = body(HELLO, answer, HELLO)["messages"][1]["content"]
    assert blocks == [{"type": "compaction", "content": "What was said."}, {"type": "text", "text": "Hello"}]


def test_texts_are_joined_with_nothing_between():
    texts = [part.text for part in read("citations_of_documents").parts if isinstance(part, Text)]
    assert "".join(texts) == "Sales rose and fell."
    again = Message("assistant", tuple(read("citations_of_documents").parts))
    sent = body(HELLO, again, HELLO)["messages"][1]["content"]
    assert "".join(block["text"] for block in sent) == "Sales rose and fell."


def test_usage_is_not_added_up_and_the_cache_is_part_of_it():
    assert read("usage_repeated").usage.output_tokens == 2
    wanted = Usage(2109, 12, cached_tokens=2000, cache_write_tokens=100, reasoning_tokens=7, hour_write_tokens=40)
    assert read("usage_cached").usage == wanted


def test_arguments_are_not_parsed_piece_by_piece():
    assert read("tool_use").parts[1] == ToolCall("toolu_1", "get_weather", '{"city":"Oslo"}')
    assert read("tool_use_without_input").parts[0].arguments == "{}"


@pytest.mark.parametrize("name", ["stop_missing", "end_missing"])
def test_a_stream_without_message_stop_may_be_cut(name):
    assert read(name).finished.truncated


def test_an_answer_to_go_on_from_does_not_end_in_white_space_and_the_user_takes_over_where_it_is_refused():
    begun = Message("assistant", (Text("The answer is \n"),))
    assert body(HELLO, begun)["messages"][1]["content"] == "The answer is"
    request = GenerationRequest("m", messages=(HELLO, begun))
    words = "This model does not support assistant message prefill. The conversation must end with a user message."
    amended = amend(request, Failed(words, status=400))
    assert [turn["role"] for turn in json.loads(build(amended).body)["messages"]] == ["user", "assistant", "user"]
    assert amend(amended, Failed(words, status=400)) is None


@pytest.mark.parametrize(
    ("image", "kind", "data"),
    [
        (Image(media_type="image/jpg", data=JPEG), "image/jpeg", JPEG),
        (Image(media_type="image/jpg", data="AAAA"), "image/jpeg", "AAAA"),
        (Image(media_type="image/png", data=GIF), "image/gif", GIF),
        (Image(media_type="image/png", data=WEBP), "image/webp", WEBP),
        (Image(data=f"data:image/png;base64,{JPEG}"), "image/jpeg", JPEG),
        (Image(url="data:image/webp;base64,AAAA"), "image/webp", "AAAA"),
        (Image(data="AAAA"), "image/png", "AAAA"),
    ],
)
def test_pictures_are_sent_bare_and_under_the_type_that_their_bytes_have(image, kind, data):
    (block,) = body(Message("user", (image,)))["messages"][0]["content"]
    assert block["source"] == {"type": "base64", "media_type": kind, "data": data}


def test_where_temperature_and_top_p_are_refused_together_the_temperature_stays():
    request = GenerationRequest("m", messages=(HELLO,), parameters={"temperature": 0.5, "top_p": 0.9, "top_k": 5})
    words = "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
    assert amend(request, Failed(words, status=400)).parameters == {"temperature": 0.5, "top_k": 5}
    alone = GenerationRequest("m", messages=(HELLO,), parameters={"temperature": 0.5})
    assert amend(alone, Failed("`temperature` is deprecated for this model.", status=400)) is None


def test_an_overloaded_upstream_is_left_to_the_queue_and_not_asked_again_here():
    failed = read("error_event").failed
    assert failed.retryable and is_retryable(529, "overloaded_error")
    assert amend(GenerationRequest("m", messages=(HELLO,)), failed) is None


def test_blank_texts_are_refused_and_therefore_not_sent():
    assert body(Message("user", (Text("  "), Text("Hi"))))["messages"][0]["content"] == "Hi"
    found = fold(decode(b'data: {"type":"message_stop"}\n\n', format=FORMAT))
    assert body(HELLO, Message("assistant", tuple(found.parts)), HELLO)["messages"][0]["role"] == "user"
