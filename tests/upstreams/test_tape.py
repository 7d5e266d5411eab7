"""What the client notes of a call: everything that was sent and that came, and when."""

import tracemalloc

import pytest

from apps.upstreams.client import Endpoint, UpstreamError, stream
from apps.upstreams.tape import BLOCK, MOST_EXCHANGES, NoTape, Tape
from apps.wire.messages import HttpRequest

CHAT = HttpRequest(method="POST", path="/v1/chat/completions", headers={"x-extra": "1"}, body=b'{"a": 1}')


async def heard(server, tape: Tape) -> bytes:
    async with stream(Endpoint(server.url, key="sk-0123456789"), CHAT, tape=tape) as response:
        return b"".join([chunk async for chunk in response.chunks()])


async def test_a_stream_is_noted_chunk_by_chunk_with_its_head_and_what_was_sent(client, scripted):
    async def script(exchange):
        await exchange.begin_stream()
        for piece in (b"data: 1\n\n", b"data: 2\n\n"):
            await exchange.chunk(piece)
        await exchange.end_stream()

    server, tape = scripted(script), Tape(1000)
    body = await heard(server, tape)
    (exchange,) = tape.exchanges
    assert b"".join(exchange.chunks) == body == b"data: 1\n\ndata: 2\n\n"
    assert (exchange.method, exchange.url, exchange.body) == ("POST", f"{server.url}/v1/chat/completions", CHAT.body)
    assert exchange.headers["authorization"] == "Bearer sk-0123456789" and exchange.headers["x-extra"] == "1"
    assert (exchange.status, exchange.reply_headers["x-request-id"]) == (200, "req-1")
    times = [exchange.began, exchange.answered, *exchange.times, exchange.ended]
    assert times == sorted(times) and len(exchange.times) == len(exchange.chunks)


async def test_each_attempt_is_noted_with_the_reason_of_the_next(client, scripted):
    async def script(exchange):
        if exchange.number == 1:
            await exchange.json({"error": {"message": "slow down"}}, 429, retry_after="0.01")
        else:
            await exchange.json({"fine": True})

    tape = Tape(1000)
    await heard(scripted(script), tape)
    first, second = tape.exchanges
    assert (first.status, second.status) == (429, 200)
    assert b"slow down" in b"".join(first.chunks)
    assert "429" in first.error and first.pause == 0.01
    assert (second.error, second.pause) == ("", 0)


async def test_what_never_reached_an_upstream_is_noted_too(client):
    tape = Tape(1000)
    with pytest.raises(UpstreamError):
        async with stream(Endpoint("http://127.0.0.1:9"), CHAT, tape=tape):
            pass
    assert [exchange.status for exchange in tape.exchanges] == [0] * len(tape.exchanges)
    assert tape.exchanges[-1].error


def test_beyond_its_room_a_tape_only_counts():
    tape = Tape(10)
    tape.send("GET", "http://example.org", {}, b"")
    for chunk in (b"123456", b"789012", b"3"):
        tape.hear(chunk)
    assert tape.exchanges[0].chunks == [b"123456"]
    assert (tape.missed_chunks, tape.missed_bytes) == (2, 7)


@pytest.mark.parametrize("size", [1, 250, BLOCK, 70_000])
def test_chunks_come_back_as_they_came_however_many_were_pressed(size):
    tape, chunks = (
        Tape(100 * 1024 * 1024),
        [bytes([number % 251]) * (size + number % 7) for number in range(3 * BLOCK + 5)],
    )
    tape.send("GET", "http://example.org", {}, b"")
    for chunk in (*chunks, b""):
        tape.hear(chunk)
    assert tape.exchanges[0].chunks == [*chunks, b""]
    assert len(tape.exchanges[0].times) == len(chunks) + 1


def test_a_tape_of_a_stream_takes_far_less_room_than_the_stream():
    tape = Tape(100 * 1024 * 1024)
    tape.send("GET", "http://example.org", {}, b"")
    tracemalloc.start()
    for number in range(100 * BLOCK):
        tape.hear(b'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"%d"}}]}\n\n' % number)
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < sum(map(len, tape.exchanges[0].chunks)) / 2


def test_beyond_a_hundred_exchanges_a_tape_only_counts():
    tape = Tape(10)
    for _look in range(MOST_EXCHANGES + 2):
        tape.send("GET", "http://example.org", {}, b"")
    assert (len(tape.exchanges), tape.missed_exchanges) == (MOST_EXCHANGES, 2)


def test_no_tape_keeps_nothing():
    tape = NoTape()
    tape.send("GET", "http://example.org", {}, b"")
    tape.answer(200, {})
    tape.hear(b"1")
    tape.end()
    assert not tape.exchanges
