"""A reply cut into its events."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.runs.wirelog import pieces
from apps.wire.sse import SSEDecoder
from tests.processes import ROOT

FIXTURES = sorted((ROOT / "tests/wire/fixtures").glob("*/*.sse"))


def test_a_stream_is_known_by_how_it_begins_whatever_is_declared():
    assert pieces.is_stream("application/json", b"data: {}\n\n")
    assert pieces.is_stream("", b"\xef\xbb\xbfevent: ping\n\n") and pieces.is_stream("", b": hello\n\n")
    assert pieces.is_stream("text/event-stream", b"[DONE]"[1:])
    assert not pieces.is_stream("text/event-stream", b'{"error": 1}')
    assert not pieces.is_stream("text/html", b"<html>")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_byte_is_lost_and_each_event_is_one_piece(path):
    reply = path.read_bytes()
    spans = pieces.cut(reply)
    assert spans[0][0] == 0 and spans[-1][1] == len(reply)
    assert all(end == start for (_s, end), (start, _e) in pairwise(spans))
    decoder = SSEDecoder()
    whole = decoder.feed(reply) + decoder.finish()
    decoder = SSEDecoder()
    apart = [event for start, end in spans for event in decoder.feed(reply[start:end])] + decoder.finish()
    assert apart == whole


@given(st.lists(st.sampled_from([b"data: 1", b"event: x", b"\r\n", b"\n", b"\r", b": c", b"\n\n"]), max_size=12))
def test_whatever_ends_lines_every_byte_is_in_one_piece(bits):
    reply = b"".join(bits)
    assert b"".join(reply[start:end] for start, end in pieces.cut(reply)) == reply


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"event: content_block_delta\ndata: {}\n\n", "content_block_delta"),
        (b'data: {"type": "response.created"}\n\n', "response.created"),
        (b'data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}\n\n', "delta.role"),
        (b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n', "delta.content"),
        (b'data: {"choices": [{"delta": {"tool_calls": [{}]}}]}\n\n', "delta.tool_calls"),
        (b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n', "finish_reason"),
        (b'data: {"choices": [], "usage": {"x": 1}}\n\n', "usage"),
        (b'data: {"candidates": [{"content": {"parts": [{"text": "x", "thought": true}]}}]}\n\n', "thought"),
        (b'data: {"candidates": [{"content": {"parts": [{"text": "x"}]}}]}\n\n', "text"),
        (b'data: {"candidates": [{"finishReason": "STOP"}]}\n\n', "finishReason"),
        (b'data: {"error": {"message": "no"}}\n\n', "error"),
        (b"data: [DONE]\n\n", "[DONE]"),
        (b": keep-alive\n\n", "comment"),
        (b"data: <html>\n\n", "data"),
        (b"data: [1, 2]\n\n", "data"),
    ],
)
def test_an_event_is_called_what_a_reader_would_call_it(sent, name):
    assert pieces.name_of(SSEDecoder().feed(sent)) == name


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b'data: {"choices": [{"delta": {"content": "hello"}}]}\n\n', "“hello”"),
        (b'data: {"type": "response.output_text.delta", "delta": "hello"}\n\n', "“hello”"),
        (b'data: {"delta": {"type": "thinking_delta", "thinking": "hm"}}\n\n', "“hm”"),
        (b'data: {"candidates": [{"content": {"parts": [{"text": "hello"}]}}]}\n\n', "“hello”"),
        (b'data: {"usage": {"total_tokens": 3}}\n\n', '{"usage": {"total_tokens": 3}}'),
        (b"data: [DONE]\n\n", "[DONE]"),
    ],
)
def test_an_events_words_are_told_in_brief(sent, words):
    assert pieces.brief(SSEDecoder().feed(sent)) == words


def test_an_absurdly_deep_event_is_only_a_piece_of_text():
    deep = b"data: " + b"[" * 100_000 + b"\n\n"
    assert pieces.name_of(SSEDecoder().feed(deep)) == "data"
    assert len(pieces.brief(SSEDecoder().feed(deep))) <= 90
