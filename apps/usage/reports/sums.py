"""Sums of calls: those of the counted days, and of the calls that are not counted yet."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from .. import rollup
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


ALL = (*rollup.SUMS, "failed")
_SUMS = {name: Sum(name) for name in rollup.SUMS} | {"failed": Coalesce(Sum("calls", filter=Q(outcome=FAILED)), 0)}


class Ledger:
    """The sums of one report. A call that is counted between its two looks is missed until the next one."""

    def __init__(self, wanted: Wanted):
        self.wanted = wanted
        self._found: dict[tuple, dict[tuple, Total]] = {}

    @cached_property
    def tail(self) -> list[dict]:
        """The ended calls that are not counted yet, added up."""
        rows = rollup.grouped(self.wanted.of_calls().filter(rolled=False))
        return [{**row, "all_failed": row["all_calls"] * (row["outcome"] == FAILED)} for row in rows]

    def by(self, *names: str, of: Sequence[str] = ALL) -> dict[tuple, Total]:
        """For each combination of these of the roll-up's dimensions the sums that are asked for."""
        key = (*names, *of)
        if key not in self._found:
            self._found[key] = self._by(names, of)
        return self._found[key]

    def _by(self, names: tuple[str, ...], of: Sequence[str]) -> dict[tuple, Total]:
        told = {f"all_{name}": _SUMS[name] for name in of}
        rows = self.wanted.of_days().order_by().values_list(*names).annotate(**told)
        found = {row[: len(names)]: Total(**dict(zip(of, row[len(names) :], strict=True))) for row in rows}
        for row in self.tail:
            place = tuple(row[name] for name in names)
            more = Total(**{name: row[f"all_{name}"] for name in of})
            found[place] = merged([found[place], more]) if place in found else more
        return found

    def total(self) -> Total:
        """Of all together: from sums that are known by now, where there are any."""
        known = next((found for key, found in self._found.items() if key[-len(ALL) :] == ALL), None)
        return merged((self.by("outcome") if known is None else known).values())

    def values(self, *names: str) -> set[tuple]:
        """The combinations that there are."""
        counted = self.wanted.of_days().order_by().values_list(*names).distinct()
        return {*counted, *(tuple(row[name] for name in names) for row in self.tail)}


def merged(totals: Iterable[Total]) -> Total:
    found = Total()
    for total in totals:
        found.merge(total)
    return found
