"""The one way to make an upstream call: opened in the ledger before it is made, settled when it has ended."""

import time
import uuid
from collections.abc import AsyncGenerator
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db.models import QuerySet

from apps.upstreams.client import Endpoint, UpstreamError, stream
from apps.upstreams.models import Model
from apps.wire.events import Event
from apps.wire.formats import Format
from apps.wire.messages import GenerationRequest, Usage
from apps.work import storable

from .models import Call
from .prices import cost_of


class Measured(msgspec.Struct):
    """What was seen of one call while it ran; times in milliseconds."""

    started: float = msgspec.field(default_factory=time.monotonic)
    first_token_ms: int | None = None
    status: int | None = None
    request_id: str = ""
    retries: int = 0
    error: str = ""

    def elapsed_ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def token_seen(self) -> None:
        if self.first_token_ms is None:
            self.first_token_ms = self.elapsed_ms()


def open_call(*, user, model: Model, format: str, kind: str = "chat", run_id: uuid.UUID | None = None) -> Call:
    """The ledger's row, written before the request, so that no call goes unseen."""
    return Call.objects.create(
        user=user,
        upstream=model.upstream,
        model=model,
        upstream_name=model.upstream.name,
        model_name=model.name,
        format=format,
        kind=kind,
        run_id=run_id,
    )


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

    try:
        async with stream(endpoint, wire.build(request), kind=kind, on_retry=retried) as reply:
            measured.status, measured.request_id = reply.status, reply.request_id or ""
            decoder = wire.Decoder(reply.content_type)
            async for chunk in reply.chunks():
                if found := decoder.feed(chunk):
                    yield found
                if decoder.done:
                    break
            yield decoder.finish()
    except UpstreamError as error:
        measured.status = error.status or measured.status
        measured.request_id = error.request_id or measured.request_id
        measured.error = str(error)
        raise


def unsettled(run_id: uuid.UUID) -> QuerySet[Call]:
    """The calls of a run that have not been settled: one, or none."""
    return Call.objects.filter(run_id=run_id, outcome=Call.Outcome.RUNNING).select_related("model")


def settle(call: Call, *, outcome: str, measured: Measured | None, usage: Usage, estimated: bool) -> None:
    """Writes what the call came to. Settling twice changes nothing: the first one wins."""
    fields = {"outcome": outcome, **_tokens(usage, estimated), **_cost(call.model, usage, estimated)}
    if measured is not None:
        fields |= {
            "duration_ms": measured.elapsed_ms(),
            "first_token_ms": measured.first_token_ms,
            "status_code": measured.status,
            "request_id": storable.text(measured.request_id)[:200],
            "retries": measured.retries,
            "error": storable.text(measured.error)[:2000],
        }
    Call.objects.filter(id=call.id, outcome=Call.Outcome.RUNNING).update(**fields)


def settle_lost(*, before: datetime) -> None:
    """Calls without a run, as for a title, whose process ended in the middle: nothing else would ever settle them."""
    lost = Call.objects.filter(outcome=Call.Outcome.RUNNING, run_id=None, started_at__lt=before)
    lost.update(outcome=Call.Outcome.INTERRUPTED)


def _tokens(usage: Usage, estimated: bool) -> dict:
    source = Call.Source.ESTIMATED if estimated else Call.Source.REPORTED
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "tokens_source": source,
    }


def _cost(model: Model | None, usage: Usage, estimated: bool) -> dict:
    if usage.cost is not None:
        return {"cost": Decimal(str(usage.cost)), "cost_source": Call.Source.REPORTED}
    cost = cost_of(model, usage)
    return {} if cost is None else {"cost": cost, "cost_source": Call.Source.ESTIMATED}
