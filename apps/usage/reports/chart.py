"""Stacked bars, one for a day or for several where there are many days, drawn by attributes alone."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.work.figures import dollars

from . import figures
from .sums import Ledger

WIDTH, HEIGHT = 1000, 300
SERIES, LINES = 5, 4
# What may be shown, and the sums that make it up.
MEASURES: dict[str, tuple[object, tuple[str, ...]]] = {
    "cost": (gettext_lazy("Spend"), ("cost",)),
    "calls": (gettext_lazy("Requests"), ("calls",)),
    "tokens": (gettext_lazy("Tokens"), ("input_tokens", "output_tokens")),
}


class Rect(msgspec.Struct, frozen=True):
    series: int
    x: str
    y: str
    width: str
    height: str


class Bar(msgspec.Struct, frozen=True):
    title: str
    rects: Sequence[Rect]


class Chart(msgspec.Struct, frozen=True):
    """`steps` are the labels of the lines, highest first; `told` is the whole in a sentence."""

    measure: str
    legend: Sequence[tuple[int, str]]
    bars: Sequence[Bar]
    lines: Sequence[str]
    steps: Sequence[str]
    dates: Sequence[str]
    told: str
    span: int


def chart(ledger: Ledger, column: str, label: Callable[[object], str], measure: str) -> Chart:
    """The sums of each bar by what stands in `column`: the largest have a colour each, the rest one together."""
    measure = measure if measure in MEASURES else "cost"
    sums = MEASURES[measure][1]
    totals = ledger.by("bar", column)
    found = {key: float(sum(getattr(total, name) for name in sums)) for key, total in totals.items()}
    shown = _largest(found)
    length, days = ledger.bar_days, ledger.wanted.days
    starts = [ledger.wanted.start + timedelta(days=step) for step in range(0, days, length)]
    stacks: list[dict[int, float]] = [defaultdict(float) for _start in starts]
    for (bar, value), amount in found.items():
        place = shown.index(value) + 1 if value in shown else SERIES + 1
        stacks[bar][place] += amount
    top = _ceiling(max((sum(stack.values()) for stack in stacks), default=0), measure)
    return Chart(
        measure=measure,
        legend=_legend(shown, stacks, label),
        bars=[
            _bar(start, place, stack, len(starts), top, measure)
            for place, (start, stack) in enumerate(zip(starts, stacks, strict=True))
        ],
        lines=[f"{HEIGHT * line / LINES:.0f}" for line in range(LINES)],
        steps=[_amount(top * (LINES - line) / LINES, measure, True) for line in range(LINES + 1)],
        dates=[figures.day(start) for start in _some(starts)],
        told=_told(starts, stacks, measure),
        span=length,
    )


def _largest(found: dict[tuple, float]) -> list:
    sums: dict[object, float] = defaultdict(float)
    for (_bar, value), amount in found.items():
        sums[value] += amount
    ordered = sorted((value for value, amount in sums.items() if amount), key=lambda value: (-sums[value], str(value)))
    return ordered[:SERIES]


def _legend(shown: list, stacks: list[dict[int, float]], label: Callable) -> list[tuple[int, str]]:
    rest = [(SERIES + 1, _("Other"))] if any(stack.get(SERIES + 1) for stack in stacks) else []
    return [(place, label(value)) for place, value in enumerate(shown, 1)] + rest


def _bar(start: date, place: int, stack: dict[int, float], count: int, top: float, measure: str) -> Bar:
    slot = WIDTH / count
    width, left, floor = slot * 0.68, place * slot + slot * 0.16, float(HEIGHT)
    rects = []
    for series in sorted(stack):
        if height := HEIGHT * stack[series] / top:
            floor -= height
            drawn = max(0.0, height - 0.9 if height > 2 else height)
            rects.append(Rect(series, f"{left:.1f}", f"{floor:.1f}", f"{width:.1f}", f"{drawn:.1f}"))
    return Bar(f"{figures.day(start)}: {_amount(sum(stack.values()), measure)}", rects)


def _ceiling(most: float, measure: str) -> float:
    """A round number above the highest bar that four lines divide well."""
    if most <= 0:
        return LINES
    size = 10 ** math.floor(math.log10(most))
    ceiling = next(size * step for step in (1, 2, 4, 6, 8, 10) if size * step >= most * 0.9999)
    return ceiling if measure == "cost" else max(float(LINES), math.ceil(ceiling / LINES) * LINES)


def _amount(number: float, measure: str, is_axis: bool = False) -> str:
    if measure == "cost":
        told = dollars(Decimal(str(round(number, 8))))
        return figures.plain(told) if is_axis and number == int(number) else told
    return figures.count(round(number)) if number < 100_000 else figures.short(round(number))


def _some(starts: list[date]) -> list[date]:
    """A week's, or five of more, the first and the last among them."""
    most = len(starts) if len(starts) <= 7 else 5
    return [starts[round(place * (len(starts) - 1) / max(1, most - 1))] for place in range(most)]


def _told(starts: list[date], stacks: list[dict[int, float]], measure: str) -> str:
    sums = [sum(stack.values()) for stack in stacks]
    peak = max(range(len(sums)), key=sums.__getitem__)
    told = {"bars": len(sums), "whole": _amount(sum(sums), measure), "most": _amount(sums[peak], measure)}
    return _("%(bars)s stacked bars, %(whole)s together; the highest is %(day)s with %(most)s.") % {
        **told,
        "day": figures.day(starts[peak]),
    }
