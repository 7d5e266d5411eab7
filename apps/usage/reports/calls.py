"""Single calls: newest first, a page at a time. Of what was said in them nothing is told."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.upstreams.models import Model
from apps.work.figures import dollars

from ..models import Call
from . import figures, names
from .wanted import Wanted

PER_PAGE = 50
STATES = {"completed": "ok", "running": "running", "failed": "error", "interrupted": "warn"}
SOURCES = dict(Call.Source.choices)


class Shown(msgspec.Struct, frozen=True):
    """`url` leads to the answer or the job where they are the reader's own, `why` says why it failed."""

    at: datetime
    who: str
    upstream: str
    model: str
    format: str
    kind: str
    outcome: str
    state: str
    why: str
    input: str
    cached: str
    output: str
    reasoning: str
    units: str
    cost: str
    cost_source: str
    first: str
    duration: str
    retries: int
    request_id: str
    url: str


def page(
    wanted: Wanted, before: uuid.UUID | None = None, size: int = PER_PAGE
) -> tuple[Sequence[Call], uuid.UUID | None]:
    """The calls that follow `before`, and where the next page begins; None if there is none."""
    calls = _ordered(wanted)
    if before is not None:
        calls = calls.filter(_after(wanted, before))
    found = list(calls[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def pages(wanted: Wanted, size: int) -> Iterator[Sequence[Call]]:
    """All calls, so many at a time: each page is a query of its own, as a file is written by several threads."""
    before = None
    while True:
        found, before = page(wanted, before, size)
        if found:
            yield found
        if before is None:
            return


def _ordered(wanted: Wanted) -> QuerySet[Call]:
    return wanted.of_calls().order_by("-started_at", "-id").select_related("user")


def _after(wanted: Wanted, before: uuid.UUID) -> Q:
    started = wanted.of_calls().filter(pk=before).values_list("started_at", flat=True).first()
    if started is None:
        return Q(pk=None)
    return Q(started_at__lt=started) | Q(started_at=started, pk__lt=before)


def shown(call: Call, viewer: int) -> Shown:
    mine = call.user_id == viewer
    return Shown(
        at=call.started_at,
        who=str(call.user) if call.user else _("Deleted account"),
        upstream=call.upstream_name,
        model=call.model_name,
        format=names.wire(call.format),
        kind=names.kind(call.kind),
        outcome=names.outcome(call.outcome),
        state=STATES.get(call.outcome, ""),
        why=names.cause(call.cause) if call.outcome == Call.Outcome.FAILED else "",
        input=_count(call.input_tokens),
        cached=figures.count(call.cached_tokens) if call.cached_tokens else "",
        output=_count(call.output_tokens),
        reasoning=figures.count(call.reasoning_tokens) if call.reasoning_tokens else "",
        units=_units(call),
        cost=figures.NONE if call.cost is None else dollars(call.cost),
        cost_source=str(SOURCES.get(call.cost_source, "")) if call.cost else "",
        first=figures.milliseconds(call.first_token_ms),
        duration=figures.milliseconds(call.duration_ms),
        retries=call.retries,
        request_id=call.request_id,
        url=_url(call) if mine else "",
    )


def _count(number: int | None) -> str:
    return figures.NONE if number is None else figures.count(number)


def _units(call: Call) -> str:
    if not call.units or not call.unit:
        return ""
    labels: dict[str, Any] = dict(Model.Unit.choices)
    return f"{number_format(call.units.normalize(), force_grouping=True)} × {labels.get(call.unit, call.unit)}"


def _url(call: Call) -> str:
    """Answers are runs, all else that has a number is a job; both live in layers above."""
    try:
        return reverse("run" if call.kind == "chat" else "job", args=[call.run_id]) if call.run_id else ""
    except NoReverseMatch:
        return ""
