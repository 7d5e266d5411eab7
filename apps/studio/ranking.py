"""How good a ranking is where the documents are labelled, and what moved against another ranking.

A ranking is the documents' places in the request, best first; it may be cut short. Labels are the documents' grades in
the order of the request: 0 is of no use, 1 is relevant, more is better.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Ranking = Sequence[int]
Labels = Sequence[float]


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a document stands in two rankings, counted from 1; None where a ranking does not name it."""

    index: int
    before: int | None
    after: int | None

    @property
    def by(self) -> int | None:
        """Places won (above 0) or lost; None where one of the rankings does not name it."""
        return None if self.before is None or self.after is None else self.before - self.after


def ndcg(ranking: Ranking, labels: Labels, k: int = 10) -> float | None:
    """nDCG@k, 0 to 1, with gains of 2^grade - 1; None where no document is relevant."""
    best = _gain(sorted(labels, reverse=True)[:k])
    return _gain(_grades(ranking, labels)[:k]) / best if best > 0 else None


def reciprocal_rank(ranking: Ranking, labels: Labels) -> float | None:
    """One by the place of the first relevant document, 0 where none is named; None where none is relevant.

    Its mean over several queries is the MRR.
    """
    if not any(grade > 0 for grade in labels):
        return None
    places = (place for place, grade in enumerate(_grades(ranking, labels), 1) if grade > 0)
    return 1 / place if (place := next(places, 0)) else 0.0


def mean(scores: Sequence[float | None]) -> float | None:
    """Of the queries that have a score; None if none has."""
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None


def shifts(before: Ranking, after: Ranking) -> list[Shift]:
    """Each document of either ranking, in the order of the later one, then those that it dropped."""
    old, new = _places(before), _places(after)
    return [Shift(index, old.get(index), new.get(index)) for index in dict.fromkeys([*after, *before])]


def _grades(ranking: Ranking, labels: Labels) -> list[float]:
    return [labels[index] for index in dict.fromkeys(ranking) if 0 <= index < len(labels)]


def _gain(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def _places(ranking: Ranking) -> dict[int, int]:
    return {index: place for place, index in enumerate(dict.fromkeys(ranking), 1)}
