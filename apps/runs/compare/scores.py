"""What the answers of one prompt took, side by side: each row with its best, and lengths on one scale."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.work.figures import dollars

from ..metrics import Spent, duration, grouped, rate, speed


class Score(msgspec.Struct):
    """One number of one answer. `length` is in percent of the row's longest, None where nothing is drawn."""

    label: str
    value: str
    is_best: bool = False
    length: int | None = 0


class Row(msgspec.Struct, frozen=True):
    label: str
    number: Callable[[Spent], Any]
    shown: Callable[[Spent], str]
    best: Callable[..., Any] | None


def _rows() -> list[Row]:
    return [
        Row(_("First token"), lambda s: s.first_token_ms, lambda s: duration(s.first_token_ms or 0), min),
        Row(_("Duration"), lambda s: s.duration_ms, lambda s: duration(s.duration_ms or 0), min),
        Row(_("Speed"), speed_of, lambda s: rate(speed_of(s) or 0), max),
        Row(_("Cost"), lambda s: s.cost if s.used else None, _cost, min),
        Row(_("Tokens"), lambda s: s.output_tokens if s.used else None, _tokens, min),
    ]


def speed_of(spent: Spent) -> float | None:
    return speed(spent.output_tokens, spent.duration_ms, spent.first_token_ms)


def _cost(spent: Spent) -> str:
    cost = spent.cost or Decimal(0)
    shown = dollars(cost) if cost else _("free")
    return shown if spent.cost_source != "estimated" or not cost else _("about %(cost)s") % {"cost": shown}


def _tokens(spent: Spent) -> str:
    numbers = {"in": grouped(spent.input_tokens), "out": grouped(spent.output_tokens)}
    shown = _("%(in)s in, %(out)s out") % numbers
    return _("about %(tokens)s") % {"tokens": shown} if spent.tokens_source == "estimated" else shown


def beside(answers: Sequence[tuple[Spent | None, bool]]) -> list[list[Score]]:
    """For each answer (what it took, whether it may be the best) its row of numbers.

    The best is marked where there are two to choose from and they differ. An answer that failed is none.
    """
    found: list[list[Score]] = [[] for _answer in answers]
    for row in _rows():
        numbers = [row.number(spent) if spent else None for spent, _counts in answers]
        counted = [
            number for number, (_spent, counts) in zip(numbers, answers, strict=True) if counts and number is not None
        ]
        best = row.best(counted) if row.best and len(counted) > 1 and len(set(counted)) > 1 else None
        longest = max((number for number in numbers if number is not None), default=0)
        for place, (spent, counts) in enumerate(answers):
            number = numbers[place]
            score = Score(label=row.label, value="–" if number is None or spent is None else row.shown(spent))
            score.is_best = counts and best is not None and number == best
            score.length = round(100 * number / longest) if number and longest else 0
            found[place].append(score)
    return found
