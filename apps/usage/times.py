"""How fast calls were, a letter for each: medians cannot be added up, but letters can be joined and counted.

A letter stands for all numbers that differ by less than half a thousandth, so a median of letters is that of the calls
to within half a thousandth, without a look at any of them.
"""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Aggregate, F, FloatField, IntegerField, Q, TextField, Value
from django.db.models.functions import Cast, Chr, Coalesce, Floor, Least, Ln
from django.db.models.lookups import GreaterThanOrEqual

TIMES = ("firsts", "speeds")
FINE = 2000  # letters for each time that a number grows e-fold
FROM, LAST = 0x100, 0xD7FF  # letters that are one character each, everywhere
PER_SECOND = 10_000  # speeds are tokens in ten seconds, so that slow ones are told apart
NONE = Value("", output_field=TextField())
SHORTEST_MS = 20  # of writing: what is quicker tells nothing of speed


class Joined(Aggregate):
    """Texts one behind the other, in no order; none where there is none."""

    function, output_field = "STRING_AGG", TextField()
    template = "%(function)s(%(expressions)s, '')"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def of_calls() -> dict[str, Any]:
    """Sums over calls: their letters."""
    took = F("duration_ms") - F("first_token_ms")
    writing = Q(output_tokens__gt=0) & Q(GreaterThanOrEqual(took, SHORTEST_MS))
    speed = Cast("output_tokens", FloatField()) * PER_SECOND / took
    return {
        "all_firsts": _joined(_letter(Cast("first_token_ms", FloatField())), Q(first_token_ms__isnull=False)),
        "all_speeds": _joined(_letter(speed), writing),
    }


def of_days() -> dict[str, Any]:
    """Sums over counted days: their letters."""
    return {f"all_{name}": Coalesce(Joined(name), NONE) for name in TIMES}


def _joined(letters: Chr, where: Q) -> Coalesce:
    return Coalesce(Joined(letters, filter=where), NONE)


def _letter(number: Any) -> Chr:
    return Chr(Least(Cast(Floor(Ln(number + 1.0) * FINE), IntegerField()) + FROM, Value(LAST)))


def without(letters: str, gone: str) -> tuple[str, str]:
    """The letters without those that are gone, and what was not among them."""
    there, out = Counter(letters), Counter(gone)
    return "".join((there - out).elements()), "".join((out - there).elements())


def percentiles(letters: Iterable[str], *wanted: int) -> dict[int, float]:
    """The numbers that so many percent do not exceed; nothing where there are no letters."""
    counts: Counter[str] = Counter()
    for text in letters:
        counts.update(text)
    size, found = counts.total(), {}
    for percent in wanted if size else ():
        left = (size * percent + 99) // 100
        for letter in sorted(counts):
            left -= counts[letter]
            if left <= 0:
                found[percent] = math.exp((ord(letter) - FROM + 0.5) / FINE) - 1
                break
    return found
