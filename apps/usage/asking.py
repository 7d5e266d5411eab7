"""Asking an upstream until its answer has ended: once more where it refused something that can be left away, and
every few seconds where it answers in the background.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from django.conf import settings

from apps.upstreams.client import Endpoint, Response, UpstreamError, stream
from apps.upstreams.failures import timed_out
from apps.upstreams.limits import kind_for, limits_of
from apps.upstreams.tape import Tape
from apps.wire.events import Event, Failed, PartStarted
from apps.wire.formats import EventDecoder, Format
from apps.wire.messages import GenerationRequest, HttpRequest

CANCEL_SECONDS = 5
MOST_HELD = 50
BROKEN_OFF = {"cut", "idle_timeout"}

Batches = AsyncGenerator[list[Event]]


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach who answers. `answered` is told of each reply, `retried(attempt, seconds, why)` of each new try."""

    endpoint: Endpoint
    wire: Format
    kind: str
    tape: Tape
    answered: Callable[[Response], None]
    retried: Callable[[int, float, str], None]


async def answer(way: Way, request: GenerationRequest) -> Batches:
    """The answer's events, those of one chunk at a time. Raises UpstreamError and WireError.

    They are kept back until a part has begun: what is refused within the reply is refused as a whole.
    """
    held: list[Event] | None = []
    better: GenerationRequest | None = None
    try:
        async with aclosing(_once(way, request)) as batches:
            async for found in batches:
                if held is None:
                    yield found
                    continue
                held += found
                if better := _better(way, request, held):
                    break
                if len(held) > MOST_HELD or any(isinstance(event, PartStarted) for event in found):
                    yield held
                    held = None
    except UpstreamError as error:
        better = way.wire.amend(request, error.reported) if error.reported and held is not None else None
        if better is None:
            if held:
                yield held
            raise
        way.retried(1, 0, str(error))
    if better is not None:
        async with aclosing(_once(way, better)) as batches:
            async for found in batches:
                yield found
    elif held:
        yield held


def _better(way: Way, request: GenerationRequest, events: list[Event]) -> GenerationRequest | None:
    """What to ask instead, if that is all there is to the answer: an error that can be avoided."""
    failed = events[-1] if events else None
    if not isinstance(failed, Failed) or any(isinstance(event, PartStarted) for event in events):
        return None
    better = way.wire.amend(request, failed)
    if better is not None:
        way.retried(1, 0, failed.message)
    return better


async def _once(way: Way, request: GenerationRequest) -> Batches:
    """One request, and all looks at its answer. Closing it ends the answer, also where it is made in the background.

    A stream that was cut goes on where it stopped, if the upstream does that; otherwise the answer is looked at.
    """
    asked, patience = way.wire.build(request), kind_for(request, way.kind)
    sent, kind, limit, resumes = asked, patience, limits_of(patience).total, False
    ends = asyncio.get_running_loop().time() + limit
    decoder: EventDecoder | None = None
    try:
        while True:
            try:
                async with stream(way.endpoint, sent, kind=kind, on_retry=way.retried, tape=way.tape) as reply:
                    if decoder is None:
                        way.answered(reply)
                        decoder = way.wire.Decoder(reply.content_type)
                    async for chunk in reply.chunks():
                        if found := decoder.feed(chunk):
                            yield found
                        if decoder.done:
                            break
                    yield decoder.finish()
            except UpstreamError as error:
                if decoder is None or not decoder.poll or not (resumes or error.kind in BROKEN_OFF):
                    raise
                yield decoder.finish()
            if not decoder.poll:
                return
            if asyncio.get_running_loop().time() + settings.UPSTREAM_POLL_SECONDS > ends:
                raise timed_out(way.endpoint, "total_timeout", limit)
            if resumes := bool(decoder.resume):
                sent, kind = _look(asked, decoder.resume, "text/event-stream"), patience
                continue
            await asyncio.sleep(settings.UPSTREAM_POLL_SECONDS)
            sent, kind = _look(asked, decoder.poll, "application/json"), "poll"
    except (asyncio.CancelledError, GeneratorExit, UpstreamError):
        if decoder and decoder.poll:
            await _cancel(way, asked, decoder.poll)
        raise


def _look(asked: HttpRequest, path: str, accept: str) -> HttpRequest:
    return HttpRequest("GET", path, {"Accept": accept}, key_as=asked.key_as)


async def _cancel(way: Way, asked: HttpRequest, path: str) -> None:
    """Tells the upstream that nobody waits any more. Whether it listens changes nothing for us."""
    request = HttpRequest("POST", f"{path}/cancel", {"Accept": "application/json"}, key_as=asked.key_as)
    try:
        async with asyncio.timeout(CANCEL_SECONDS), stream(way.endpoint, request, kind="check", tape=way.tape):
            pass
    except (UpstreamError, TimeoutError):
        return
