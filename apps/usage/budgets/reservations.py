"""Reserving what a call may take before it is made, and settling it by what it really took.

The rows of the tallies are locked, in one order, and last of all rows of a transaction: so parallel calls can neither
overspend nor wait for each other in a circle.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import UUIDField
from django.utils import timezone

from apps.upstreams.models import Upstream
from apps.work.database import writing
from apps.work.prepared import Select, Slot

from . import ledger
from .estimates import Estimate
from .models import Budget, Hold, Tally
from .refusals import refusal
from .standing import Standing, applying, now_of, standing, tallies_of

if TYPE_CHECKING:
    from ..models import Call

_holds = Select(lambda: Hold.objects.filter(call=Slot("call", UUIDField())))

Asks = Callable[[], Estimate]


def reserve(call: "Call", asks: Asks) -> None:
    """To be called in the transaction that writes the call, before it. Raises Refused."""
    if wanted := _counting(applying(call.user_id), call.kind):
        estimate = asks()
        pairs = [(budget, amount_of(budget, estimate.tokens, estimate.money)) for budget in wanted]
        _hold(call, pairs, timezone.now())


def check(user_id: int, asks: Asks) -> None:
    """The same without reserving, for what is queued first; for rates it is not the time yet. Raises Refused."""
    if wanted := [budget for budget in applying(user_id) if not budget.is_rate]:
        estimate, now = asks(), timezone.now()
        stand = [
            (stands, amount_of(stands.budget, estimate.tokens, estimate.money)) for stands in now_of(wanted, user_id)
        ]
        _refuse([stands for stands, amount in stand if _is_over(stands, amount)], user_id, now)


def settle(call: "Call", fields: Mapping[str, Any], *, reopens: bool = False) -> None:
    """Puts what was used, by the `fields` that the ledger has now, in place of what was reserved, once. To be called in
    the transaction that writes these. `reopens`: the call may be taken up again.

    A call counts for the period in which it began; of one that is over nobody asks any more.
    """
    holds = [hold for hold in _holds(call=call.pk) if not hold.is_settled]
    if not holds:
        return
    with writing():
        tokens, money = (fields.get("input_tokens") or 0) + (fields.get("output_tokens") or 0), fields.get("cost")
        unpriced = money is None and bool(tokens or fields.get("units")) and _is_bought(call)
        tallies = _locked(hold.tally_id for hold in holds)
        for hold in holds:
            tally = tallies[hold.tally_id]
            if tally.starts_at != hold.starts_at:
                continue
            tally.reserved = max(Decimal(0), tally.reserved - hold.amount)
            if tally.budget.period != Budget.Period.ONCE:
                tally.used += amount_of(tally.budget, tokens, money)
            tally.unpriced += unpriced
            tally.save(update_fields=["used", "reserved", "unpriced"])
        ours = Hold.objects.filter(pk__in=[hold.pk for hold in holds])
        ours.update(is_settled=True) if reopens else ours.delete()


def reopen(calls: Iterable["Call"]) -> None:
    """Takes up again what was settled so that it may be: nothing was charged then but that it was a call."""
    with writing():
        holds = list(Hold.objects.filter(call__in=[call.pk for call in calls], is_settled=True))
        tallies = _locked(hold.tally_id for hold in holds)
        for hold in holds:
            tally = tallies[hold.tally_id]
            if tally.starts_at == hold.starts_at:
                tally.reserved += hold.amount
                if tally.budget.measure == Budget.Measure.CALLS and tally.budget.period != Budget.Period.ONCE:
                    tally.used -= 1
                tally.save(update_fields=["used", "reserved"])
        Hold.objects.filter(pk__in=[hold.pk for hold in holds]).update(is_settled=False)


def amount_of(budget: Budget, tokens: int, money: Decimal | None) -> Decimal:
    """What it is to this budget. A price that nobody knows is none."""
    if budget.measure == Budget.Measure.MONEY:
        return money or Decimal(0)
    return Decimal(tokens if budget.measure == Budget.Measure.TOKENS else 1)


def _is_bought(call: "Call") -> bool:
    """Whether somebody is paid for it: what this server makes itself is free."""
    return call.model is not None and call.model.upstream.kind == Upstream.Kind.GATEWAY


def _counting(budgets: Iterable[Budget], kind: str) -> list[Budget]:
    """A title is our own doing: nobody is to wait for it, so rates do not count it."""
    return [budget for budget in budgets if kind != "title" or not budget.is_rate]


def _hold(call: "Call", pairs: Sequence[tuple[Budget, Decimal]], now: datetime) -> None:
    with writing():
        tallies = _current([budget for budget, _amount in pairs], call.user_id, now)
        stand = {budget.pk: standing(budget, tallies[budget.pk], now) for budget, _amount in pairs}
        _refuse([stand[budget.pk] for budget, amount in pairs if _is_over(stand[budget.pk], amount)], call.user_id, now)
        holds = []
        for budget, amount in pairs:
            tally = tallies[budget.pk]
            tally.reserved += amount
            tally.save(update_fields=["starts_at", "used", "reserved", "unpriced"])
            holds.append(Hold(call=call, tally=tally, starts_at=tally.starts_at, amount=amount))
        Hold.objects.bulk_create(holds)


def _is_over(stands: Standing, amount: Decimal) -> bool:
    """Past its end. What costs nothing that we know of takes nothing of a budget of money, and is not stopped by it."""
    return amount > 0 and stands.taken + amount > stands.budget.limit


def _refuse(over: Sequence[Standing], user_id: int, now: datetime) -> None:
    """Names the one that is in the way the longest. Raises Refused."""
    if over:
        raise refusal(max(over, key=lambda stands: stands.renews_at or now), user_id, now)


def _current(budgets: Sequence[Budget], user_id: int, now: datetime) -> dict:
    """The tallies, locked, each in the period of now."""
    found = _lock(tallies_of(budgets, user_id))
    if missing := [budget for budget in budgets if budget.pk not in {tally.budget_id for tally in found}]:
        new = [Tally(budget=budget, user_id=None if budget.together else user_id) for budget in missing]
        Tally.objects.bulk_create(new, ignore_conflicts=True)
        found = _lock(tallies_of(budgets, user_id))
    known = {budget.pk: budget for budget in budgets}
    for tally in found:
        ledger.begin(tally, known[tally.budget_id], now)
    return {tally.budget_id: tally for tally in found}


def _locked(ids: Iterable[int]) -> dict[int, Tally]:
    found = Tally.objects.filter(pk__in=list(ids)).select_related("budget")
    return {tally.pk: tally for tally in _lock(found)}


def _lock(found) -> list[Tally]:
    return list(found.select_for_update(of=("self",)).order_by("pk"))
