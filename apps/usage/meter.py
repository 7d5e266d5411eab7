"""The one way to make an upstream call: opened in the ledger before it is made, settled when it has ended."""

import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from functools import cache

import msgspec
from django.db.models import UUIDField

from apps.upstreams.client import Endpoint, Response, UpstreamError
from apps.upstreams.models import Model
from apps.wire.events import Event, Started
from apps.wire.formats import Format
from apps.wire.messages import GenerationRequest, Usage
from apps.work import storable
from apps.work.database import writing
from apps.work.prepared import Select, Slot, Update, insert

from . import asking, records
from .budgets import reservations
from .budgets.estimates import Estimate
from .models import Call
from .prices import cost_of

# An upstream may say any number: what no column of the ledger holds is not known.
LARGEST, DEAREST = 2**31 - 1, Decimal(999_999)
_unsettled = Select(
    lambda: Call.objects.filter(run_id=Slot("run_id", UUIDField()), outcome=Call.Outcome.RUNNING).select_related(
        "model"
    )
)


class Measured(msgspec.Struct):
    """What was seen of one call while it ran; times in milliseconds."""

    started: float = msgspec.field(default_factory=time.monotonic)
    first_token_ms: int | None = None
    status: int | None = None
    request_id: str = ""
    retries: int = 0
    error: str = ""
    cause: str = ""
    answered_model: str = ""
    fingerprint: str = ""
    take: records.Take = msgspec.field(default_factory=records.Take)

    def elapsed_ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def token_seen(self) -> None:
        if self.first_token_ms is None:
            self.first_token_ms = self.elapsed_ms()

    def recognise(self, events: list[Event]) -> None:
        """Who says that it is answering."""
        for event in events:
            if isinstance(event, Started):
                self.answered_model = self.answered_model or event.model
                self.fingerprint = self.fingerprint or event.fingerprint


def open_call(
    *,
    user,
    model: Model,
    format: str,
    kind: str = "chat",
    run_id: uuid.UUID | None = None,
    asks: reservations.Asks = Estimate,
) -> Call:
    """The ledger's row, written before the request, so that no call goes unseen. `asks` tells what it may take, where a
    budget wants to know. Raises budgets.refusals.Refused.
    """
    call = Call(
        user=user,
        upstream=model.upstream,
        model=model,
        upstream_name=model.upstream.name,
        model_name=model.name,
        format=format,
        kind=kind,
        run_id=run_id,
    )
    with writing():
        reservations.reserve(call, asks)
        insert(call)
    return call


async def events(
    endpoint: Endpoint, wire: Format, request: GenerationRequest, measured: Measured, *, kind="chat", on_retry=None
) -> AsyncGenerator[list[Event]]:
    """The reply's events, those of one chunk at a time, to the end that the decoder sees or makes.

    Wrap it in `contextlib.aclosing`: closing it ends the upstream request. `on_retry(attempt, seconds, why)` is told
    of each retry. Raises UpstreamError and WireError.
    """

    def retried(attempt: int, seconds: float, why: str) -> None:
        measured.retries = attempt
        if on_retry:
            on_retry(attempt, seconds, why)

    def answered(reply: Response) -> None:
        measured.status, measured.request_id = reply.status, reply.request_id or ""

    tape = measured.take.begin(endpoint.key, request)
    way = asking.Way(endpoint, wire, kind, tape, answered, retried)
    try:
        async with aclosing(asking.answer(way, request)) as batches:
            async for found in batches:
                if not measured.answered_model:
                    measured.recognise(found)
                yield found
    except UpstreamError as error:
        measured.status = error.status or measured.status
        measured.request_id = error.request_id or measured.request_id
        measured.error, measured.cause = str(error), error.kind
        tape.fail(str(error))
        raise


def unsettled(run_id: uuid.UUID) -> list[Call]:
    """The calls of a run that have not been settled: one, or none."""
    return _unsettled(run_id=run_id)


def settle(call: Call, *, outcome: str, measured: Measured | None, usage: Usage, estimated: bool) -> None:
    """Writes what the call came to. Settling twice changes nothing: the first one wins."""
    fields = {"outcome": outcome, **tokens_of(usage, estimated), **_cost(call, usage)}
    if measured is not None:
        fields |= {
            "duration_ms": measured.elapsed_ms(),
            "first_token_ms": measured.first_token_ms,
            "status_code": measured.status,
            "request_id": storable.text(measured.request_id)[:200],
            "retries": measured.retries,
            "error": storable.text(measured.error)[:2000],
            "cause": why(outcome, measured.status, measured.cause),
            "answered_model": storable.text(measured.answered_model)[:300],
            "fingerprint": storable.text(measured.fingerprint)[:200],
        }
    with writing():
        if settled := _settling(tuple(fields))(id=call.id, **fields):
            reservations.settle(call, fields)
    if settled and measured is not None:
        records.keep(call, measured.take)


def why(outcome: str, status: int | None, cause: str) -> str:
    """Why a call failed, in one word: the upstream's status, how the connection failed, or that its reply said so."""
    if outcome != Call.Outcome.FAILED:
        return ""
    return str(status) if status and status >= 400 else cause[:24] or "reply"


@cache
def _settling(names: tuple[str, ...]) -> Update:
    slots = {name: Slot(name, Call._meta.get_field(name)) for name in names}
    return Update(lambda: (Call.objects.filter(id=Slot("id", UUIDField()), outcome=Call.Outcome.RUNNING), slots))


def settle_lost(*, before: datetime) -> None:
    """Calls without a run, as for a title, whose process ended in the middle: nothing else would ever settle them."""
    lost = Call.objects.filter(outcome=Call.Outcome.RUNNING, run_id=None, started_at__lt=before)
    if found := list(lost):
        with writing():
            lost.update(outcome=Call.Outcome.INTERRUPTED)
            for call in found:
                reservations.settle(call, {})


def tokens_of(usage: Usage, estimated: bool) -> dict:
    source = Call.Source.ESTIMATED if estimated else Call.Source.REPORTED
    names = ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens")
    counts = {name: getattr(usage, name) for name in names}
    return {name: count for name, count in counts.items() if count is None or count <= LARGEST} | {
        "tokens_source": source
    }


def _cost(call: Call, usage: Usage) -> dict:
    if usage.cost is not None:
        return costing(Decimal(str(usage.cost)), Call.Source.REPORTED)
    return costing(cost_of(call.model, usage, call.started_at), Call.Source.ESTIMATED)


def costing(cost: Decimal | None, source: str) -> dict:
    """A cost as the ledger has it; nothing where it is not known, beyond all measure, or below nothing."""
    return {} if cost is None or not 0 <= cost <= DEAREST else {"cost": cost, "cost_source": source}
