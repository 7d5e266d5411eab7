"""What vectors say of each other: how alike they are, which are nearest, and where they lie on a plane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Vectors = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of the inputs by their places, `first` before `second`, and their likeness: -1 to 1."""

    first: int
    second: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Plane:
    """A point for each vector, and the share of all differences that each of the two directions shows: 0 to 1."""

    points: list[tuple[float, float]]
    shares: tuple[float, float]


def likeness(vectors: Vectors) -> list[list[float]]:
    """The cosine of each vector with each, whatever their lengths; 0 with a vector of nothing but zeros.

    Raises ValueError if the vectors do not have the same number of dimensions.
    """
    units = _units(_rows(vectors))
    return np.clip(units @ units.T, -1, 1).tolist()


def nearest(likenesses: Sequence[Sequence[float]], count: int = 10) -> list[Pair]:
    """The pairs that are most alike, best first."""
    firsts, seconds = np.triu_indices(len(likenesses), 1)
    values = np.asarray(likenesses, dtype=np.float64).reshape(len(likenesses), len(likenesses))[firsts, seconds]
    best = np.argsort(-values, kind="stable")[:count]
    return [Pair(int(firsts[place]), int(seconds[place]), float(values[place])) for place in best]


def plane(vectors: Vectors) -> Plane:
    """The two directions in which the vectors, all made equally long, differ most (principal components).

    The same vectors give the same picture: in each direction the farthest point lies above zero.
    Raises ValueError as `likeness` does.
    """
    units = _units(_rows(vectors))
    if not len(units):
        return Plane([], (0.0, 0.0))
    centred = units - units.mean(axis=0)
    powers, directions = np.linalg.eigh(centred @ centred.T)
    powers = np.clip(powers[::-1], 0, None)
    points = np.zeros((len(units), 2))
    shown = min(2, len(units))
    points[:, :shown] = (directions[:, ::-1] * np.sqrt(powers))[:, :shown]
    points *= np.where(points[np.abs(points).argmax(axis=0), [0, 1]] < 0, -1, 1)
    return Plane([(float(x), float(y)) for x, y in points], _shares(powers))


def _shares(powers: np.ndarray) -> tuple[float, float]:
    first, second, *_ = [*powers.tolist(), 0.0]
    whole = float(powers.sum())
    return (first / whole, second / whole) if whole > 0 else (0.0, 0.0)


def _rows(vectors: Vectors) -> np.ndarray:
    if len({len(vector) for vector in vectors}) > 1:
        raise ValueError("The vectors do not have the same number of dimensions.")
    return np.array(vectors, dtype=np.float64).reshape(len(vectors), -1 if vectors else 0)


def _units(rows: np.ndarray) -> np.ndarray:
    """Scaled by the largest number first: the square of a very large one would be infinite."""
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0)
    rows = np.divide(rows, largest, out=np.zeros_like(rows), where=largest > 0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
