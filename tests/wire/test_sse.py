"""The rules of server-sent events, those of the standard and those that gateways added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wire.exceptions import TooLarge
from apps.wire.sse import ServerSentEvent, SSEDecoder

from .strategies import chunked, cuts, law, scraps


def decode(*chunks: bytes, **limits) -> list[ServerSentEvent]:
    decoder = SSEDecoder(**limits)
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.finish()


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b'data:{"a":1}\n\n', [ServerSentEvent(b'{"a":1}')]),
        (b"data: a\ndata: b\n\n", [ServerSentEvent(b"a\nb")]),
        (b"data:  a\n\n", [ServerSentEvent(b" a")]),
        (b"data: a\n\ndata: b\n\n", [ServerSentEvent(b"a"), ServerSentEvent(b"b")]),
        (b"\xef\xbb\xbfdata: a\n\n", [ServerSentEvent(b"a")]),
        (b"data: a\r\n\r\ndata: b\r\r", [ServerSentEvent(b"a"), ServerSentEvent(b"b")]),
        (b": comment\n\n:\n\n", []),
        (b": comment\ndata: a\n: again\n\n", [ServerSentEvent(b"a")]),
        (b"event: ping\ndata: a\n\ndata: b\n\n", [ServerSentEvent(b"a", "ping"), ServerSentEvent(b"b")]),
        (b"event: ping\n\ndata: b\n\n", [ServerSentEvent(b"b")]),
        (b"id: 1\nretry: 5\ndata: a\n\n", [ServerSentEvent(b"a")]),
        (b"data\n\ndata:\n\n", []),
        (b"data\ndata: a\n\n", [ServerSentEvent(b"\na")]),
        (b"\n\n\n", []),
        (b"", []),
        ("data: one\u2028two\u0085\n\n".encode(), [ServerSentEvent("one\u2028two\u0085".encode())]),
        (b"data: {}", [ServerSentEvent(b"{}")]),
        (b"data: {}\n", [ServerSentEvent(b"{}")]),
        (b"data: [DONE]", [ServerSentEvent(b"[DONE]")]),
        (b'data: {"a', [ServerSentEvent(b'{"a', cut=True)]),
        (b"[DONE]\n\n", [ServerSentEvent(b"[DONE]", bare=True)]),
        (b'data: a\n\n{"error":1}', [ServerSentEvent(b"a"), ServerSentEvent(b'{"error":1}', bare=True)]),
        (b'{\n "error": 1\n}\ndata: a\n\n', [ServerSentEvent(b'{\n "error": 1\n}', bare=True), ServerSentEvent(b"a")]),
    ],
)
def test_a_stream_is_cut_into_events_however_it_arrives(stream, events):
    assert decode(stream) == events
    assert decode(*(bytes((byte,)) for byte in stream)) == events


def test_a_carriage_return_and_its_line_feed_may_come_in_two_chunks():
    assert decode(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == [ServerSentEvent(b"a\nb")]


def test_a_character_may_be_split_anywhere():
    assert decode(b"data: \xc3", b"\xa9\xf0\x9f", b"\x9a", b"\x80\n\n") == [ServerSentEvent("é🚀".encode())]


def test_an_event_goes_out_with_the_chunk_that_ends_it():
    decoder = SSEDecoder()
    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == [ServerSentEvent(b"a")]
    assert decoder.feed(b"data: b\r\r") == [ServerSentEvent(b"b")]


@pytest.mark.parametrize(
    "stream", [b"data: " + b"a" * 200, b"data: a\n" * 40, b"x" * 200, b"data: aaaa\n" + b"y" * 200]
)
def test_an_event_over_its_limit_is_refused(stream):
    for chunks in ([stream], [bytes((byte,)) for byte in stream]):
        with pytest.raises(TooLarge):
            decode(*chunks, event_limit=150)


def test_a_line_over_the_limit_is_refused_before_it_ends():
    decoder = SSEDecoder(event_limit=150)
    with pytest.raises(TooLarge):
        for _ in range(10):
            decoder.feed(b"a" * 20)


def test_the_limit_is_for_one_event_and_not_for_all_of_them():
    assert len(decode(*[b"data: " + b"a" * 100 + b"\n\n"] * 50, event_limit=150)) == 50


def test_a_stream_over_the_total_limit_is_refused():
    with pytest.raises(TooLarge):
        decode(*[b": PING\n\n"] * 100, total_limit=500)


@given(data=scraps | st.binary(max_size=40), cuts=cuts)
@law(1500)
def test_any_bytes_give_the_same_events_however_cut(data, cuts):
    assert decode(*chunked(data, cuts)) == decode(data)


@given(
    payloads=st.lists(st.text("ab é\u2028{}:", min_size=1, max_size=8), max_size=5),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
    cuts=cuts,
)
@law(500)
def test_what_is_written_by_the_rules_is_read(payloads, end, cuts):
    stream = b"".join(b": c" + end + b"data: " + payload.encode() + end + end for payload in payloads)
    assert decode(*chunked(stream, cuts)) == [ServerSentEvent(payload.encode()) for payload in payloads]
