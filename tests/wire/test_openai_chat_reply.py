"""Replies that are not streamed, and those that should have been."""

import json

import pytest

from apps.wire.events import Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Audio, Citation, Image, Reasoning, Refusal, Text, ToolCall, Usage
from apps.wire.openai_chat import build_reply, parse_reply

from .reading import decode, fold, one_byte_each

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
FOUND = {"url": "https://e.x", "title": "T", "start_index": 0, "end_index": 2}


def reply(message: dict, reason: str | None = "stop", **more) -> bytes:
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    document = {"id": "chatcmpl-A1", "object": "chat.completion", "created": 1, "model": "gpt-4o", "choices": [choice]}
    return json.dumps({**document, "usage": USAGE, "system_fingerprint": "fp_1", **more}).encode()


def test_a_reply_gives_the_events_of_its_stream():
    assert parse_reply(reply({"role": "assistant", "content": "Hi", "refusal": None, "annotations": []})) == [
        Started(id="chatcmpl-A1", model="gpt-4o", fingerprint="fp_1"),
        PartStarted(0, Text()),
        PartDelta(0, "Hi"),
        PartEnded(0),
        UsageReported(Usage(11, 7)),
        Finished(reason="stop", raw="stop"),
    ]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ({"content": None, "refusal": "No."}, [Refusal("No.")]),
        ({"content": "Hi", "reasoning_content": "Hm."}, [Reasoning("Hm."), Text("Hi")]),
        ({"content": "Hi", "reasoning": "Hm.", "reasoning_content": "Hm."}, [Reasoning("Hm."), Text("Hi")]),
        (
            {"content": None, "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f"}}]},
            [ToolCall("a", "f")],
        ),
        (
            {"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}, {"function": {"name": "f"}}]},
            [ToolCall("call_0", "f", "{}"), ToolCall("call_1", "f")],
        ),
        (
            {"content": "", "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
            [Image(media_type="image/png", data="AAAA")],
        ),
        (
            {"content": "Hi", "annotations": [{"type": "url_citation", "url_citation": FOUND}]},
            [Text("Hi"), Citation(url="https://e.x", title="T", start=0, end=2)],
        ),
        (
            {"content": None, "audio": {"id": "audio_1", "data": "UklGRg==", "expires_at": 1, "transcript": "Hi"}},
            [Audio(media_type="audio/wav", data="UklGRg==", transcript="Hi")],
        ),
    ],
)
def test_each_kind_of_part_is_read_from_a_reply(message, parts):
    assert fold(parse_reply(reply({"role": "assistant", **message}))).parts == parts


@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream", "text/html", ""])
def test_json_instead_of_a_stream_is_one_document_whatever_it_is_called(content_type):
    data = reply({"role": "assistant", "content": "Hi"})
    whole, cut = decode(data, content_type=content_type), decode(*one_byte_each(data), content_type=content_type)
    assert whole == cut == parse_reply(data)


def test_indented_json_with_a_byte_order_mark_is_read():
    data = json.dumps(json.loads(reply({"content": "Hi"})), indent=2).encode()
    assert fold(decode(b"\xef\xbb\xbf\r\n" + data)).parts == [Text("Hi")]


@pytest.mark.parametrize("content_type", ["application/json", "text/html", "text/plain"])
def test_a_stream_under_a_wrong_type_is_still_a_stream(content_type):
    data = b'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    assert fold(decode(data, content_type=content_type)).parts == [Text("Hi")]


def test_lines_of_json_without_data_are_read_too():
    line = b'{"choices":[{"delta":{"content":"Hi"}}]}\n'
    found = fold(decode(line, line, b'{"choices":[{"delta":{},"finish_reason":"stop"}]}\n'))
    assert (found.parts, found.finished.truncated) == ([Text("HiHi")], False)


def test_an_error_document_at_status_200_is_a_failure():
    found = fold(
        decode(b'{"success":false,"message":"' + "令牌已过期".encode() + b'"}', content_type="application/json")
    )
    assert found.failed.message == "令牌已过期"


def test_a_document_that_is_cut_is_a_failure_and_shown():
    found = fold(parse_reply(reply({"content": "Hi"})[:60]))
    assert found.failed and found.unrecognized


def test_a_document_that_is_something_else_is_a_failure_and_shown():
    found = fold(parse_reply(b'{"object":"list","data":[]}'))
    assert found.failed.code == "no_answer"
    assert found.unrecognized[0].data == '{"object":"list","data":[]}'


def test_a_reply_without_a_finish_reason_may_be_cut():
    assert fold(parse_reply(reply({"content": "Hi"}, None))).finished.truncated


def test_a_built_reply_says_what_its_events_say():
    parts = [
        Reasoning("Hm."),
        Text("Hi"),
        Refusal("No."),
        Image(media_type="image/png", data="AAAA"),
        ToolCall("a", "f", "{}"),
        Citation(url="https://e.x", title="T", start=0, end=2),
    ]
    events = [
        Started("chatcmpl-A1", "gpt-4o"),
        *(PartStarted(index, part) for index, part in enumerate(parts)),
        UsageReported(Usage(11, 7, cached_tokens=3, reasoning_tokens=1, cost=0.5)),
        Finished("length", "length"),
    ]
    found = fold(parse_reply(build_reply(events)))
    assert found.parts == parts
    assert found.usage == Usage(11, 7, cached_tokens=3, reasoning_tokens=1, cost=0.5)
    assert found.finished == Finished("length", "length")


def test_a_document_past_the_limit_is_a_failure():
    assert fold(decode(b'{"', *[b"A" * (1024 * 1024)] * 65)).failed.code == "too_large"
