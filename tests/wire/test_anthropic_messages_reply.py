"""Replies that are not streamed, and those that should have been."""

import json

import pytest

from apps.wire.anthropic_messages import Encoder, build_reply, parse_reply
from apps.wire.events import Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

from . import reading
from .reading import fold, one_byte_each

USAGE = {"input_tokens": 9, "cache_read_input_tokens": 2, "output_tokens": 7, "service_tier": "standard"}
PASSAGE = {"type": "page_location", "document_index": 0, "document_title": "T", "cited_text": "q"}


def decode(*chunks: bytes, **options):
    return reading.decode(*chunks, format="anthropic_messages", **options)


def reply(*content: dict, reason: str | None = "end_turn", **more) -> bytes:
    document = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": list(content)}
    return json.dumps({**document, "stop_reason": reason, "stop_sequence": None, "usage": USAGE, **more}).encode()


def test_a_reply_gives_the_events_of_its_stream():
    assert parse_reply(reply({"type": "text", "text": "Hi", "citations": None})) == [
        Started(id="msg_1", model="m"),
        PartStarted(0, Text()),
        PartDelta(0, "Hi"),
        PartEnded(0),
        UsageReported(Usage(11, 7, cached_tokens=2)),
        Finished(reason="stop", raw="end_turn"),
    ]


@pytest.mark.parametrize(
    ("block", "parts"),
    [
        ({"type": "thinking", "thinking": "Hm.", "signature": "Eq"}, [Reasoning("Hm.", opaque={"signature": "Eq"})]),
        ({"type": "thinking", "thinking": "Hm."}, [Reasoning("Hm.")]),
        ({"type": "redacted_thinking", "data": "Em"}, [Reasoning(opaque={"redacted": "Em"})]),
        ({"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}}, [ToolCall("a", "f", '{"x":1}')]),
        ({"type": "tool_use", "id": "a", "name": "f", "input": '{"x": 1}'}, [ToolCall("a", "f", '{"x": 1}')]),
        ({"type": "tool_use", "id": "a", "name": "f", "caller": {"type": "direct"}}, [ToolCall("a", "f", "{}")]),
        ({"type": "image", "source": {"type": "url", "url": "https://e.x"}}, [Image(url="https://e.x")]),
        (
            {"type": "text", "text": "Hi", "citations": [PASSAGE]},
            [Text("Hi", opaque={"citations": [PASSAGE]}), Citation(title="T", start=0, end=2, quote="q")],
        ),
    ],
)
def test_each_kind_of_block_is_read_from_a_reply(block, parts):
    assert fold(parse_reply(reply(block))).parts == parts


@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream", "text/html", ""])
def test_json_instead_of_a_stream_is_one_document_whatever_it_is_called(content_type):
    data = reply({"type": "text", "text": "Hi"})
    whole, cut = decode(data, content_type=content_type), decode(*one_byte_each(data), content_type=content_type)
    assert whole == cut == parse_reply(data)


def test_content_that_is_a_plain_text_or_holds_strange_things_is_read():
    assert fold(parse_reply(reply()[:-1] + b',"content":"Hi"}')).parts == [Text("Hi")]
    found = fold(parse_reply(reply("Hi", {"type": "text", "text": "Ho"})))
    assert (found.parts, [entry.why for entry in found.unrecognized]) == ([Text("Ho")], ["not a block"])


def test_a_reply_without_a_stop_reason_may_be_cut():
    assert fold(parse_reply(reply({"type": "text", "text": "Hi"}, reason=None))).finished.truncated


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "Overloaded"),
        (b'{"error":{"message":"no channel","type":"new_api_error","code":"x"}}', "no channel"),
        (b'{"success":false,"message":"expired"}', "expired"),
    ],
)
def test_an_error_document_at_status_200_is_a_failure(body, message):
    assert fold(parse_reply(body)).failed.message == message


def test_a_document_that_is_something_else_is_a_failure_and_shown():
    found = fold(parse_reply(b'{"object":"list","data":[]}'))
    assert (found.failed.code, found.unrecognized[0].why) == ("no_answer", "unknown event")


def test_a_built_reply_says_what_its_events_say():
    parts = [
        Reasoning("Hm.", opaque={"signature": "Eq"}),
        Reasoning(opaque={"redacted": "Em"}),
        Text("Hi"),
        Citation(url="https://e.x", title="T", start=0, end=2, quote="q"),
        Image(media_type="image/png", data="AAAA"),
        ToolCall("a", "f", "{}"),
        Refusal("No."),
    ]
    events = [
        Started("msg_1", "m"),
        *(PartStarted(index, part) for index, part in enumerate(parts)),
        UsageReported(Usage(11, 7, cached_tokens=2, cache_write_tokens=3, reasoning_tokens=1)),
        Finished("content_filter", "refusal"),
    ]
    found = fold(parse_reply(build_reply(events)))
    kept = [part for part in found.parts if not isinstance(part, Text)]
    assert kept == [part for part in parts if not isinstance(part, Text)]
    assert found.parts[2].text == "Hi"
    assert found.usage == Usage(11, 7, cached_tokens=2, cache_write_tokens=3, reasoning_tokens=1)
    assert found.finished == Finished("content_filter", "refusal")


def test_a_search_that_another_format_made_is_told_with_an_empty_result():
    tool = HostedTool("ws.1", "web_search", '{"query":"x"}', "completed", {"item": {}})
    call, result = json.loads(build_reply([PartStarted(0, tool), PartEnded(0)]))["content"]
    assert call == {"type": "server_tool_use", "id": "ws_1", "name": "web_search", "input": {"query": "x"}}
    assert result == {"type": "web_search_tool_result", "tool_use_id": "ws_1", "content": []}


def test_a_failed_answer_is_the_error_object():
    document = json.loads(build_reply([Started("a", "m"), Failed("Busy", "overloaded_error", "c", "p")]))
    error = {"type": "overloaded_error", "message": "Busy", "code": "c", "param": "p"}
    assert document == {"type": "error", "error": error}


def test_texts_that_overlap_are_told_apart():
    events = [
        *(Started("a", "m"), PartStarted(0, Text()), PartStarted(1, Text()), PartDelta(1, "b"), PartDelta(0, "a")),
        *(PartEnded(0, Text(opaque={"citations": [PASSAGE]})), PartEnded(1), Finished("stop", "end_turn")),
    ]
    encoder = Encoder()
    found = fold(decode(b"".join(encoder.encode(event) for event in events)))
    assert found.parts[:2] == [Text("a", opaque={"citations": [PASSAGE]}), Text("b")]
