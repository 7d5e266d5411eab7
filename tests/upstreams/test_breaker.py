"""A key whose upstream fails again and again is left alone for a moment."""

import pytest

from apps.upstreams.breaker import FAILURES, PAUSE, Breaker
from apps.upstreams.client import Endpoint, UpstreamError, fetch_json, stream
from apps.wire.messages import HttpRequest

CHAT = HttpRequest(method="POST", path="/v1/chat/completions", body=b"{}")
GONE = {"error": {"message": "try later"}}


def failing(times: int, status: int = 503, **headers):
    """A script that fails so often and is well from then on; no retry within a call."""

    async def script(exchange):
        if exchange.number <= times:
            await exchange.json(GONE, status, retry_after="600", **headers)
        else:
            await exchange.json({"data": []})

    return script


async def call(server, key: str = "key-one", kind: str = "chat", name: str = "Test") -> str:
    """What the call came to: 'ok' or the kind of its failure."""
    try:
        async with stream(Endpoint(server.url, key=key, name=name), CHAT, kind=kind) as response:
            [_ async for _ in response.chunks()]
            return "ok"
    except UpstreamError as error:
        return error.kind


async def test_after_five_failures_in_a_row_the_upstream_is_not_asked_for_a_while(client, scripted):
    server = scripted(failing(99))
    assert [await call(server) for _ in range(FAILURES + 2)] == ["http"] * FAILURES + ["paused"] * 2
    assert len(server.requests) == FAILURES


async def test_the_refusal_says_when_it_is_tried_again(client, scripted):
    server = scripted(failing(99))
    for _ in range(FAILURES):
        await call(server)
    with pytest.raises(UpstreamError) as caught:
        async with stream(Endpoint(server.url, key="key-one", name="Test"), CHAT):
            pass
    error = caught.value
    assert "Test failed 5 times in a row" in str(error) and "30 seconds" in str(error)
    assert 0 < error.retry_after <= PAUSE and not error.sent and not error.retryable


async def test_another_key_of_the_same_upstream_is_not_paused(client, scripted):
    server = scripted(failing(FAILURES))
    for _ in range(FAILURES):
        await call(server)
    assert await call(server) == "paused"
    assert await call(server, key="key-two") == "ok"


async def test_a_success_between_failures_begins_the_count_anew(client, scripted):
    async def script(exchange):
        well = exchange.number == FAILURES
        await exchange.json({} if well else GONE, 200 if well else 503, retry_after="600")

    server = scripted(script)
    told = [await call(server) for _ in range(2 * FAILURES - 1)]
    assert "paused" not in told


async def test_a_refusal_that_no_retry_can_mend_is_no_failure_of_the_upstream(client, scripted):
    server = scripted(failing(99, status=401))
    assert [await call(server) for _ in range(FAILURES + 1)] == ["http"] * (FAILURES + 1)


async def test_the_administrator_s_test_is_let_through_and_ends_the_pause_if_it_succeeds(client, scripted):
    server = scripted(failing(FAILURES))
    for _ in range(FAILURES):
        await call(server)
    await fetch_json(Endpoint(server.url, key="key-one", name="Test"), "/v1/models", "check")
    assert await call(server) == "ok"


async def test_the_sandbox_fails_on_purpose_and_is_never_paused():
    breaker, error = Breaker(), UpstreamError("busy", kind="http", status=503, retryable=True)
    sandbox = Endpoint("http://sandbox.example", key="k", kind="sandbox")
    for _ in range(FAILURES + 1):
        breaker.failed(sandbox, error)
    breaker.refuse(sandbox)


def test_when_the_pause_is_over_calls_go_again_and_one_more_failure_pauses_at_once():
    now = [1000.0]
    breaker, endpoint = Breaker(lambda: now[0]), Endpoint("http://u.example", key="k")
    error = UpstreamError("busy", kind="http", status=503, retryable=True)
    for _ in range(FAILURES):
        breaker.refuse(endpoint)
        breaker.failed(endpoint, error)
    now[0] += PAUSE - 1
    with pytest.raises(UpstreamError, match="1 second"):
        breaker.refuse(endpoint)
    now[0] += 1
    breaker.refuse(endpoint)
    breaker.failed(endpoint, error)
    with pytest.raises(UpstreamError):
        breaker.refuse(endpoint)


def test_no_key_is_kept_in_clear():
    breaker = Breaker()
    breaker.failed(Endpoint("http://u.example", key="sk-secret"), UpstreamError("x", kind="http", retryable=True))
    assert "sk-secret" not in repr(vars(breaker))
