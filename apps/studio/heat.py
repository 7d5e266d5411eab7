"""Likeness as a table with colours, and vectors as points on a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from apps.work.figures import decimal

if TYPE_CHECKING:
    from .vectors import Plane

# A table with more rows is not read, a map with more points is a cloud.
ROWS, NAMED = 40, 60
LEVELS = 10
WIDTH, HEIGHT, EDGE = 480, 320, 24


class Cell(msgspec.Struct, frozen=True):
    """`level` is how strong its colour is, 0 to 10."""

    text: str
    level: int


class Row(msgspec.Struct, frozen=True):
    number: int
    label: str
    cells: Sequence[Cell]


class Point(msgspec.Struct, frozen=True):
    """`x` and `y` as an SVG takes them; `name` is written beside it, '' where there are too many."""

    x: str
    y: str
    name: str
    label: str


def table(likenesses: Sequence[Sequence[float]], labels: Sequence[str]) -> list[Row]:
    """Colours go from the least to the greatest likeness of two different inputs: models use a narrow band."""
    shown = [row[:ROWS] for row in likenesses[:ROWS]]
    apart = [value for place, row in enumerate(shown) for other, value in enumerate(row) if other != place]
    least, most = (min(apart), max(apart)) if apart else (0.0, 1.0)
    return [
        Row(place + 1, labels[place], [Cell(decimal(value), _level(value, least, most)) for value in row])
        for place, row in enumerate(shown)
    ]


def _level(value: float, least: float, most: float) -> int:
    share = (value - least) / (most - least) if most > least else 0.0
    return round(LEVELS * min(1.0, max(0.0, share)))


def points(plane: Plane, labels: Sequence[str]) -> list[Point]:
    """Both directions in one scale, so that distances are what they are."""
    across, up = [x for x, _y in plane.points], [y for _x, y in plane.points]
    left, top = min(across, default=0), max(up, default=0)
    wide, high = max(across, default=0) - left, top - min(up, default=0)
    scale = min((WIDTH - 2 * EDGE) / wide if wide else 1e9, (HEIGHT - 2 * EDGE) / high if high else 1e9)
    scale = 0 if scale == 1e9 else scale
    aside, down = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    is_named = len(labels) <= NAMED
    return [
        Point(
            f"{aside + (x - left) * scale:.1f}",
            f"{down + (top - y) * scale:.1f}",
            str(place) if is_named else "",
            label,
        )
        for place, ((x, y), label) in enumerate(zip(plane.points, labels, strict=True), 1)
    ]


def shown_share(plane: Plane) -> str:
    """How much of all differences the picture shows."""
    return f"{decimal(100 * sum(plane.shares), 0)}%"
