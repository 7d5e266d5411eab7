"""Figures of reports as text: short where there are many digits, with a dash where nothing is known."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.work import figures
from apps.work.figures import decimal

NONE = "–"


def count(number: int) -> str:
    return number_format(number, force_grouping=True)


def short(number: int) -> str:
    """12,345 as it is, 21.4 M from a hundred thousand on; nothing at all is a dash."""
    if not number:
        return NONE
    return count(number) if number < 100_000 else figures.short(number)


def percent(share: float | None, digits: int = 1) -> str:
    return NONE if share is None else _("%(number)s%%") % {"number": decimal(100 * share, digits, grouped=True)}


def change(now: float, before: float) -> str:
    """+12.4% of what it was before; nothing where there was nothing."""
    if not before:
        return ""
    share = float(now) / float(before) - 1
    return f"{'+' if share > 0 else ''}{percent(share)}"


def milliseconds(number: float | None) -> str:
    if number is None:
        return NONE
    if number < 10_000:
        return _("%(number)s ms") % {"number": number_format(round(number), force_grouping=True)}
    return _("%(seconds)s s") % {"seconds": decimal(number / 1000, 1)}


def day(when: date) -> str:
    """Oct 25, in the reader's language; with its year where that is another one."""
    return date_format(
        when,
        pgettext("how a day is written: Django's date format", "M j")
        if when.year == timezone.now().year
        else "DATE_FORMAT",
    )


def plain(money: str) -> str:
    """$20 for $20.00, whatever the language writes between dollars and cents."""
    return money[:-3] if money.endswith("00") and not money[-3].isdigit() else money


def span(start: date, end: date) -> str:
    return _("%(start)s to %(end)s, UTC") % {"start": day(start), "end": day(end)}
