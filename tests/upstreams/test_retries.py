"""When a call is made again, and when never."""

import pytest

from apps.upstreams.client import Endpoint, UpstreamError, fetch_json, stream
from apps.upstreams.limits import Limits
from apps.upstreams.retries import pause
from apps.wire.messages import HttpRequest
from tests.processes import free_port
from tests.upstreams.scripted import always

CHAT = HttpRequest(method="POST", path="/v1/chat/completions", body=b"{}")
BUSY = {"error": {"message": "slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}
OVERLOADED = {"error": {"message": "try later"}}


def replies(*answers):
    """A script that goes through (status, document, headers) and stays at the last."""

    async def script(exchange):
        status, document, headers = answers[min(exchange.number, len(answers)) - 1]
        await exchange.json(document, status, **headers)

    return script


async def call(server, retries: list | None = None):
    seen = retries if retries is not None else []
    told = lambda *retry: seen.append(retry)  # noqa: E731
    async with stream(Endpoint(server.url, name="Test"), CHAT, on_retry=told) as response:
        return [chunk async for chunk in response.chunks()], response.attempts


async def refused(server) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        await call(server)
    return caught.value


async def test_too_many_requests_are_repeated_after_the_time_asked_for(client, scripted):
    server = scripted(replies((429, BUSY, {"retry_after": "0.1"}), (200, {}, {})))
    retries = []
    assert await call(server, retries) == ([b"{}"], 2)
    ((attempt, seconds, why),) = retries
    assert (attempt, seconds) == (1, 0.1)
    assert "429" in why


async def test_a_wait_of_more_than_two_minutes_is_told_and_not_waited(client, scripted):
    server = scripted(replies((429, BUSY, {"retry_after": "600"})))
    error = await refused(server)
    assert (error.retry_after, len(server.requests)) == (600, 1)
    assert "600 s" in str(error)


async def test_an_overloaded_upstream_is_asked_three_times_in_all(client, scripted):
    server = scripted(replies((503, OVERLOADED, {"retry_after": "0.01"})))
    assert (await refused(server)).status == 503
    assert len(server.requests) == 3


async def test_an_internal_error_is_repeated_once(client, scripted):
    server = scripted(replies((500, OVERLOADED, {"retry_after": "0.01"})))
    await refused(server)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((400, ""), (401, ""), (403, "insufficient_user_quota"), (404, ""), (422, "")),
        *((429, "insufficient_quota"), (503, "model_not_found"), (500, "sensitive_words_detected"), (501, "")),
    ],
)
async def test_what_would_fail_again_is_not_repeated(client, scripted, status, code):
    server = scripted(replies((status, {"error": {"message": "no", "code": code}}, {})))
    assert (await refused(server)).status == status
    assert len(server.requests) == 1


async def test_the_upstreams_own_word_on_retrying_wins(client, scripted):
    server = scripted(replies((503, OVERLOADED, {"x_should_retry": "false"})))
    await refused(server)
    assert len(server.requests) == 1


async def test_nothing_is_repeated_after_the_first_byte(client, scripted):
    async def script(exchange):
        await exchange.begin_stream()
        await exchange.chunk(b"a")
        exchange.cut()

    server = scripted(script)
    await refused(server)
    assert len(server.requests) == 1


async def test_a_request_that_died_on_a_fresh_connection_may_have_been_counted_and_is_not_repeated(client, scripted):
    async def script(exchange):
        exchange.cut()

    server = scripted(script)
    error = await refused(server)
    assert (error.kind, error.sent, len(server.requests)) == ("cut", True, 1)


async def test_a_kept_connection_that_the_upstream_has_closed_is_replaced_at_once(client, scripted):
    """As after a restart: the first request uses the connection up, the second finds it dead."""

    async def script(exchange):
        if exchange.number == 2:
            exchange.cut()
        else:
            await exchange.json({})

    server = scripted(script)
    retries = []
    await call(server)
    assert await call(server, retries) == ([b"{}"], 2)
    assert (retries, len(server.requests), server.connections) == ([], 3, 2)


async def test_an_error_cut_short_on_a_kept_connection_is_not_mistaken_for_a_dead_one(client, scripted):
    async def script(exchange):
        if exchange.number == 1:
            await exchange.json({})
        else:
            await exchange.head(400, content_type="application/json", content_length="1000")
            exchange.cut()

    server = scripted(script)
    await call(server)
    await refused(server)
    assert len(server.requests) == 2


async def test_a_second_dead_connection_is_an_error(client, scripted):
    async def script(exchange):
        if exchange.number == 1:
            await exchange.json({})
        else:
            exchange.cut()

    server = scripted(script)
    await call(server)
    assert (await refused(server)).kind == "cut"


async def test_a_refused_connection_is_tried_again(client):
    retries = []
    endpoint = Endpoint(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(UpstreamError):
        async with stream(endpoint, CHAT, on_retry=lambda *retry: retries.append(retry[0])):
            pass
    assert retries == [1, 2]


async def test_reading_a_list_may_be_repeated_even_after_a_cut(client, scripted):
    async def script(exchange):
        if exchange.number < 3:
            exchange.cut()
        else:
            await exchange.json([1])

    assert await fetch_json(Endpoint(scripted(script).url), "/v1/models") == [1]


async def test_a_test_that_somebody_waits_for_is_not_repeated(client, scripted):
    server = scripted(always(OVERLOADED, status=503))
    with pytest.raises(UpstreamError):
        await fetch_json(Endpoint(server.url), "/v1/models", kind="check")
    assert len(server.requests) == 1


def test_the_pause_grows_and_is_capped():
    busy = UpstreamError("busy", kind="http", status=503, retryable=True)
    patient = Limits(retries=9)
    pauses = [pause(busy, attempt, patient) for attempt in range(9)]
    assert 0.375 <= pauses[0] <= 0.5
    assert 0.75 <= pauses[1] <= 1.0
    assert max(pauses) <= 8.0
