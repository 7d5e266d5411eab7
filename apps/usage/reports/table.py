"""The table of a report: what each member, model … used, and of one that is opened its parts."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from apps.work.figures import dollars

from . import figures, names
from .sums import Ledger, Total, merged
from .wanted import NOBODY, Wanted

MOST_ROWS = 100
GROUP = "group"


class By(msgspec.Struct, frozen=True):
    """One way to divide: its heads, the column, and what the parts of a row are."""

    label: Any
    several: Any
    column: str
    parts: str
    team_only: bool = False


BY = {
    "member": By(_("Member"), _("Members"), "user_id", "model", True),
    GROUP: By(_("Group"), _("Groups"), "user_id", "member", True),
    "model": By(_("Model"), _("Models"), "model_name", "member"),
    "upstream": By(_("Upstream"), _("Upstreams"), "upstream_name", "model"),
    "format": By(_("Wire format"), _("Wire formats"), "format", "model"),
    "kind": By(_("Mode"), _("Modes"), "kind", "model"),
    "outcome": By(_("Outcome"), _("Outcomes"), "outcome", "model"),
}
SORTS: dict[str, Callable[["Row"], Any]] = {
    "name": lambda row: row.label.casefold(),
    "calls": lambda row: row.total.calls,
    "input": lambda row: row.total.input_tokens,
    "output": lambda row: row.total.output_tokens,
    "failed": lambda row: row.total.failure or 0,
    "cost": lambda row: (row.total.cost, row.total.calls),
}


class Row(msgspec.Struct, kw_only=True):
    """`key` is its value in the address, "" where no filter can be on it."""

    key: str
    label: str
    total: Total
    calls: str = ""
    is_open: bool = False
    fold: str = ""
    parts: Sequence["Row"] = ()
    budget: Any = None

    @property
    def place(self) -> str:
        """What its cells are called in the page: a key may hold anything."""
        return place_of(self.key)

    @property
    def requests(self) -> str:
        return figures.count(self.total.calls)

    @property
    def input(self) -> str:
        return figures.short(self.total.input_tokens)

    @property
    def output(self) -> str:
        return figures.short(self.total.output_tokens)

    @property
    def failed(self) -> str:
        return figures.percent(self.total.failure)

    @property
    def cost(self) -> str:
        return dollars(self.total.cost) if self.total.cost or not self.total.unpriced else figures.NONE


def place_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


class Table(msgspec.Struct, frozen=True):
    by: str
    way: By
    heads: Sequence[tuple[str, str, str]]
    rows: Sequence[Row]
    whole: Row
    hidden: int

    @property
    def count(self) -> int:
        return len(self.rows) + self.hidden


def table(ledger: Ledger, by: str, said: Mapping[str, str]) -> Table:
    """`said` holds `sort`, `open` and `rows` of the address."""
    wanted = ledger.wanted
    found = _rows(ledger, by)
    sort, falls = _sorting(said)
    found.sort(key=lambda row: row.label.casefold())
    found.sort(key=SORTS[sort], reverse=falls)
    shown = found if said.get("rows") == "all" else found[:MOST_ROWS]
    kept = {"by": by, "sort": said.get("sort", ""), "rows": said.get("rows", ""), "show": said.get("show", "")}
    for row in shown:
        row.is_open = bool(row.key) and row.key == said.get("open")
        row.fold = wanted.address(**kept, open="" if row.is_open else row.key)
        row.calls = wanted.address(**{by: row.key}) if row.key else ""
        if row.is_open:
            row.parts = _parts(ledger, by, row)
    return Table(
        by=by,
        way=BY[by],
        heads=_heads(wanted, kept, sort, falls),
        rows=shown,
        whole=Row(key="", label="", total=ledger.total(), calls=wanted.address()),
        hidden=len(found) - len(shown),
    )


def ways(wanted: Wanted) -> dict[str, By]:
    return {name: way for name, way in BY.items() if wanted.team or not way.team_only}


def labels(by: str, ledger: Ledger) -> Callable[[Any], str]:
    """How a value of the column is called."""
    if BY[by].column == "user_id":
        known = names.members({user for (user,) in ledger.by("user_id")})
        return lambda value: known.get(value, str(value))
    told = {"format": names.wire, "kind": names.kind, "outcome": names.outcome}.get(by)
    return lambda value: (told(value) if told else str(value)) or str(names.NONE)


def _rows(ledger: Ledger, by: str) -> list[Row]:
    if by == GROUP:
        return _by_group(ledger)
    label = labels(by, ledger)
    return [
        Row(key=key_of(value), label=label(value), total=total) for (value,), total in ledger.by(BY[by].column).items()
    ]


def _by_group(ledger: Ledger) -> list[Row]:
    """Whoever is in two groups counts in both: rows of groups may come to more than the whole."""
    of, found = names.groups_of(), dict[tuple[str, str], list[Total]]()
    for (user,), total in ledger.by("user_id").items():
        for group, name in of.get(user, [("", str(_("In no group")))]):
            found.setdefault((str(group), name), []).append(total)
    return [Row(key=key, label=name, total=merged(totals)) for (key, name), totals in found.items()]


def _parts(ledger: Ledger, by: str, row: Row) -> list[Row]:
    """What an opened row is made of, the dearest first."""
    within = msgspec.structs.replace(ledger.wanted, **_narrowed(ledger.wanted, by, row.key))
    parts = BY[by].parts if within.team else "format" if by == "model" else "model"
    found = _rows(Ledger(within), parts)
    for part in found:
        part.calls = within.address(**{parts: part.key}) if part.key else ""
    return sorted(found, key=SORTS["cost"], reverse=True)[:MOST_ROWS]


def _narrowed(wanted: Wanted, by: str, key: str) -> dict[str, Any]:
    return {"group": int(key)} if by == GROUP else {"filters": {**wanted.filters, by: key}}


def key_of(value: object) -> str:
    return NOBODY if value is None else str(value)


def _sorting(said: Mapping[str, str]) -> tuple[str, bool]:
    chosen = said.get("sort", "")
    name = chosen.removeprefix("-")
    return (name, chosen.startswith("-")) if name in SORTS else ("cost", True)


def _heads(wanted: Wanted, kept: dict[str, str], sort: str, falls: bool) -> list[tuple[str, str, str]]:
    """For each column its name, the address that sorts by it, and how it is sorted now."""
    heads = []
    for name in SORTS:
        turned = name if sort == name and falls else f"-{name}"
        if sort != name and name == "name":
            turned = name
        order = ("descending" if falls else "ascending") if sort == name else ""
        heads.append((name, wanted.address(**{**kept, "sort": turned}), order))
    return heads
