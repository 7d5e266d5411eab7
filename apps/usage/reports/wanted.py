"""What a report is about, as its address says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import msgspec
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Call, UsageDay
from ..rollup import midnight

PERIODS = {"7": _("7 days"), "30": _("30 days"), "90": _("Quarter"), "365": _("Year"), "own": _("Dates")}
DEFAULT = "30"
LONGEST = timedelta(days=3660)
NOBODY = "nobody"
# The name in the address, and the column that it is about.
FILTERS = {
    "member": "user_id",
    "upstream": "upstream_name",
    "model": "model_name",
    "format": "format",
    "kind": "kind",
    "outcome": "outcome",
    "cause": "cause",
}


class Wanted(msgspec.Struct, frozen=True):
    """`viewer` sees their own calls, or everybody's where `team`; None is the machine, which sees all.

    `filters` are values by the names in FILTERS, `group` is the id of a group whose members of today are meant.
    """

    viewer: int | None
    team: bool
    period: str
    start: date
    end: date
    filters: Mapping[str, str] = {}
    group: int | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Wanted":
        """As many days, ending where these begin."""
        length = timedelta(days=self.days)
        return msgspec.structs.replace(self, start=self.start - length, end=self.end - length)

    @property
    def unfiltered(self) -> "Wanted":
        return msgspec.structs.replace(self, filters={}, group=None)

    def narrowed(self, **filters: str) -> "Wanted":
        return msgspec.structs.replace(self, filters={**self.filters, **filters})

    def of_days(self) -> QuerySet[UsageDay]:
        return self._narrow(UsageDay.objects.filter(day__range=(self.start, self.end)))

    def of_calls(self) -> QuerySet[Call]:
        end = midnight(self.end + timedelta(days=1))
        return self._narrow(Call.objects.filter(started_at__gte=midnight(self.start), started_at__lt=end))

    def _narrow(self, rows: QuerySet) -> QuerySet:
        if not self.team:
            rows = rows.filter(user_id=self.viewer)
        if self.group is not None:
            rows = rows.filter(user__in=get_user_model().objects.filter(groups=self.group))
        for name, value in self.filters.items():
            column = FILTERS[name]
            rows = rows.filter(user=None) if value == NOBODY and name == "member" else rows.filter(**{column: value})
        return rows

    def address(self, **changes: object) -> str:
        """The query that leads to the same report, with these changes; what is empty is left out."""
        said = {"scope": "team" if self.team else "", "period": "" if self.period == DEFAULT else self.period}
        if self.period == "own":
            said |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        said |= {**self.filters, "group": self.group or ""}
        return urlencode({name: value for name, value in {**said, **changes}.items() if value not in ("", None)})


def wanted(user, said: Mapping[str, str]) -> Wanted:
    """From an address; what cannot be understood is left out, and only administrators look at the team."""
    team = user.is_administrator and said.get("scope") == "team"
    period, start, end = _period(said)
    names = [name for name in FILTERS if team or name != "member"]
    filters = {name: value for name in names if (value := said.get(name, "").replace("\0", "")[:300])}
    if filters.get("member", NOBODY) != NOBODY and _number(filters["member"]) is None:
        del filters["member"]
    return Wanted(
        viewer=user.pk,
        team=team,
        period=period,
        start=start,
        end=end,
        filters=filters,
        group=_number(said.get("group", "")) if team else None,
    )


def latest(days: int, viewer: int | None = None) -> Wanted:
    """The last days up to today: a person's own, or for nobody the team's."""
    end = datetime.now(UTC).date()
    start = end - timedelta(days=days - 1)
    return Wanted(viewer=viewer, team=viewer is None, period=str(days), start=start, end=end)


def _period(said: Mapping[str, str]) -> tuple[str, date, date]:
    today = datetime.now(UTC).date()
    start, end = _day(said.get("from", "")), _day(said.get("to", ""))
    if said.get("period") == "own" and (start or end):
        start, end = sorted((start or end or today, end or today))
        return "own", max(start, end - LONGEST), end
    chosen = said.get("period", "")
    period = chosen if chosen in PERIODS else DEFAULT
    return period, today - timedelta(days=int(period if period != "own" else DEFAULT) - 1), today


def _number(text: str) -> int | None:
    """An id that a database can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None
