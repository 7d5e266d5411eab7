"""Budgets in words and figures, in the reader's language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.work.figures import decimal, dollars

from .models import Budget
from .periods import zone
from .standing import Standing


def name_of(budget: Budget) -> str:
    """$5.00 a day for each member of Design."""
    return _name(budget, str(budget.user or ""), str(budget.group or ""))


def facts(budget: Budget) -> dict[str, Any]:
    """What its name is made of, to be kept: the log is read in two languages, and when the budget is gone."""
    whose = {"person": str(budget.user or ""), "group": str(budget.group or ""), "together": budget.together}
    return {"limit": str(budget.limit), "measure": budget.measure, "period": budget.period, **whose}


def name_from(facts: dict[str, Any]) -> str:
    """The name again."""
    fields = {name: facts[name] for name in ("measure", "period", "together")}
    return _name(Budget(limit=Decimal(facts["limit"]), **fields), facts["person"], facts["group"])


def _name(budget: Budget, person: str, group: str) -> str:
    whose = _whose(person, group, budget.together)
    return _("{amount} {whose}").format(amount=_each_period(budget), whose=whose)


def _each_period(budget: Budget) -> str:
    words = {
        Budget.Period.DAY: _("{amount} a day"),
        Budget.Period.MONTH: _("{amount} a month"),
        Budget.Period.MINUTE: _("{amount} a minute"),
        Budget.Period.ONCE: _("{amount} at the same time"),
    }
    return words[Budget.Period(budget.period)].format(amount=amount(budget, budget.limit))


def _whose(person: str, group: str, together: bool) -> str:
    if person:
        return _("for {person}").format(person=person)
    if group:
        words = _("for the group {group} together") if together else _("for each member of {group}")
        return words.format(group=group)
    return _("for everybody together") if together else _("for each member")


def amount(budget: Budget, value: Decimal) -> str:
    """A figure with its unit: $1.50, 20,000 tokens, 3 calls."""
    if budget.measure == Budget.Measure.MONEY:
        return dollars(value)
    return _counted(budget, int(value)).format(count=decimal(int(value), 0, grouped=True))


def _counted(budget: Budget, count: int) -> str:
    if budget.measure == Budget.Measure.TOKENS:
        return ngettext("{count} token", "{count} tokens", count)
    return ngettext("{count} call", "{count} calls", count)


def figure(budget: Budget, value: Decimal) -> str:
    """The figure alone, where its unit stands beside it."""
    return dollars(value) if budget.measure == Budget.Measure.MONEY else decimal(int(value), 0, grouped=True)


def told(stands: Standing) -> str:
    """$1.20 of $5.00."""
    budget = stands.budget
    return _("{used} of {limit}").format(used=figure(budget, stands.taken), limit=figure(budget, budget.limit))


def moment(when: datetime) -> str:
    """A time in the zone that the budgets go by, which is named."""
    return f"{date_format(when.astimezone(zone()), 'DATETIME_FORMAT')} ({settings.BUDGET_ZONE})"
