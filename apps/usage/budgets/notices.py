"""What a person is shown of their own budgets: what is left, and once in each period that it is little."""

from typing import Any

from django.utils.translation import gettext as _

from .models import Budget, Notice
from .standing import Standing, of
from .words import amount, figure, moment, name_of


def left(user_id: int) -> dict[str, Any]:
    """What `usage/_left.html` needs: nothing where no budget applies. Whoever asks shows it: what is told once is told
    now."""
    standings = of(user_id)
    if not standings:
        return {}
    return {
        "line": _line(standings[0]),
        "standing": standings[0],
        "notices": [_notice(stands) for stands in standings if _is_little(stands) and _is_first(user_id, stands)],
    }


def _line(stands: Standing) -> str:
    budget = stands.budget
    if stands.is_used_up:
        return _("Used up: {name}").format(name=name_of(budget))
    words = {
        (Budget.Period.DAY, False): _("{left} of {limit} left today"),
        (Budget.Period.MONTH, False): _("{left} of {limit} left this month"),
        (Budget.Period.DAY, True): _("{left} of {limit} left today, for all of you together"),
        (Budget.Period.MONTH, True): _("{left} of {limit} left this month, for all of you together"),
    }
    told = {"left": figure(budget, stands.left), "limit": amount(budget, budget.limit)}
    return words[Budget.Period(budget.period), budget.together].format(**told)


def _notice(stands: Standing) -> str:
    budget = stands.budget
    words = _("{used} of the budget “{name}” are used. It renews on {when}.")
    told = {"used": amount(budget, stands.taken), "name": name_of(budget)}
    return words.format(**told, when=moment(stands.renews_at) if stands.renews_at else "")


def _is_little(stands: Standing) -> bool:
    """Of a budget of nothing there never was any."""
    return stands.state != "ok" and stands.budget.limit > 0


def _is_first(user_id: int, stands: Standing) -> bool:
    """Whether the person has not been told in this period; from now on they have."""
    told, is_new = Notice.objects.get_or_create(
        user_id=user_id, budget=stands.budget, defaults={"starts_at": stands.starts_at}
    )
    if is_new:
        return True
    mine = Notice.objects.filter(pk=told.pk).exclude(starts_at=stands.starts_at)
    return bool(mine.update(starts_at=stands.starts_at))
