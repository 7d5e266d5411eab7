"""Sums of calls: those of the counted days, and of the calls that are not counted yet."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

import msgspec
from django.db.models import DateField, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from .. import rollup, times
from ..models import Call
from .wanted import Wanted

FAILED = Call.Outcome.FAILED


class Total(msgspec.Struct):
    """`tokens` are in and out; `estimated` is the part of `cost` that we worked out."""

    calls: int = 0
    failed: int = 0
    estimated: Decimal = Decimal()
    unpriced: int = 0
    retries: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    units: Decimal = Decimal()
    cost: Decimal = Decimal()
    duration_ms: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def failure(self) -> float | None:
        """The share of calls that failed, 0 to 1."""
        return self.failed / self.calls if self.calls else None

    def merge(self, other: "Total") -> None:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


MOST_BARS = 92
# What pages tell of sums; the rest of them is for files.
SHOWN = (
    *("calls", "failed", "retries", "unpriced", "input_tokens", "cached_tokens", "output_tokens", "cost", "estimated"),
)
_SUMS = {name: Sum(name) for name in rollup.SUMS} | {"failed": Coalesce(Sum("calls", filter=Q(outcome=FAILED)), 0)}


class Bar(Func):
    """In which of the spans of `length` days from `start` on a day lies, counted from 0."""

    template, output_field = "(%(expressions)s)", IntegerField()
    arg_joiner = " - "

    def __init__(self, start: date, length: int):
        super().__init__(F("day"), Value(start, output_field=DateField()))
        self.length = length

    def as_sql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template=f"(%(expressions)s) / {self.length:d}", **context)

    def as_sqlite(self, compiler, connection, **context):
        days = f"CAST(JULIANDAY(%(expressions)s) AS INTEGER) / {self.length:d}"
        return super().as_sql(compiler, connection, template=days, arg_joiner=") - JULIANDAY(", **context)


class Ledger:
    """The sums of one report. A call that is counted between its two looks is missed until the next one."""

    def __init__(self, wanted: Wanted):
        self.wanted = wanted
        self.bar_days = max(1, math.ceil(wanted.days / MOST_BARS))
        self._found: dict[tuple, dict[tuple, Total]] = {}

    @cached_property
    def tail(self) -> list[dict]:
        """The ended calls that are not counted yet, added up."""
        rows = rollup.grouped(self.wanted.of_calls().filter(rolled=False))
        for row in rows:
            row["bar"] = (row["day"] - self.wanted.start).days // self.bar_days
            row["all_failed"] = row["all_calls"] * (row["outcome"] == FAILED)
        return list(rows)

    def by(self, *names: str, of: Sequence[str] = SHOWN) -> dict[tuple, Total]:
        """For each combination of these of the roll-up's dimensions, or of "bar", the sums that are asked for.

        A bar is a day, or several where there are many, counted from 0. What is known by bars is not read again.
        """
        key = (names, tuple(of))
        if key not in self._found:
            finer = self._found.get((("bar", *names), SHOWN)) if key[1] == SHOWN else None
            self._found[key] = self._by(names, of) if finer is None else _coarser(finer)
        return self._found[key]

    def _by(self, names: tuple[str, ...], of: Sequence[str]) -> dict[tuple, Total]:
        found = {}
        for row in self._days(names).annotate(**{f"all_{name}": _SUMS[name] for name in of}):
            found[row[: len(names)]] = Total(**dict(zip(of, row[len(names) :], strict=True)))
        for row in self.tail:
            place = tuple(row[name] for name in names)
            more = Total(**{name: row[f"all_{name}"] for name in of})
            found[place] = merged([found[place], more]) if place in found else more
        return found

    def _days(self, names: tuple[str, ...]) -> QuerySet:
        days = self.wanted.of_days().order_by()
        if "bar" in names:
            days = days.annotate(bar=Bar(self.wanted.start, self.bar_days))
        return days.values_list(*names)

    def times(self, *names: str) -> dict[tuple, tuple[str, str]]:
        """For each combination the letters of `times`: of first tokens and of speeds."""
        found = {row[: len(names)]: row[len(names) :] for row in self._days(names).annotate(**times.of_days())}
        for row in self.tail:
            place = tuple(row[name] for name in names)
            first, speed = found.get(place, ("", ""))
            found[place] = (first + row["all_firsts"], speed + row["all_speeds"])
        return found

    def total(self, of: Sequence[str] = SHOWN) -> Total:
        """Of all together: from sums that are known by now, where there are any."""
        known = [found for (_names, told), found in self._found.items() if told == SHOWN]
        return merged((min(known, key=len) if known else self.by("outcome", of=of)).values())

    @cached_property
    def causes(self) -> dict[str, int]:
        """How often calls failed, by why. Few do: they have an index of their own."""
        if not self.total().failed:
            return {}
        failed = Ledger(self.wanted.narrowed(outcome=FAILED.value))
        return {cause: total.calls for (cause,), total in failed.by("cause", of=("calls",)).items()}

    def values(self, *names: str) -> set[tuple]:
        """The combinations that there are."""
        return {*self._days(names).distinct(), *(tuple(row[name] for name in names) for row in self.tail)}


def _coarser(finer: Mapping[tuple, Total]) -> dict[tuple, Total]:
    """Without the first of the columns."""
    found: dict[tuple, Total] = {}
    for (_first, *rest), total in finer.items():
        found.setdefault(tuple(rest), Total()).merge(total)
    return found


def merged(totals: Iterable[Total]) -> Total:
    found = Total()
    for total in totals:
        found.merge(total)
    return found
