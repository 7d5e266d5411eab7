"""Asking an upstream to make something: the media twin of `meter.events`.

A job has one Call for each request that it takes, mostly one. It is opened before the submit, which is what costs, and
settled by the upstream's last word on it.
Looks at the task and files that are fetched cost nothing: they are exchanges in the wire record of the last Call, so
that the inspector shows the whole way from the request to the file. Of a file only its size is kept there.
"""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from apps.upstreams.client import Endpoint, Response, UpstreamError, own_connections, stream
from apps.upstreams.failures import too_much
from apps.upstreams.tape import Tape
from apps.wire.media.dialect import Dialect, Reader
from apps.wire.media.shapes import MediaEvent, MediaReply, MediaRequest, Replied
from apps.wire.messages import HttpRequest, Usage
from apps.work import storable
from apps.work.database import writing

from . import records, rollup
from .budgets import reservations
from .meter import LARGEST, Measured, costing, tokens_of, why
from .models import Call
from .prices import cost_of, cost_of_units

# The largest answer that is read: a few large pictures in base64.
MOST_BYTES = 256 * 1024 * 1024
MOST_WORDS = 64 * 1024
MOST_UNITS = 1e9  # beyond it the ledger has no place: what was asked for counts


async def submitted(
    endpoint: Endpoint,
    dialect: Dialect,
    request: MediaRequest,
    asked: HttpRequest,
    measured: Measured,
    *,
    answered: Callable[[str], None],
) -> AsyncGenerator[list[MediaEvent]]:
    """What comes of the request, `asked` as the dialect built it; the last event is `Replied`. `answered` is told the
    content type of the reply.

    It is sent once and never again once the upstream may have seen it: on a connection of its own, as one that was
    kept may have been closed without our knowing. Wrap it in `contextlib.aclosing`. Raises UpstreamError and WireError.
    """
    tape = measured.take.begin(endpoint.key, request)
    try:
        async with own_connections(), stream(endpoint, asked, kind="make", tape=tape) as reply:
            measured.status, measured.request_id = reply.status, reply.request_id
            answered(reply.content_type)
            async for events in _read(endpoint, reply, dialect.reader(reply.content_type, request)):
                measured.token_seen()
                yield events
    except UpstreamError as error:
        measured.status, measured.request_id = error.status or measured.status, error.request_id or measured.request_id
        measured.error, measured.cause = str(error), error.kind
        tape.fail(str(error))
        raise


async def looked_at(endpoint: Endpoint, dialect: Dialect, remote_id: str, measured: Measured) -> MediaReply:
    """What the upstream says of the task now. Raises UpstreamError and WireError."""
    if dialect.poll is None or dialect.poll_reader is None:
        raise ValueError(f"{dialect.name} has no tasks")
    tape = measured.take.begin(endpoint.key, None)
    async with stream(endpoint, dialect.poll(remote_id), kind="look", tape=tape) as reply:
        measured.status, measured.request_id = reply.status, reply.request_id
        return await _whole(endpoint, reply, dialect.poll_reader(reply.content_type))


async def stepped(endpoint: Endpoint, asked: HttpRequest, reader: Reader, tape: Tape) -> MediaReply:
    """The answer to a step that costs nothing and may be asked again. Raises UpstreamError and WireError."""
    async with stream(endpoint, asked, kind="poll", tape=tape) as reply:
        return await _whole(endpoint, reply, reader)


async def withdrawn(endpoint: Endpoint, asked: HttpRequest, measured: Measured) -> None:
    """Asks that a task be given up; any success is one. Raises UpstreamError."""
    tape = measured.take.begin(endpoint.key, None)
    async with stream(endpoint, asked, kind="look", tape=tape) as reply:
        await reply.read(MOST_WORDS)


async def _whole(endpoint: Endpoint, reply: Response, reader: Reader) -> MediaReply:
    events: list[MediaEvent] = []
    async for found in _read(endpoint, reply, reader):
        events += found
    return reply_of(events)


@asynccontextmanager
async def content(endpoint: Endpoint, path: str, tape: Tape) -> AsyncIterator[Response]:
    """A file of the upstream that is given out for its key alone. Raises UpstreamError; a redirect names its target."""
    request = HttpRequest("GET", path, {"Accept": "*/*"})
    async with stream(endpoint, request, kind="content", tape=tape) as reply:
        yield reply


async def _read(endpoint: Endpoint, reply: Response, reader: Reader) -> AsyncIterator[list[MediaEvent]]:
    size = 0
    async for chunk in reply.chunks():
        size += len(chunk)
        if size > MOST_BYTES:
            raise too_much(endpoint, reply.status, MOST_BYTES)
        if found := reader.feed(chunk):
            yield found
    yield reader.finish()


def reply_of(events: list[MediaEvent]) -> MediaReply:
    return next(event.reply for event in reversed(events) if isinstance(event, Replied))


def submit_noted(call_id: uuid.UUID, measured: Measured) -> None:
    """Keeps what is known once the submit was answered: the rest of the job may be another process's."""
    Call.objects.filter(pk=call_id).update(
        first_token_ms=measured.first_token_ms,
        status_code=measured.status,
        request_id=storable.text(measured.request_id)[:200],
    )
    Call.objects.filter(pk=call_id, outcome=Call.Outcome.RUNNING).update(cause=measured.cause[:24])


def keep_wire(run_id: uuid.UUID, take: records.Take) -> None:
    """Adds what went over the wire to the record of the job's last call. Takes its time: not for the event loop."""
    if not records.seal(take):
        return
    with writing():
        if call := Call.objects.select_for_update().filter(run_id=run_id).order_by("started_at", "id").last():
            records.add(call, take)


def settle(
    run_id: uuid.UUID, outcome: str, *, reply: MediaReply | None = None, units: tuple[str, float] = ("", 0), error=""
) -> Decimal | None:
    """Settles what is open of a job, and gives the cost of all its calls. `units` are what was asked for, where the
    reply does not say.

    Settling twice changes nothing: the first one wins.
    """
    for call in Call.objects.filter(run_id=run_id, outcome=Call.Outcome.RUNNING).select_related("model__upstream"):
        fields = _charged(call, reply, units) if outcome == Call.Outcome.COMPLETED else {}
        elapsed = round((timezone.now() - call.started_at).total_seconds() * 1000)
        fields |= {"outcome": outcome, "duration_ms": min(max(0, elapsed), LARGEST)}
        fields["cause"] = why(outcome, call.status_code, call.cause)
        if error:
            fields["error"] = storable.text(error)[:2000]
        if Call.objects.filter(pk=call.pk, outcome=Call.Outcome.RUNNING).update(**fields):
            reservations.settle(call, fields, reopens=outcome == Call.Outcome.INTERRUPTED)
    return Call.objects.filter(run_id=run_id).aggregate(cost=Sum("cost"))["cost"]


def reopen(run_id: uuid.UUID) -> None:
    """The upstream is asked again what came of it."""
    with writing():
        ended = Call.objects.filter(run_id=run_id, outcome=Call.Outcome.INTERRUPTED)
        rollup.withdraw(ended.filter(rolled=True))
        calls = list(ended)
        ended.update(outcome=Call.Outcome.RUNNING)
        reservations.reopen(calls)


def _charged(call: Call, reply: MediaReply | None, units: tuple[str, float]) -> dict:
    if reply is not None and reply.unit and reply.units is not None and reply.units < MOST_UNITS:
        units = reply.unit, reply.units
    usage = reply.usage if reply is not None else Usage()
    fields = {"unit": units[0], "units": Decimal(str(units[1])).quantize(Decimal("0.0001"))}
    if usage != Usage():
        fields |= tokens_of(usage, False)
    return fields | _priced(call, usage, units)


def _priced(call: Call, usage: Usage, units: tuple[str, float]) -> dict:
    """What the upstream says that it cost comes first, then the price per unit, then that of the tokens."""
    if usage.cost is not None:
        return costing(Decimal(str(usage.cost)), Call.Source.REPORTED)
    cost = cost_of_units(call.model, *units, at=call.started_at)
    if cost is None and usage != Usage():
        cost = cost_of(call.model, usage, call.started_at)
    return costing(cost, Call.Source.ESTIMATED)
