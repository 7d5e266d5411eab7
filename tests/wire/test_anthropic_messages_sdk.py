"""What we write, held against the types of Anthropic's own client."""

import json
from collections.abc import Iterable

import pytest
from anthropic.types import Message as TheirMessage
from anthropic.types import RawMessageStreamEvent
from anthropic.types.message_create_params import MessageCreateParamsBase
from hypothesis import given
from pydantic import TypeAdapter

from apps.wire.anthropic_messages import Encoder, build, build_reply
from apps.wire.events import Failed, Finished, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

from .saying import anthropic_messages as saying
from .strategies import law

EVENT, REPLY, REQUEST = (TypeAdapter(kind) for kind in (RawMessageStreamEvent, TheirMessage, MessageCreateParamsBase))
PARTS = (
    Reasoning("Hm.", opaque={"signature": "Eq"}),
    Reasoning("Unsigned."),
    Reasoning(opaque={"redacted": "Em"}),
    Text("Hello"),
    Citation(url="https://e.x", title="T", start=0, end=5, quote="q"),
    Citation(title="Report", start=0, end=5, quote="q"),
    HostedTool("ws_1", "web_search", '{"query":"x"}', "completed"),
    HostedTool("ws_2", "web_search", '{"query":"x"}', "failed"),
    HostedTool("ci_1", "code_interpreter", '{"code":"1"}', "completed"),
    ToolCall("call_1", "f", '{"x":1}'),
    ToolCall("call_2", "f", ""),
)


def events(*parts, reason="stop"):
    told = [event for index, part in enumerate(parts) for event in (PartStarted(index, part), PartEnded(index))]
    return [Started("msg_1", "m"), *told, UsageReported(Usage(9, 2, 3, 4, 1)), Finished(reason)]


def frames(found) -> list[dict]:
    encoder = Encoder()
    data = b"".join(encoder.encode(event) for event in found) + encoder.finish()
    return [json.loads(line[6:]) for line in data.split(b"\n") if line.startswith(b"data: ")]


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "content_filter", "paused"])
def test_a_stream_is_made_of_their_events(reason):
    for document in frames(events(*PARTS, reason=reason)):
        EVENT.validate_python(document)
    for document in frames([Finished(reason, reason)]):
        EVENT.validate_python(document)


def test_a_reply_is_their_message():
    found = REPLY.validate_json(build_reply(events(*PARTS)))
    assert [block.type for block in found.content] == [document["content_block"]["type"] for document in started()]
    assert (found.usage.input_tokens, found.usage.cache_read_input_tokens) == (2, 3)


def started() -> list[dict]:
    return [document for document in frames(events(*PARTS)) if document["type"] == "content_block_start"]


def test_blocks_begin_where_their_client_looks_for_them():
    assert [document["index"] for document in started()] == list(range(len(started())))


def test_a_refusal_is_told_as_theirs():
    *_, last, _stop = frames(events(Refusal("No."), reason="content_filter"))
    assert EVENT.validate_python(last).delta.stop_details.explanation == "No."


def test_an_error_has_their_shape():
    (document,) = frames([Failed("Overloaded", "overloaded_error")])
    assert document == {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@given(request=saying.requests)
@law(200)
def test_a_request_is_theirs(request):
    document = json.loads(build(request).body)
    turns = [turn | {"content": [spelled(block) for block in blocks(turn["content"])]} for turn in document["messages"]]
    exhaust(REQUEST.validate_python(document | {"messages": turns, "system": blocks(document.get("system", ""))}))


def blocks(content) -> list[dict]:
    """Their types hold a plain text for a list of letters."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def spelled(block: dict) -> dict:
    return block | {"content": blocks(block["content"])} if block["type"] == "tool_result" else block


def exhaust(found) -> None:
    """Lists are only held against their types as they are read."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, Iterable) and not isinstance(found, str):
        for entry in found:
            exhaust(entry)


def test_pictures_are_no_part_of_their_answers_and_still_said():
    _start, begun, *_rest = frames(events(Image("image/png", "AAAA")))
    assert begun["content_block"]["type"] == "image"
