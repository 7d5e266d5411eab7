"""The quiet line under an answer: model, format, times, tokens, cost, each with its unit and its source."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.usage.meter import Measured
from apps.usage.models import Call
from apps.wire.tokens import estimate
from apps.work.figures import decimal, dollars

from .progress import Progress


def live_metrics(progress: Progress, measured: Measured) -> list[str]:
    """Metrics of a run that is still answering; its tokens are our estimate."""
    tokens = estimate(progress.text)
    elapsed = measured.elapsed_ms()
    return [
        *_first_token(measured.first_token_ms),
        *_speed(tokens - progress.written, elapsed, measured.first_token_ms),
        _("about %(tokens)s out") % {"tokens": number_format(tokens, force_grouping=True)},
        _("%(seconds)s s") % {"seconds": decimal(elapsed / 1000, 1)},
    ]


class Spent(msgspec.Struct, frozen=True):
    """What an answer took, of all its requests together."""

    first_token_ms: int | None = None
    duration_ms: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    tokens_source: str = ""
    cost: Decimal | None = None
    cost_source: str = ""
    requests: int = 1

    @property
    def used(self) -> bool:
        """A request that was refused used nothing: nothing is said of its tokens, nor that they were free."""
        return bool(self.input_tokens or self.output_tokens)


def summed(calls: Sequence[Call]) -> Spent | None:
    """The first token is that of the first call; the waiting of the others is no time in which tokens came."""
    if not calls:
        return None
    calls = sorted(calls, key=lambda call: call.started_at)
    duration = _sum(call.duration_ms for call in calls)
    if duration is not None:
        duration -= sum(call.first_token_ms or 0 for call in calls[1:])
    return Spent(
        first_token_ms=calls[0].first_token_ms,
        duration_ms=duration,
        input_tokens=_sum(call.input_tokens for call in calls),
        output_tokens=_sum(call.output_tokens for call in calls),
        tokens_source=_source(call.tokens_source for call in calls),
        cost=_sum(call.cost for call in calls),
        cost_source=_source(call.cost_source for call in calls),
        requests=len(calls),
    )


def _sum(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _source(sources: Iterable[str]) -> str:
    """A sum in which one number is an estimate is an estimate."""
    found = set(sources)
    return Call.Source.ESTIMATED if Call.Source.ESTIMATED in found else Call.Source.REPORTED


def final_metrics(spent: Spent | None) -> list[str]:
    """Metrics of an answer that has ended, from its rows in the ledger."""
    if spent is None:
        return []
    return [
        *_first_token(spent.first_token_ms),
        *_speed(spent.output_tokens, spent.duration_ms, spent.first_token_ms),
        *_tokens(spent),
        *_cost(spent),
        *_requests(spent),
    ]


def _requests(spent: Spent) -> list[str]:
    if spent.requests == 1:
        return []
    return [ngettext("%(count)d request", "%(count)d requests", spent.requests) % {"count": spent.requests}]


def _first_token(first_token_ms: int | None) -> list[str]:
    if first_token_ms is None:
        return []
    return [_("first token %(time)s") % {"time": duration(first_token_ms)}]


def _speed(tokens: int | None, duration_ms: int | None, first_token_ms: int | None) -> list[str]:
    found = speed(tokens, duration_ms, first_token_ms)
    return [] if found is None else [rate(found)]


def speed(tokens: int | None, duration_ms: int | None, first_token_ms: int | None) -> float | None:
    """Tokens a second from the first token on; nothing is said of a stream too short to tell."""
    if not tokens or duration_ms is None or first_token_ms is None or duration_ms - first_token_ms < 20:
        return None
    return tokens * 1000 / (duration_ms - first_token_ms)


def rate(tokens_per_second: float) -> str:
    return _("%(rate)s tok/s") % {"rate": decimal(tokens_per_second, 1)}


def _tokens(spent: Spent) -> list[str]:
    if not spent.used:
        return []
    numbers = {"in": grouped(spent.input_tokens), "out": grouped(spent.output_tokens)}
    if spent.tokens_source == Call.Source.ESTIMATED:
        return [_("about %(in)s in, %(out)s out (estimated)") % numbers]
    return [_("%(in)s in, %(out)s out") % numbers]


def grouped(number: int | None) -> str:
    return "–" if number is None else number_format(number, force_grouping=True)


def _cost(spent: Spent) -> list[str]:
    if spent.cost is None or (spent.cost == 0 and not spent.used):
        return []
    if spent.cost == 0:
        return [_("free")]
    shown = dollars(spent.cost)
    return [shown] if spent.cost_source == Call.Source.REPORTED else [_("about %(cost)s") % {"cost": shown}]


def duration(milliseconds: int) -> str:
    if milliseconds < 1000:
        return _("%(number)s ms") % {"number": milliseconds}
    return _("%(seconds)s s") % {"seconds": decimal(milliseconds / 1000, 1)}
