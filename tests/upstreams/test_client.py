"""What the client does with a stream: bytes as they come, limits, and an end that reaches the upstream."""

import asyncio
import threading

import pytest

from apps.upstreams.client import Endpoint, UpstreamError, fetch_json, stream
from apps.wire.messages import HttpRequest
from tests.processes import free_port
from tests.upstreams.scripted import always

KEY = "sk-test-0123456789abcdef"
CHAT = HttpRequest(method="POST", path="/v1/chat/completions", body=b'{"model":"m"}')


def endpoint(server) -> Endpoint:
    return Endpoint(server.url, key=KEY, name="Test")


async def read(server, **options) -> bytes:
    async with stream(endpoint(server), CHAT, **options) as response:
        return b"".join([chunk async for chunk in response.chunks()])


async def fails(at, request=CHAT, **options) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        async with stream(at, request, **options) as response:
            async for _chunk in response.chunks():
                pass
    assert KEY not in caught.value.whole()
    return caught.value


async def test_a_stream_is_given_on_as_raw_bytes_while_it_arrives(client, scripted):
    gate = threading.Event()

    async def script(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"data: \xe2\x80")
        await asyncio.to_thread(gate.wait, 60)
        await exchange.chunk(b"\xa8\n\n")
        await exchange.end_stream()

    async with stream(endpoint(scripted(script)), CHAT) as response:
        chunks = response.chunks()
        assert await anext(chunks) == b"data: \xe2\x80"
        gate.set()
        assert await anext(chunks) == b"\xa8\n\n"
        assert (response.status, response.content_type) == (200, "text/event-stream")
        assert (response.request_id, response.attempts) == ("req-1", 1)


async def test_the_request_carries_the_key_and_asks_for_an_uncompressed_event_stream(client, scripted):
    server = scripted(always({}))
    await read(server)
    headers = server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["accept"].startswith("text/event-stream")
    assert (headers["accept-encoding"], headers["content-type"]) == ("identity", "application/json")
    assert server.requests[0].body == CHAT.body


async def test_leaving_the_response_closes_the_connection_so_that_the_upstream_stops(client, scripted):
    async def endless(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"data: 1\n\n")
        await exchange.client_left()
        exchange.closing = True

    server = scripted(endless)
    with pytest.raises(asyncio.CancelledError):
        async with stream(endpoint(server), CHAT) as response:
            await anext(response.chunks())
            raise asyncio.CancelledError
    assert await asyncio.to_thread(server.left.wait, 60)


async def test_a_stream_read_to_its_marker_leaves_the_connection_for_the_next_call(client, scripted):
    async def script(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"data: [DONE]\n\n")
        await exchange.end_stream()

    server = scripted(script)
    for _turn in range(3):
        async with stream(endpoint(server), CHAT) as response:
            await anext(response.chunks())
    assert (len(server.requests), server.connections) == (3, 1)


async def test_more_than_a_hundred_streams_run_side_by_side(client, scripted):
    everybody = asyncio.Barrier(120)

    async def script(exchange):
        await everybody.wait()
        await exchange.json({})

    server = scripted(script)
    assert await asyncio.gather(*(read(server) for _ in range(120))) == [b"{}"] * 120


async def test_cookies_of_one_call_are_not_sent_with_another(client, scripted):
    server = scripted(always({}, set_cookie="who=alice; Path=/"))
    await read(server)
    await read(server)
    assert "cookie" not in server.requests[1].headers


async def test_silence_before_the_first_byte_ends_the_call(client, scripted, settings):
    settings.UPSTREAM_FIRST_BYTE_SECONDS = 0.3
    server = scripted(lambda exchange: exchange.client_left())
    error = await fails(endpoint(server))
    assert (error.kind, error.sent) == ("first_byte_timeout", True)
    assert "0.3 s" in str(error)
    assert len(server.requests) == 1


async def test_a_head_without_a_body_counts_as_silence_too(client, scripted, settings):
    settings.UPSTREAM_FIRST_BYTE_SECONDS = 0.3

    async def script(exchange):
        await exchange.begin_stream()
        await exchange.client_left()

    assert (await fails(endpoint(scripted(script)))).kind == "first_byte_timeout"


async def test_silence_in_the_middle_ends_the_stream_and_keeps_what_came(client, scripted, settings):
    settings.UPSTREAM_IDLE_SECONDS = 0.3

    async def script(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"kept")
        await exchange.client_left()

    got = []
    with pytest.raises(UpstreamError) as caught:
        async with stream(endpoint(scripted(script)), CHAT) as response:
            got.append(await anext(response.chunks()))
            await anext(response.chunks())
    assert (got, caught.value.kind) == ([b"kept"], "idle_timeout")
    assert asyncio.current_task().cancelling() == 0


async def test_a_reader_that_takes_its_time_is_not_the_upstream_being_silent(client, scripted, settings):
    settings.UPSTREAM_IDLE_SECONDS = 0.2
    settings.UPSTREAM_FIRST_BYTE_SECONDS = 0.3

    async def script(exchange):
        await exchange.begin_stream()
        for _ in range(3):
            await exchange.chunk(b"x")
        await exchange.end_stream()

    got = b""
    async with stream(endpoint(scripted(script)), CHAT) as response:
        async for chunk in response.chunks():
            got += chunk
            await asyncio.sleep(0.5)
    assert got == b"xxx"


async def test_stopping_is_not_mistaken_for_a_time_limit(client, scripted):
    asked = threading.Event()

    async def script(exchange):
        await exchange.begin_stream()
        asked.set()
        await exchange.client_left()

    task = asyncio.create_task(read(scripted(script)))
    await asyncio.to_thread(asked.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cut_in_the_middle_is_told_and_never_repeated(client, scripted):
    async def script(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"half")
        exchange.cut()

    server = scripted(script)
    error = await fails(endpoint(server))
    assert (error.kind, error.sent, len(server.requests)) == ("cut", True, 1)


async def test_a_refused_port_says_so(client):
    error = await fails(Endpoint(f"http://127.0.0.1:{free_port()}"), kind="check")
    assert (error.kind, error.sent) == ("refused", False)
    assert "refused the connection" in str(error)


async def test_a_name_that_does_not_exist_says_so(client):
    error = await fails(Endpoint("http://nosuch.invalid"), kind="check")
    assert (error.kind, error.sent) == ("dns", False)
    assert "nosuch.invalid could not be found" in str(error)


async def test_a_certificate_that_nobody_vouches_for_is_refused(client, scripted, self_signed):
    server = scripted(always({}), tls=self_signed)
    error = await fails(endpoint(server), kind="chat")
    assert (error.kind, error.sent, server.requests) == ("tls", False, [])
    assert "certificate" in str(error)


async def test_something_that_does_not_speak_http_is_named(client, scripted):
    async def script(exchange):
        await exchange.send(b"SSH-2.0-OpenSSH\r\n\r\n")

    assert (await fails(endpoint(scripted(script)))).kind == "not_http"


async def test_a_redirect_is_told_and_not_followed_with_the_key(client, scripted):
    elsewhere = scripted(always({}))
    server = scripted(always({}, status=302, location=f"{elsewhere.url}/v1/chat/completions"))
    error = await fails(endpoint(server))
    assert error.kind == "redirect"
    assert elsewhere.url in str(error)
    assert elsewhere.requests == []


async def test_an_error_reply_keeps_the_upstreams_words_and_request_id_but_no_key(client, scripted):
    told = {"error": {"message": f"Incorrect API key provided: {KEY}", "type": "invalid_request_error", "code": "x"}}
    error = await fails(endpoint(scripted(always(told, status=401, x_oneapi_request_id="2025-1"))))
    assert (error.kind, error.status, error.request_id, error.code) == ("http", 401, "2025-1", "x")
    assert error.upstream_says.startswith("Incorrect API key provided: ")
    assert "refused the key" in str(error)


async def test_a_key_of_any_shape_is_taken_out_of_what_the_upstream_says(client, scripted):
    server = scripted(always({"error": {"message": "bad key: plain-0123456789"}}, status=401))
    error = await fails(Endpoint(server.url, key="plain-0123456789"))
    assert error.upstream_says == "bad key: …"


async def test_a_key_that_fits_no_header_is_a_sentence(client, scripted):
    error = await fails(Endpoint(scripted(always({})).url, key="sk-…\n"))
    assert (error.kind, error.sent) == ("address", False)


async def test_an_endpoint_with_a_problem_is_never_called(client, scripted):
    server = scripted(always({}))
    assert str(await fails(Endpoint(server.url, problem="The stored key cannot be read."))).startswith("The stored key")
    assert server.requests == []


async def test_a_web_page_instead_of_json_is_named_and_not_shown(client, scripted):
    async def script(exchange):
        await exchange.reply(200, b"<!doctype html><h1>Sign in</h1>", kind="text/html")

    with pytest.raises(UpstreamError, match="web page instead of JSON") as caught:
        await fetch_json(endpoint(scripted(script)), "/v1/models")
    assert "<h1>" not in caught.value.whole()


async def test_a_document_without_end_is_not_read_to_its_end(client, scripted):
    async def script(exchange):
        await exchange.head(content_type="application/json", content_length=str(2**40))
        while True:
            await exchange.send(b" " * 2**20)

    with pytest.raises(UpstreamError) as caught:
        await fetch_json(endpoint(scripted(script)), "/v1/models")
    assert caught.value.kind == "too_large"


@pytest.fixture
def proxy(scripted, monkeypatch):
    server = scripted(always({"from": "proxy"}))
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, server.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "direct.invalid")
    return server


async def test_the_environments_proxy_is_used_where_it_is_meant_to_be(client, scripted, proxy, settings):
    assert await fetch_json(Endpoint("http://gw.invalid"), "/v1/models") == {"from": "proxy"}
    assert proxy.requests[0].path == "http://gw.invalid/v1/models"
    assert await fetch_json(Endpoint(scripted(always([])).url), "/v1/models") == []
    assert (await fails(Endpoint("http://direct.invalid"), kind="check")).kind == "dns"
    settings.UPSTREAM_PROXIES = False
    assert (await fails(Endpoint("http://gw.invalid"), kind="check")).kind == "dns"
    assert len(proxy.requests) == 1
