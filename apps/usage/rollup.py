"""The ledger by days: each ended call is counted once in a UsageDay, soon after its end and while nobody waits for it.

`Call.rolled` says whether it is. Whoever moves calls holds `_alone`, so that none is counted twice.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from apps.work.database import writing

from . import times
from .models import Call, UsageDay
from .times import TIMES

DIMENSIONS = ("day", "user_id", "upstream_name", "model_name", "format", "kind", "outcome", "cause", "unit")
COLUMNS = (
    "retries",
    "input_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "units",
    "cost",
    "duration_ms",
)
SUMS = ("calls", "estimated", "unpriced", *COLUMNS)
MONEY = 6  # decimals to which sums are compared: SQLite adds floating point
BATCH = 200
LOCK = 0x706C6179  # of PostgreSQL's, for this alone
USED = Q(input_tokens__gt=0) | Q(output_tokens__gt=0) | Q(units__gt=0)

Sums = Mapping[str, Any]


def grouped(calls: QuerySet[Call]) -> QuerySet:
    """The ended calls added up: dicts of DIMENSIONS, and of SUMS and TIMES with `all_` before their names."""
    ended = calls.exclude(outcome=Call.Outcome.RUNNING).order_by()
    return ended.annotate(day=TruncDate("started_at", tzinfo=UTC)).values(*DIMENSIONS).annotate(**_sums())


def _sums() -> dict[str, Any]:
    columns = {f"all_{name}": Coalesce(Sum(name), 0, output_field=UsageDay._meta.get_field(name)) for name in COLUMNS}
    estimated = Sum("cost", filter=Q(cost_source=Call.Source.ESTIMATED))
    return {
        "all_calls": Count("pk"),
        "all_estimated": Coalesce(estimated, 0, output_field=UsageDay._meta.get_field("cost")),
        "all_unpriced": Count("pk", filter=USED & Q(cost=None)),
        **columns,
        **times.of_calls(),
    }


def advance() -> int:
    """Counts all calls that have ended and are not counted yet; gives their number."""
    done = 0
    while moved := step():
        done += moved
    return done


def step() -> int:
    """Counts some of them, so few that no writer waits long; gives their number."""
    ended = Call.objects.filter(rolled=False).exclude(outcome=Call.Outcome.RUNNING)
    if not ended.exists():
        return 0
    with writing():
        _alone()
        ids = list(ended.order_by("started_at").values_list("pk", flat=True)[:BATCH])
        if ids:
            _count(Call.objects.filter(pk__in=ids))
    return len(ids)


def _count(calls: QuerySet[Call]) -> None:
    _add(grouped(calls))
    calls.update(rolled=True)


def withdraw(calls: QuerySet[Call]) -> None:
    """Takes calls that are counted out again, as they will change; to be called within `writing`."""
    _alone()
    ids = list(calls.filter(rolled=True).values_list("pk", flat=True))
    counted = Call.objects.filter(pk__in=ids)
    rows = list(grouped(counted))
    _add(rows, sign=-1)
    _forget(rows)
    counted.update(rolled=False)


def days() -> list[date]:
    """Each day on which there were calls, or that is counted."""
    called = Call.objects.order_by().annotate(day=TruncDate("started_at", tzinfo=UTC)).values_list("day", flat=True)
    return sorted({*called.distinct(), *UsageDay.objects.values_list("day", flat=True).distinct()})


def differences(day: date) -> list[tuple[dict, Sums, Sums]]:
    """Where the counts of a day are not those of the ledger: what, as it is counted, as the ledger says."""
    with writing():
        _alone()
        truth = _by_dimensions(grouped(_of(day).filter(rolled=True)))
        names = {f"all_{name}": Sum(name) for name in SUMS}
        rows = UsageDay.objects.filter(day=day).order_by().values(*DIMENSIONS).annotate(**names, **times.of_days())
        told = _by_dimensions(rows)
    nothing = dict.fromkeys(SUMS, 0) | dict.fromkeys(TIMES, "")
    return [
        (dict(zip(DIMENSIONS, key, strict=True)), told.get(key, nothing), truth.get(key, nothing))
        for key in sorted({*told, *truth}, key=str)
        if told.get(key, nothing) != truth.get(key, nothing)
    ]


def recount(day: date) -> None:
    """Makes a day's counts anew from the ledger."""
    with writing():
        _alone()
        UsageDay.objects.filter(day=day).delete()
        ended = _of(day).exclude(outcome=Call.Outcome.RUNNING)
        ended.filter(rolled=False).update(rolled=True)
        _add(grouped(_of(day).filter(rolled=True)))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _of(day: date) -> QuerySet[Call]:
    return Call.objects.filter(started_at__gte=midnight(day), started_at__lt=midnight(day + timedelta(days=1)))


def _by_dimensions(rows: Iterable[Mapping[str, Any]]) -> dict[tuple, Sums]:
    found = {
        tuple(row[name] for name in DIMENSIONS): {
            **{name: round(row[f"all_{name}"], MONEY) + 0 for name in SUMS},
            **{name: "".join(sorted(row[f"all_{name}"])) for name in TIMES},
        }
        for row in rows
    }
    return {key: sums for key, sums in found.items() if any(sums.values())}


def _alone() -> None:
    """SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _add(rows: Iterable[Mapping[str, Any]], sign: int = 1) -> None:
    sql, fields = _upsert()
    written = []
    for row in rows:
        values = {name: row[name] for name in DIMENSIONS} | {name: sign * row[f"all_{name}"] for name in SUMS}
        values |= {name: row[f"all_{name}"] if sign > 0 else "" for name in TIMES}
        values["id"] = _id([row[name] for name in DIMENSIONS])
        written.append([field.get_db_prep_save(values[field.attname], connection) for field in fields])
    if written:
        with connection.cursor() as cursor:
            cursor.executemany(sql, sorted(written, key=lambda values: str(values[0])))


def _forget(rows: Iterable[Mapping[str, Any]]) -> None:
    """Takes the times of calls out again, wherever among the rows of their kind they stand."""
    for row in rows:
        gone = {name: row[f"all_{name}"] for name in TIMES}
        for day in UsageDay.objects.filter(**{name: row[name] for name in DIMENSIONS}):
            for name in TIMES:
                kept, gone[name] = times.without(getattr(day, name), gone[name])
                setattr(day, name, kept)
            day.save(update_fields=TIMES)


def _id(values: list) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256(repr([str(value) for value in values]).encode()).digest()[:16])


@cache
def _upsert() -> tuple[str, list]:
    table, quote = connection.ops.quote_name(UsageDay._meta.db_table), connection.ops.quote_name
    fields = list(UsageDay._meta.concrete_fields)
    columns = ", ".join(quote(field.column) for field in fields)
    signs = dict.fromkeys(SUMS, "+") | dict.fromkeys(TIMES, "||")
    added = ", ".join(
        f"{quote(name)} = {table}.{quote(name)} {sign} EXCLUDED.{quote(name)}" for name, sign in signs.items()
    )
    places = ", ".join(["%s"] * len(fields))
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({quote('id')}) DO UPDATE SET {added}",  # noqa: S608
        fields,
    )
