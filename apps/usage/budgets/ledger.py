"""What the ledger has of a period: what a tally begins with."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.upstreams.models import Upstream

from . import periods
from .models import Budget, Tally

TOKENS = Coalesce(F("input_tokens"), 0) + Coalesce(F("output_tokens"), 0)
SOMETHING = Q(input_tokens__gt=0) | Q(output_tokens__gt=0) | Q(units__gt=0)
UNPRICED = SOMETHING & Q(cost=None, model__upstream__kind=Upstream.Kind.GATEWAY)

ENDED_WITH_THEIR_RUN = ("chat", "title")


def begin(tally: Tally, budget: Budget, now: datetime) -> None:
    """Brings the tally to the period of now, with what the ledger has of it where that is a new one."""
    start = periods.start_of(budget.period, now)
    if tally.starts_at != start:
        tally.starts_at, tally.reserved = start, Decimal(0)
        tally.used, tally.unpriced = used(budget, tally.user_id, start)


def used(budget: Budget, user_id: int | None, starts_at: datetime) -> tuple[Decimal, int]:
    """How much was used since, and how many of those calls have no known cost. No user: all of them together."""
    if budget.period == Budget.Period.ONCE:
        return Decimal(0), 0
    found = calls_of(budget, starts_at)
    if user_id is not None:
        found = found.filter(user=user_id)
    sums = found.aggregate(**sums_of(budget))
    return Decimal(sums["used"]), sums["unpriced"]


def calls_of(budget: Budget, starts_at: datetime) -> QuerySet:
    """The calls that count. Those of titles are not the person's doing: they count where nobody has to wait."""
    from ..models import Call

    found = Call.objects.filter(started_at__gte=starts_at).order_by()
    if budget.is_rate:
        found = found.exclude(kind="title")
    if budget.user_id:
        return found.filter(user=budget.user_id)
    return found.filter(user__groups=budget.group_id) if budget.group_id else found.exclude(user=None)


def unsettled(budget: Budget, starts_at: datetime) -> QuerySet:
    """Those of them whose end is not known yet, locked: whoever settles one finds what was made of it here. They are on
    their way, or were lost with a job whose upstream may be asked again what came of it.
    """
    lost = Q(outcome="interrupted") & ~Q(kind__in=ENDED_WITH_THEIR_RUN)
    found = calls_of(budget, starts_at).filter(Q(outcome="running") | lost)
    return found.only("pk", "user", "outcome").select_for_update(of=("self",))


def sums_of(budget: Budget) -> dict[str, Any]:
    money = Coalesce(Sum("cost"), Decimal(0), output_field=DecimalField(max_digits=24, decimal_places=8))
    of = {
        Budget.Measure.CALLS: Count("id"),
        Budget.Measure.TOKENS: Coalesce(Sum(TOKENS, output_field=BigIntegerField()), 0),
        Budget.Measure.MONEY: money,
    }
    return {"used": of[Budget.Measure(budget.measure)], "unpriced": Count("id", filter=UNPRICED)}
