"""The Usage tab: what each call of a run used, cost and took, and all of them together."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.runs import elsewhere
from apps.runs.wirelog.show import duration
from apps.upstreams.models import Model
from apps.usage.models import Call
from apps.work.figures import decimal, dollars

from .inspected import Inspected
from .wire import Identity, identity

NONE = "–"
REPORTED, ESTIMATED = gettext_lazy("reported by the upstream"), gettext_lazy("estimated by us")


class CallView(msgspec.Struct, frozen=True):
    number: int
    outcome: str
    state: str
    rows: Sequence[tuple[str, str, str]]
    error: str
    identity: Identity


def usage(inspected: Inspected) -> dict:
    """Everything that `runs/_usage.html` needs. A row is a label, a value with its unit, and where it is from.

    The calls of an answer that was made elsewhere are told as such: nobody pays for them here.
    """
    brought = elsewhere.calls_of(inspected.run) if inspected.run else []
    calls = brought or inspected.calls
    return {
        **inspected.context(),
        "is_brought": bool(brought),
        "calls": [_view(number, call) for number, call in enumerate(calls, 1)],
        "total": _total(calls) if len(calls) > 1 else [],
    }


def _view(number: int, call: Call) -> CallView:
    states: dict[str, str] = {
        Call.Outcome.COMPLETED: "ok",
        Call.Outcome.RUNNING: "running",
        Call.Outcome.FAILED: "error",
    }
    return CallView(
        number=number,
        outcome=call.get_outcome_display(),
        state=states.get(call.outcome, ""),
        rows=[*_tokens([call]), *_units([call]), *_times(call), (_("Retries"), str(call.retries), "")],
        error=call.error,
        identity=identity(call),
    )


def _total(calls: Sequence[Call]) -> list[tuple[str, str, str]]:
    took = [call.duration_ms for call in calls if call.duration_ms is not None]
    return [
        *_tokens(calls),
        *_units(calls),
        (_("Duration"), duration(sum(took) * 1000) if took else NONE, ""),
        (_("Retries"), str(sum(call.retries for call in calls)), ""),
    ]


def _tokens(calls: Sequence[Call]) -> list[tuple[str, str, str]]:
    source = _source(call.tokens_source for call in calls)
    counted = (
        (_("Input"), [call.input_tokens for call in calls]),
        (_("of it cached"), [call.cached_tokens for call in calls]),
        *_written(calls),
        (_("Output"), [call.output_tokens for call in calls]),
        (_("of it reasoning"), [call.reasoning_tokens for call in calls]),
    )
    rows = [(label, _count(counts), source if _known(counts) else "") for label, counts in counted]
    paid = [call for call in calls if call.cost is not None and (call.cost or call.input_tokens or call.output_tokens)]
    cost = dollars(sum((call.cost for call in paid if call.cost), Decimal())) if paid else NONE
    return [*rows, (_("Cost"), cost, _source(call.cost_source for call in paid))]


def _written(calls: Sequence[Call]) -> list[tuple[str, list[int | None]]]:
    """What was written to a cache, where the upstream told of any."""
    counts = [call.cache_write_tokens for call in calls]
    return [(_("of it written to a cache"), counts)] if any(counts) else []


def _units(calls: Sequence[Call]) -> list[tuple[str, str, str]]:
    """What is billed besides tokens: pictures, seconds, songs."""
    labels: dict[str, str] = {unit.value: str(unit.label) for unit in Model.Unit}
    counts: dict[str, Decimal] = {}
    for call in calls:
        if call.unit in labels and call.units:
            counts[call.unit] = counts.get(call.unit, Decimal()) + call.units
    return [
        (_("Billed"), f"{number_format(count.normalize(), force_grouping=True)} × {labels[unit]}", "")
        for unit, count in counts.items()
    ]


def _times(call: Call) -> list[tuple[str, str, str]]:
    first, whole = call.first_token_ms, call.duration_ms
    return [
        (_("First token"), NONE if first is None else duration(first * 1000), ""),
        (_("Duration"), NONE if whole is None else duration(whole * 1000), ""),
        (_("Speed"), _speed(call), ""),
    ]


def _speed(call: Call) -> str:
    """Tokens a second from the first one on; nothing where that was too short to tell."""
    if not call.output_tokens or call.duration_ms is None or call.first_token_ms is None:
        return NONE
    writing = call.duration_ms - call.first_token_ms
    return NONE if writing < 20 else _("%(rate)s tok/s") % {"rate": decimal(call.output_tokens * 1000 / writing, 1)}


def _known(counts: Iterable[int | None]) -> bool:
    return any(count is not None for count in counts)


def _count(counts: Sequence[int | None]) -> str:
    known = [count for count in counts if count is not None]
    if not known:
        return NONE
    number = number_format(sum(known), force_grouping=True)
    return pgettext("count of tokens", "%(number)s tokens") % {"number": number}


def _source(sources: Iterable[str]) -> str:
    """Where a number is from; a sum is only as good as the worst of its parts."""
    given = set(filter(None, sources))
    if not given:
        return ""
    return str(ESTIMATED if Call.Source.ESTIMATED in given else REPORTED)
