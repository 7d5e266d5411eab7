"""How the budgets of people stand: read without a lock, for pages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.work.prepared import Select, Slot

from . import ledger, periods
from .models import Budget, Tally

WARN, FULL = Decimal("0.8"), Decimal(1)
_USER = Slot("user", User._meta.pk)
_EVERYBODY = Q(user=None, group=None)
_applying = Select(
    lambda: Budget.objects.filter(
        Q(user=_USER) | Q(group__in=Group.objects.filter(user=_USER).order_by().values("pk")) | _EVERYBODY, is_on=True
    )
)


class Standing(msgspec.Struct, frozen=True):
    """One budget of one person, or of all together, in the period that began at `starts_at`."""

    budget: Budget
    starts_at: datetime
    renews_at: datetime | None
    used: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    unpriced: int = 0

    @property
    def taken(self) -> Decimal:
        """What is used, and what calls on their way may take."""
        return self.used + self.reserved

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.budget.limit - self.taken)

    @property
    def is_used_up(self) -> bool:
        return self.taken >= self.budget.limit

    @property
    def share(self) -> Decimal:
        return self.taken / self.budget.limit if self.budget.limit else FULL

    @property
    def percent(self) -> int:
        """For a bar: never past its end, and 100 only where nothing is left."""
        return 100 if self.is_used_up else min(99, int(self.share * 100))

    @property
    def state(self) -> str:
        """As the look has it: ok, warn from 80 % on, error at 100 %."""
        return "error" if self.share >= FULL else "warn" if self.share >= WARN else "ok"


def applying(user_id: int) -> list[Budget]:
    """The budgets in force that a person falls under. One statement: it stands on the way to the first token."""
    return _applying(user=user_id)


def standing(budget: Budget, tally: Tally | None, now: datetime) -> Standing:
    """A tally of an earlier period says nothing of this one: nothing was used yet."""
    start, end = periods.start_of(budget.period, now), periods.end_of(budget.period, now)
    if tally is None or tally.starts_at != start:
        return Standing(budget, start, end)
    return Standing(budget, start, end, tally.used, tally.reserved, tally.unpriced)


def of(user_id: int, *, rates: bool = False) -> list[Standing]:
    """A person's budgets, the tightest first; rate limits only where they are asked for."""
    wanted = [budget for budget in applying(user_id) if rates or not budget.is_rate]
    return _sorted(now_of(wanted, user_id))


def now_of(budgets: Sequence[Budget], user_id: int) -> list[Standing]:
    """How these stand for the person now; what has no tally yet is read from the ledger."""
    if not budgets:
        return []
    now, found = timezone.now(), {tally.budget_id: tally for tally in tallies_of(budgets, user_id)}
    for budget in budgets:
        if budget.pk not in found:
            found[budget.pk] = new = Tally(budget=budget, user_id=None if budget.together else user_id)
            ledger.begin(new, budget, now)
    return [standing(budget, found[budget.pk], now) for budget in budgets]


def tallies_of(budgets: Sequence[Budget], user_id: int) -> QuerySet[Tally]:
    """Those of the person, or of all together, by what the budgets are now."""
    each = [budget.pk for budget in budgets if not budget.together]
    shared = [budget.pk for budget in budgets if budget.together]
    return Tally.objects.filter(Q(budget__in=each, user=user_id) | Q(budget__in=shared, user=None))


def of_many(user_ids: Iterable[int]) -> dict[int, list[Standing]]:
    """The same of many, in three queries whatever their number."""
    ids = list(user_ids)
    found = Budget.objects.filter(is_on=True).exclude(period__in=Budget.RATES).select_related("user", "group")
    budgets = list(found)
    if not budgets:
        return {id: [] for id in ids}
    return {id: _sorted(mine) for id, mine in _with_tallies(budgets, ids).items()}


def of_all(budgets: Sequence[Budget]) -> dict[Budget, list[tuple[Tally, Standing]]]:
    """What is used of each, by whom: the most first."""
    now = timezone.now()
    found: dict[Budget, list[tuple[Tally, Standing]]] = {budget: [] for budget in budgets}
    known = {budget.pk: budget for budget in budgets}
    for tally in Tally.objects.filter(budget__in=known).select_related("user"):
        budget = known[tally.budget_id]
        stands = standing(budget, tally, now)
        if stands.taken > 0:
            found[budget].append((tally, stands))
    for pairs in found.values():
        pairs.sort(key=lambda pair: -pair[1].share)
    return found


def _sorted(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda each: (-each.share, each.renews_at or each.starts_at))


def _with_tallies(budgets: Sequence[Budget], ids: Sequence[int]) -> dict[int, list[Standing]]:
    now = timezone.now()
    groups = {budget.group_id for budget in budgets if budget.group_id}
    members = set(User.groups.through.objects.filter(group__in=groups, user__in=ids).values_list("group_id", "user_id"))
    found = Tally.objects.filter(Q(user__in=ids) | Q(user=None), budget__in=budgets)
    tallies = {(tally.budget_id, tally.user_id): tally for tally in found}

    def falls_under(budget: Budget, id: int) -> bool:
        if budget.user_id:
            return budget.user_id == id
        return not budget.group_id or (budget.group_id, id) in members

    return {
        id: [
            standing(budget, tallies.get((budget.pk, None if budget.together else id)), now)
            for budget in budgets
            if falls_under(budget, id)
        ]
        for id in ids
    }
