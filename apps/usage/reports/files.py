"""Reports as files, written while they are read: sums by days, or single calls. Columns are named as in the ledger."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from apps.work.sheets import csv_lines

from .. import rollup
from ..models import Call
from . import calls, names
from .sums import Ledger
from .wanted import Wanted

PAGE = 1000
DAYS = ("day", "member", "upstream_name", "model_name", "format", "kind", "outcome", "cause", "unit", *rollup.SUMS)
CALLS = (
    *("id", "started_at", "member", "upstream_name", "model_name", "answered_model", "format", "kind", "outcome"),
    *("cause", "status_code", "request_id", "retries", "input_tokens", "cached_tokens", "cache_write_tokens"),
    *("output_tokens", "reasoning_tokens", "tokens_source", "unit", "units", "cost", "cost_source"),
    *("first_token_ms", "duration_ms"),
)

Row = Sequence[Any]
Pages = Iterator[Sequence[Row]]


def of_days(wanted: Wanted) -> tuple[Sequence[str], Pages]:
    """The sums of each day: the columns, and rows in pages."""
    found = Ledger(wanted).by(*rollup.DIMENSIONS, of=rollup.SUMS)
    people = names.members({key[1] for key in found})

    def rows() -> Iterator[Row]:
        for key in sorted(found, key=str):
            day, user, *rest = key
            yield (day.isoformat(), people[user], *rest, *(getattr(found[key], name) for name in rollup.SUMS))

    return DAYS, _paged(rows())


def of_calls(wanted: Wanted) -> tuple[Sequence[str], Pages]:
    """Each call, newest first."""
    return CALLS, ([_row(call) for call in page] for page in calls.pages(wanted, PAGE))


def _row(call: Call) -> Row:
    known = {
        "id": str(call.pk),
        "started_at": call.started_at.isoformat(),
        "member": str(call.user) if call.user else "",
    }
    return [known[name] if name in known else getattr(call, name) for name in CALLS]


def _paged(rows: Iterable[Row]) -> Pages:
    rows = iter(rows)
    while page := [row for _place, row in zip(range(PAGE), rows, strict=False)]:
        yield page


def as_csv(columns: Sequence[str], pages: Pages) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8."""
    yield "\ufeff"
    for page in chain([[columns]], pages):
        yield "".join(csv_lines(page))


def as_json(columns: Sequence[str], pages: Pages) -> Iterator[bytes]:
    """A list of objects."""
    encode, first = msgspec.json.Encoder(decimal_format="number").encode, True
    yield b"["
    for page in pages:
        told = b",\n".join(encode(dict(zip(columns, row, strict=True))) for row in page)
        yield told if first else b",\n" + told
        first = False
    yield b"]\n"


FORMATS: dict[str, tuple[Callable[[Sequence[str], Pages], Iterator], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
WHAT: dict[str, Callable[[Wanted], tuple[Sequence[str], Pages]]] = {"days": of_days, "calls": of_calls}
