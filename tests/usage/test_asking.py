"""How an upstream is asked until its answer has ended: once more, changed, or every now and then."""

import asyncio
import contextlib
import json

import pytest

from apps.upstreams import client
from apps.upstreams.client import Endpoint, UpstreamError
from apps.upstreams.limits import kind_for, limits_of
from apps.usage import meter
from apps.wire import formats
from apps.wire.events import Failed, Finished, PartDelta
from apps.wire.messages import GenerationRequest, Message, Reasoning, Text
from apps.wire.transcript import Transcript
from tests.upstreams.scripted import Exchange, Scripted

RESPONSES = formats.get("openai_responses")
ITEM = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAA"}
HELLO = {"type": "message", "id": "msg_1", "content": [{"type": "output_text", "text": "Hello"}]}
DONE = {
    "id": "resp_1",
    "object": "response",
    "model": "m",
    "status": "completed",
    "background": True,
    "output": [HELLO],
}
QUEUED = {**DONE, "status": "queued", "output": []}
RUNNING = {**DONE, "status": "in_progress", "output": []}
FOREIGN = {"error": {"message": "The encrypted content could not be verified.", "code": "invalid_encrypted_content"}}
ASKED = Message("user", (Text("x"),))
THOUGHT = Message("assistant", (Reasoning("Hm.", opaque={"item": ITEM}), Text("a")))


@pytest.fixture
def serving(settings):
    """`serving(script)`: an upstream that follows the script, looked at again at once; ended with the test."""
    settings.UPSTREAM_POLL_SECONDS = 0
    running = contextlib.ExitStack()
    yield lambda script: running.enter_context(Scripted(script))
    running.close()


@pytest.fixture(autouse=True)
async def connections():
    yield
    await client.aclose()


def sse(*documents: dict) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


def event(name: str, **told) -> dict:
    return {"type": f"response.{name}", **told}


def request(**fields) -> GenerationRequest:
    return GenerationRequest(**{"model": "m", "messages": (ASKED, THOUGHT, ASKED), **fields})


def replying(*replies):
    """A script that gives one after the other: a document with its status, or a stream."""

    async def script(exchange: Exchange) -> None:
        found = replies[min(exchange.number, len(replies)) - 1]
        if isinstance(found, bytes):
            await exchange.reply(200, found, "text/event-stream")
        else:
            document, status = found if isinstance(found, tuple) else (found, 200)
            await exchange.json(document, status)

    return script


async def ask(server: Scripted, asked: GenerationRequest, on_retry=None) -> tuple[Transcript, meter.Measured]:
    transcript, measured = Transcript(), meter.Measured()
    batches = meter.events(Endpoint(server.url, "sk-test"), RESPONSES, asked, measured, on_retry=on_retry)
    async with contextlib.aclosing(batches):
        async for found in batches:
            for one in found:
                transcript.apply(one)
    return transcript, measured


def bodies(server: Scripted) -> list[dict]:
    return [json.loads(request.body) for request in server.requests]


async def test_what_was_refused_is_asked_once_more_without_it(serving):
    server = serving(replying((FOREIGN, 400), DONE))
    told = []
    transcript, measured = await ask(server, request(), lambda *retry: told.append(retry))
    assert transcript.parts == [Text("Hello")]
    assert [any(item.get("type") == "reasoning" for item in body["input"]) for body in bodies(server)] == [True, False]
    assert [(attempt, seconds) for attempt, seconds, _why in told] == [(1, 0)]
    assert (measured.retries, measured.status, measured.error) == (1, 200, "")


async def test_it_is_asked_once_more_and_not_again(serving):
    server = serving(replying((FOREIGN, 400), (FOREIGN, 400)))
    with pytest.raises(UpstreamError) as refused:
        await ask(server, request())
    assert (len(server.requests), refused.value.status) == (2, 400)


async def test_what_cannot_be_left_away_is_not_asked_again(serving):
    server = serving(replying(({"error": {"message": "Bad temperature.", "param": "temperature"}}, 400)))
    with pytest.raises(UpstreamError):
        await ask(server, request())
    assert len(server.requests) == 1


async def test_a_refusal_within_the_reply_is_asked_once_more_and_never_shown(serving):
    error = {"code": "previous_response_not_found", "message": "Previous response with id 'resp_0' not found."}
    failed = {"id": "resp_f", "model": "m", "status": "failed", "error": error}
    stream = sse(event("created", response={"id": "resp_f", "model": "m"}), event("failed", response=failed))
    server = serving(replying(stream, DONE))
    transcript, _measured = await ask(server, request(previous_id="resp_0"))
    assert (transcript.started.id, transcript.failed, transcript.parts) == ("resp_1", None, [Text("Hello")])
    assert [len(body["input"]) for body in bodies(server)] == [1, 4]


async def test_an_error_after_the_first_words_is_told_and_nothing_asked_again(serving):
    said = event("output_text.delta", item_id="msg_1", delta="Hel")
    server = serving(
        replying(sse(event("created", response=RUNNING | {"background": False}), said, {"type": "error", **FOREIGN}))
    )
    transcript, _measured = await ask(server, request())
    assert (transcript.parts, transcript.failed.code) == ([Text("Hel")], "invalid_encrypted_content")
    assert len(server.requests) == 1


async def test_a_model_that_does_not_stream_is_asked_for_a_whole_answer(serving):
    error = {"error": {"message": "This model does not support streaming.", "param": "stream"}}
    server = serving(replying((error, 400), DONE))
    transcript, _measured = await ask(server, request())
    assert transcript.parts == [Text("Hello")]
    assert [body.get("stream") for body in bodies(server)] == [True, None]


async def test_an_answer_in_the_background_is_looked_at_until_it_has_ended(serving):
    server = serving(replying(QUEUED, RUNNING, RUNNING, DONE))
    transcript, _measured = await ask(server, request(stream=False, parameters={"background": True}))
    assert (transcript.parts, transcript.finished) == ([Text("Hello")], Finished(raw="completed"))
    asked = [(request.method, request.path) for request in server.requests]
    assert asked == [("POST", "/v1/responses"), *[("GET", "/v1/responses/resp_1")] * 3]
    assert {request.headers["authorization"] for request in server.requests} == {"Bearer sk-test"}


async def test_a_stream_that_breaks_goes_on_in_the_background_where_it_stopped(serving):
    async def script(exchange: Exchange) -> None:
        if exchange.number > 1:
            await exchange.json(DONE)
            return
        await exchange.begin_stream()
        delta = event("output_text.delta", item_id="msg_1", delta="Hel")
        await exchange.chunk(sse(event("created", response=RUNNING), delta))
        exchange.cut()

    server = serving(script)
    transcript, _measured = await ask(server, request(parameters={"background": True}))
    assert (transcript.parts, transcript.finished) == ([Text("Hello")], Finished(raw="completed"))


TOLD = [
    event("created", sequence_number=0, response=RUNNING),
    event("output_text.delta", sequence_number=1, item_id="msg_1", delta="Hel"),
    event("output_text.delta", sequence_number=2, item_id="msg_1", delta="l"),
    event("output_text.delta", sequence_number=3, item_id="msg_1", delta="o"),
    event("completed", sequence_number=4, response=DONE),
]


def breaking_off(*goes_on):
    """The stream breaks in the middle of its third event; then each look is answered by one of those."""

    async def script(exchange: Exchange) -> None:
        if exchange.number > 1:
            await goes_on[min(exchange.number - 2, len(goes_on) - 1)](exchange)
            return
        await exchange.begin_stream()
        await exchange.chunk(sse(*TOLD[:2]) + sse(TOLD[2])[:-20])
        exchange.cut()

    return script


def streaming(*told, then_cut: bool = False):
    async def script(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk(sse(*told))
        if then_cut:
            exchange.cut()
        else:
            await exchange.end_stream()

    return script


def refused(status: int):
    return lambda exchange: exchange.json({"error": {"message": "No."}}, status)


@pytest.mark.parametrize(
    ("goes_on", "looks"),
    [
        ([streaming(*TOLD[2:])], ["?stream=true&starting_after=1"]),
        (
            [streaming(*TOLD[2:3], then_cut=True), streaming(*TOLD[3:])],
            ["?stream=true&starting_after=1", "?stream=true&starting_after=2"],
        ),
        ([streaming(*TOLD)], ["?stream=true&starting_after=1"]),
        ([refused(404), lambda exchange: exchange.json(DONE)], ["?stream=true&starting_after=1", ""]),
        (
            [lambda exchange: exchange.json(RUNNING), lambda exchange: exchange.json(DONE)],
            ["?stream=true&starting_after=1", ""],
        ),
        ([streaming(then_cut=True), lambda exchange: exchange.json(DONE)], ["?stream=true&starting_after=1", ""]),
    ],
    ids=[
        "it goes on",
        "it breaks again",
        "all of it is told again",
        "it is not there",
        "it is only looked at",
        "nothing comes",
    ],
)
async def test_a_stream_of_the_background_goes_on_behind_its_last_event_or_is_looked_at(serving, goes_on, looks):
    server = serving(breaking_off(*goes_on))
    transcript, _measured = await ask(server, request(parameters={"background": True}))
    assert (transcript.parts, transcript.finished) == ([Text("Hello")], Finished(raw="completed"))
    assert transcript.unrecognized == []
    assert [one.path for one in server.requests[1:]] == [f"/v1/responses/resp_1{look}" for look in looks]


async def test_a_stream_that_breaks_in_the_foreground_is_an_error_and_keeps_what_came(serving):
    async def script(exchange: Exchange) -> None:
        await exchange.begin_stream()
        delta = event("output_text.delta", item_id="msg_1", delta="Hel")
        await exchange.chunk(sse(event("created", response=RUNNING | {"background": False}), delta))
        exchange.cut()

    found = []
    server = serving(script)
    with pytest.raises(UpstreamError, match="broke"):
        async for events in meter.events(Endpoint(server.url), RESPONSES, request(), meter.Measured()):
            found += events
    assert PartDelta(0, "Hel") in found


async def test_a_background_answer_that_fails_says_why(serving):
    failed = {**DONE, "status": "failed", "output": [], "error": {"code": "server_error", "message": "Gone."}}
    transcript, _measured = await ask(serving(replying(QUEUED, failed)), request())
    assert transcript.failed == Failed("Gone.", code="server_error", retryable=True)


async def test_an_answer_that_nobody_knows_any_more_is_an_error_and_cancelled(serving):
    server = serving(replying(QUEUED, ({"error": {"message": "Response not found."}}, 404)))
    with pytest.raises(UpstreamError) as lost:
        await ask(server, request())
    assert lost.value.status == 404
    assert server.requests[-1].path == "/v1/responses/resp_1/cancel"


def cancelled(server: Scripted) -> list[str]:
    return [request.method for request in server.requests if request.path == "/v1/responses/resp_1/cancel"]


async def stop(task: asyncio.Task) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_stop_cancels_a_stream_that_would_go_on_in_the_background(serving):
    async def script(exchange: Exchange) -> None:
        if exchange.number > 1:
            await exchange.json({**DONE, "status": "cancelled"})
            return
        await exchange.begin_stream()
        delta = event("output_text.delta", item_id="msg_1", delta="Hel")
        await exchange.chunk(sse(event("created", response=RUNNING), delta))
        await exchange.client_left()

    async def read() -> None:
        batches = meter.events(Endpoint(server.url), RESPONSES, request(), meter.Measured())
        async with contextlib.aclosing(batches):
            async for _found in batches:
                begun.set()

    server, begun = serving(script), asyncio.Event()
    task = asyncio.create_task(read())
    await begun.wait()
    await stop(task)
    assert cancelled(server) == ["POST"]


async def test_stop_cancels_what_is_looked_at_in_the_background(serving):
    loop, looked = asyncio.get_running_loop(), asyncio.Event()

    async def script(exchange: Exchange) -> None:
        if exchange.number > 2:
            loop.call_soon_threadsafe(looked.set)
        await exchange.json(QUEUED)

    server = serving(script)
    task = asyncio.create_task(ask(server, request(stream=False)))
    await looked.wait()
    await stop(task)
    assert cancelled(server) == ["POST"]


async def test_stop_of_an_answer_in_the_foreground_only_closes_the_connection(serving):
    async def script(exchange: Exchange) -> None:
        await exchange.begin_stream()
        delta = event("output_text.delta", item_id="msg_1", delta="Hel")
        await exchange.chunk(sse(event("created", response=RUNNING | {"background": False}), delta))
        await exchange.client_left()

    server = serving(script)
    batches = meter.events(Endpoint(server.url), RESPONSES, request(), meter.Measured())
    await anext(batches)
    await batches.aclose()
    assert len(server.requests) == 1


async def test_a_background_answer_ends_with_the_time_for_all_of_it(serving, settings):
    settings.UPSTREAM_LONG_SECONDS, settings.UPSTREAM_POLL_SECONDS = 100, 1000
    server = serving(replying(QUEUED))
    with pytest.raises(UpstreamError) as late:
        await ask(server, request(parameters={"background": True}, stream=False))
    assert late.value.kind == "total_timeout"
    assert server.requests[-1].path.endswith("/cancel")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"model": "gpt-4.1"}, "chat"),
        ({"model": "gpt-4.1", "stream": False}, "long"),
        ({"model": "gpt-4.1", "parameters": {"background": True}}, "long"),
        ({"model": "o3-pro"}, "long"),
        ({"model": "openai/gpt-5.2-pro-2025-12-11"}, "long"),
        ({"model": "o4-mini-deep-research"}, "long"),
        ({"model": "gemini-2.5-pro"}, "chat"),
    ],
)
def test_models_that_think_long_are_waited_for(fields, kind):
    assert kind_for(request(**fields), "chat") == kind
    assert kind_for(request(**fields), "check") == "check"


def test_a_long_call_may_be_silent_for_longer_than_others(settings):
    settings.UPSTREAM_LONG_SECONDS = 900
    assert (limits_of("long").first_byte, limits_of("long").idle, limits_of("long").total) == (900, 900, 1800)
    assert limits_of("poll").unsafe
