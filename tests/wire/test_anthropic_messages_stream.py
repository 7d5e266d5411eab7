"""What is particular to the streams of Messages; what all formats' recordings have in common is in test_recorded."""

import pytest

from apps.wire.anthropic_messages import Decoder, Encoder
from apps.wire.events import Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

from . import reading
from .expected.anthropic_messages import STOP, USED
from .reading import fold

FORMAT = "anthropic_messages"


def decode(*chunks: bytes):
    return reading.decode(*chunks, format=FORMAT)


def recorded(name: str) -> bytes:
    return reading.recorded(name, FORMAT)


def read(name: str):
    return fold(decode(recorded(name)))


def encoded(*events) -> bytes:
    encoder = Encoder()
    return b"".join(encoder.encode(event) for event in events) + encoder.finish()


def test_the_events_of_a_thinking_stream_one_by_one():
    assert decode(recorded("thinking")) == [
        Started(id="msg_1", model="claude-sonnet-4-5-20250929"),
        PartStarted(0, Reasoning()),
        PartDelta(0, "Let me "),
        PartDelta(0, "think."),
        PartEnded(0, Reasoning(opaque={"signature": "EqQBCg=="})),
        PartStarted(1, Text()),
        PartDelta(1, "Hello"),
        PartEnded(1),
        UsageReported(USED),
        STOP,
    ]


def test_a_hosted_tool_runs_until_its_result_is_there():
    decoder = Decoder()
    mark = b'event: content_block_start\ndata: {"type": "content_block_start", "index": 2'
    before, mark, after = recorded("web_search").partition(mark)
    begun = decoder.feed(before)
    assert PartStarted(1, HostedTool("srvtoolu_1", "web_search", status="running")) in begun
    assert not any(isinstance(event, PartEnded) and event.index == 1 for event in begun)
    (ended,) = [event for event in decoder.feed(mark + after) if isinstance(event, PartEnded) and event.index == 1]
    assert ended.part.status == "completed"


def test_sources_wait_until_it_is_known_where_their_text_stands():
    events = decode(recorded("citations_while_texts_overlap"))
    first_ends = events.index(PartEnded(0))
    (cited,) = [place for place, event in enumerate(events) if isinstance(getattr(event, "part", None), Citation)]
    assert cited > first_ends


def test_the_decoder_is_done_at_message_stop_and_nothing_follows():
    decoder = Decoder()
    before, mark, _ = recorded("plain").partition(b"event: message_stop")
    decoder.feed(before)
    assert not decoder.done
    decoder.feed(mark + _)
    assert decoder.done
    assert decoder.feed(recorded("plain")) == decoder.finish() == []


def test_text_arrives_with_the_chunk_that_brings_it():
    decoder = Decoder()
    decoder.feed(b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n')
    chunk = b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}}\n\n'
    assert decoder.feed(chunk) == [PartDelta(0, "b")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("pause_turn", "paused"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("whatever_comes_next", "stop"),
    ],
)
def test_a_stop_reason_is_translated_and_its_own_word_kept(raw, reason):
    body = b'data: {"type":"message_delta","delta":{"stop_reason":"%s"}}\n\ndata: {"type":"message_stop"}\n\n'
    assert fold(decode(body % raw.encode())).finished == Finished(reason=reason, raw=raw)


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("tool_calls", "tool_use"),
        ("content_filter", "refusal"),
        ("paused", "pause_turn"),
        ("other", "end_turn"),
    ],
)
def test_another_formats_reason_is_said_in_this_ones_word(reason, word):
    assert b'"stop_reason":"%s"' % word.encode() in encoded(Finished(reason=reason, raw=reason))


def test_what_another_format_said_is_encoded_in_blocks():
    parts = [
        Text("Hello"),
        Citation(url="https://e.x", title="T", start=0, end=5, quote="q"),
        HostedTool("ws.1", "web_search", '{"query":"x"}', "completed", {"item": {"id": "ws.1"}}),
        HostedTool("ci", "code_interpreter", status="failed"),
        Image(media_type="image/png", data="iVBORw0KGgo="),
        ToolCall("call_1", "f", "{}"),
    ]
    events = [event for index, part in enumerate(parts) for event in (PartStarted(index, part), PartEnded(index))]
    found = fold(decode(encoded(Started("a", "m"), *events, UsageReported(Usage(3, 4)), Finished("tool_calls"))))
    assert [(type(part), getattr(part, "status", "")) for part in found.parts] == [
        (Text, ""),
        (Citation, ""),
        (HostedTool, "completed"),
        (HostedTool, "failed"),
        (Image, ""),
        (ToolCall, ""),
    ]
    assert found.parts[1] == parts[1]
    assert (found.parts[2].id, found.parts[2].arguments) == ("ws_1", '{"query":"x"}')


def test_a_refusal_is_explained_at_the_end():
    events = [PartStarted(0, Refusal()), PartDelta(0, "I "), PartDelta(0, "cannot."), PartEnded(0)]
    found = fold(decode(encoded(Started("a", "m"), *events, Finished("stop", "stop"))))
    assert (found.parts, found.finished) == ([Refusal("I cannot.")], Finished("content_filter", "refusal"))


def test_an_event_past_the_hard_limit_fails_and_keeps_what_was_said():
    chunk = b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}\n\n'
    found = fold(decode(chunk, b'data: {"', *[b"A" * (1024 * 1024)] * 65))
    assert (found.parts, found.failed.code) == ([Text("x")], "too_large")
