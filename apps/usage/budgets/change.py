"""What an administrator does to budgets; each act is written to the audit log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.audit import record
from apps.work.database import writing

from . import ledger, periods
from .models import Budget, Hold, Notice, Tally
from .words import facts, name_of

if TYPE_CHECKING:
    from ..models import Call

# Another limit changes nothing of what is used.
COUNTING = ("user_id", "group_id", "together", "measure", "period", "is_on")


def save(*, budget: Budget, by, verb: str = "") -> None:
    """A new budget, or one that was changed. What is used of it is read from the ledger."""
    with writing():
        old = Budget.objects.filter(pk=budget.pk).first()
        before = {} if old is None else {"before": _name(old), "was": facts(old)}
        budget.save()
        if old is None or any(getattr(old, name) != getattr(budget, name) for name in COUNTING):
            _count(budget, _reserved(old) if old and old.measure == budget.measure else {})
        Notice.objects.filter(budget=budget).delete()
        record(by, f"budget.{verb or ('change' if old else 'create')}", _name(budget), budget=facts(budget), **before)


def switch(*, budget: Budget, on: bool, by) -> None:
    budget.is_on = on
    save(budget=budget, by=by, verb="on" if on else "off")


def delete(*, budget: Budget, by) -> None:
    with writing():
        name, kept = _name(budget), facts(budget)
        budget.delete()
        record(by, "budget.delete", name, budget=kept)


def _name(budget: Budget) -> str:
    """The log is kept in one language, whoever acts."""
    with override("en"):
        return name_of(budget)


def _reserved(budget: Budget) -> dict[UUID, Decimal]:
    """What each call has reserved of it."""
    return dict(Hold.objects.filter(tally__budget=budget).values_list("call_id", "amount"))


def _count(budget: Budget, reserved: Mapping[UUID, Decimal]) -> None:
    """Tallies of the period that is, so that pages show at once who is near."""
    now = timezone.now()
    start = periods.start_of(budget.period, now)
    counts = budget.is_on and not budget.is_rate
    open = list(ledger.unsettled(budget, start)) if counts else []  # first: calls are locked before tallies
    Tally.objects.filter(budget=budget).delete()
    if not counts:
        return
    if budget.together:
        tallies = [Tally(budget=budget)]
        ledger.begin(tallies[0], budget, now)
    else:
        found = ledger.calls_of(budget, start).values("user").annotate(**ledger.sums_of(budget))
        tallies = [
            Tally(
                budget=budget,
                user_id=row["user"],
                starts_at=start,
                used=Decimal(row["used"]),
                unpriced=row["unpriced"],
            )
            for row in found
        ]
    Tally.objects.bulk_create(tallies, ignore_conflicts=True)
    if budget.measure != Budget.Measure.CALLS:  # of which each is counted by now
        _expect(open, budget, start, reserved)


def _expect(open: Iterable["Call"], budget: Budget, start: datetime, reserved: Mapping[UUID, Decimal]) -> None:
    """What has not ended, or is lost and may be found again, tells what it took when it ends. It keeps what it
    reserved, which only what is on its way takes now.
    """
    tallies = {tally.user_id: tally for tally in Tally.objects.filter(budget=budget)}
    for call in open:
        if tally := tallies.get(None if budget.together else call.user_id):
            amount, is_lost = reserved.get(call.pk, Decimal(0)), call.outcome != "running"
            Hold.objects.create(call=call, tally=tally, starts_at=start, amount=amount, is_settled=is_lost)
            if not is_lost:
                Tally.objects.filter(pk=tally.pk).update(reserved=F("reserved") + amount)
