"""How fast answers came: medians cannot be added up, so they are read from the calls themselves."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from apps.work.figures import decimal

from . import figures
from .overview import BETTER, WORSE, Tile
from .table import BY, GROUP, key_of, place_of
from .wanted import Wanted

SLOWEST = 10
SHORTEST_MS = 20  # of writing: what is quicker tells nothing of speed
MIDDLE = 50


class Pace(msgspec.Struct, frozen=True):
    """A model's times, as text: the usual one and the one of every twentieth call that is the worst."""

    model: str
    calls: str
    first: str
    first_worst: str
    speed: str
    speed_worst: str
    address: str


def medians(wanted: Wanted, by: str) -> dict[str, str]:
    """The usual time to the first token for each row of the table, by the row's place."""
    column = "user__groups" if by == GROUP else BY[by].column
    found = _percentiles(_first(wanted), column, "first_token_ms", MIDDLE)
    return {place_of(key_of(value)): figures.milliseconds(times[MIDDLE]) for value, times in found.items()}


def tile(wanted: Wanted) -> Tile:
    """The usual time to the first token, against as many days before."""
    now, before = _median(wanted), _median(wanted.before)
    change, state = "", ""
    if now is not None and before is not None and now != before:
        told = _("%(time)s faster") if now < before else _("%(time)s slower")
        change, state = told % {"time": figures.milliseconds(abs(now - before))}, BETTER if now < before else WORSE
    return Tile(_("Median first token"), figures.milliseconds(now), change=change, state=state)


def slowest(wanted: Wanted) -> list[Pace]:
    """The models whose first token takes the longest, in the middle of all their calls."""
    first = _percentiles(_first(wanted), "model_name", "first_token_ms", MIDDLE, 95)
    speed = _percentiles(_written(wanted), "model_name", "speed", MIDDLE, 5)
    ordered = sorted(first.items(), key=lambda item: (-item[1][MIDDLE], item[0]))[:SLOWEST]
    return [
        Pace(
            model=model,
            calls=figures.count(times["size"]),
            first=figures.milliseconds(times[MIDDLE]),
            first_worst=figures.milliseconds(times[95]),
            speed=_rate(speed.get(model, {}).get(MIDDLE)),
            speed_worst=_rate(speed.get(model, {}).get(5)),
            address=wanted.address(model=model),
        )
        for model, times in ordered
    ]


def _rate(speed: float | None) -> str:
    return figures.NONE if speed is None else _("%(rate)s tok/s") % {"rate": decimal(speed, 1)}


def _median(wanted: Wanted) -> float | None:
    found = _percentiles(_first(wanted), None, "first_token_ms", MIDDLE)
    return found[None][MIDDLE] if found else None


def _first(wanted: Wanted) -> QuerySet:
    return wanted.of_calls().exclude(first_token_ms=None).order_by()


def _written(wanted: Wanted) -> QuerySet:
    took = F("duration_ms") - F("first_token_ms")
    told = _first(wanted).filter(output_tokens__gt=0, duration_ms__gte=F("first_token_ms") + SHORTEST_MS)
    return told.annotate(speed=ExpressionWrapper(F("output_tokens") * 1000.0 / took, FloatField()))


def _percentiles(calls: QuerySet, column: str | None, number: str, *wanted: int) -> Mapping[Any, dict[Any, Any]]:
    """For each value of the column the number that so many percent do not exceed; `size` is how many there are."""
    within = [F(column)] if column else None
    narrow = calls.values(*filter(None, (column,)), number)  # or each call is sorted with all its columns
    ranked = narrow.annotate(
        place=Window(RowNumber(), partition_by=within, order_by=F(number).asc()),
        size=Window(Count("pk"), partition_by=within),
    )
    places = {percent: (F("size") * percent + 99) / 100 for percent in wanted}
    chosen = Q()
    for place in places.values():
        chosen |= Q(place=place)
    found: dict[Any, dict[Any, Any]] = {}
    for row in ranked.filter(chosen):
        times = found.setdefault(row[column] if column else None, {"size": row["size"]})
        times |= {each: row[number] for each in wanted if (row["size"] * each + 99) // 100 == row["place"]}
    return found
