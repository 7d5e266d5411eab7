"""Why a call is not made: a sentence for the person."""

from datetime import datetime
from math import ceil

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Budget
from .standing import Standing
from .words import amount, figure, moment, name_of

NAMED = 3


class Refused(Exception):
    """The call is not made. `wait` is how many seconds until it may be, where that is known; `status` is HTTP's.

    `is_rate`: it is only a matter of waiting.
    """

    status = 429

    def __init__(self, sentence: str, budget: Budget, wait: int | None):
        super().__init__(sentence)
        self.budget, self.wait, self.is_rate = budget, wait, budget.is_rate
        if budget.limit == 0:
            self.status = 403


def refusal(standing: Standing, user_id: int, now: datetime) -> Refused:
    """What is told of the budget that is in the way. It says nothing of the price of this call: names may be hidden."""
    budget, wait = standing.budget, None
    if standing.renews_at:
        wait = max(1, ceil((standing.renews_at - now).total_seconds()))
    if budget.is_rate:
        return Refused(_too_fast(budget, wait), budget, wait)
    if not budget.limit:
        nothing = _("The budget “{name}” allows nothing.").format(name=name_of(budget))
        return Refused(" ".join([nothing, whom_to_ask(user_id)]), budget, None)
    words = _("The budget “{name}” is used up: {used} of {limit}.")
    if not standing.is_used_up:
        words = _(
            "Of the budget “{name}”, {used} of {limit} are used or set aside: the rest may be too little for this."
        )
    told = {"used": figure(budget, standing.taken), "limit": amount(budget, budget.limit), "name": name_of(budget)}
    sentences = [words.format(**told)]
    if standing.renews_at:
        sentences.append(_("It renews on {when}.").format(when=moment(standing.renews_at)))
    return Refused(" ".join([*sentences, whom_to_ask(user_id)]), budget, wait)


def _too_fast(budget: Budget, wait: int | None) -> str:
    rule = _("The limit is {rule}.").format(rule=name_of(budget))
    if wait is None:
        return " ".join([rule, _("Wait until one of them has ended, or stop one.")])
    seconds = ngettext("Try again in {count} second.", "Try again in {count} seconds.", wait).format(count=wait)
    return " ".join([rule, seconds])


def whom_to_ask(user_id: int) -> str:
    """Who may change it; an administrator is told where."""
    people = list(get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk")[:NAMED])
    if any(person.pk == user_id for person in people):
        return _("You can change it under Settings, Budgets.")
    named = [f"{person.name} ({person.email})" if person.name else person.email for person in people]
    return _("For more, ask {people}.").format(people=_(", ").join(named)) if named else ""
