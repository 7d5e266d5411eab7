"""How fast answers came: medians, from the letters that `times` has of each call."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec
from django.utils.translation import gettext as _

from apps.work.figures import decimal

from .. import times
from . import figures, names
from .overview import BETTER, WORSE, Tile
from .sums import Ledger
from .table import BY, GROUP, key_of, place_of
from .wanted import Wanted, latest

SLOWEST = 10
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


class Paces:
    """The times of one report. They are read once, for all that is told of them."""

    def __init__(self, wanted: Wanted, by: str):
        self.wanted, self.by = wanted, by
        self._told = Ledger(wanted).times(BY[by].column, "model_name")

    def medians(self) -> dict[str, str]:
        """The usual time to the first token for each row of the table, by the row's place."""
        firsts: dict[str, list[str]] = defaultdict(list)
        for (value, _model), (first, _speed) in self._told.items():
            for key in self._rows_of(value):
                firsts[key].append(first)
        found = {key: times.percentiles(letters, MIDDLE) for key, letters in firsts.items()}
        return {place_of(key): figures.milliseconds(each[MIDDLE]) for key, each in found.items() if each}

    def tile(self) -> Tile:
        """The usual time to the first token, against as many days before."""
        now, before = _median(self._told), _median(Ledger(self.wanted.before).times("kind"))
        change, state = "", ""
        if now is not None and before is not None and round(now) != round(before):
            told = _("%(time)s faster") if now < before else _("%(time)s slower")
            change, state = told % {"time": figures.milliseconds(abs(now - before))}, BETTER if now < before else WORSE
        return Tile(_("Median first token"), figures.milliseconds(now), change=change, state=state)

    def slowest(self) -> list[Pace]:
        """The models whose first token takes the longest, in the middle of all their calls."""
        letters: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for (_value, model), told in self._told.items():
            for kept, each in zip(letters[model], told, strict=True):
                kept.append(each)
        found = {model: times.percentiles(firsts, MIDDLE, 95) for model, (firsts, _speeds) in letters.items()}
        ordered = sorted(filter(found.get, found), key=lambda model: (-found[model][MIDDLE], model))[:SLOWEST]
        return [self._pace(model, found[model], *letters[model]) for model in ordered]

    def _pace(self, model: str, first: Mapping[int, float], firsts: Sequence[str], speeds: Sequence[str]) -> Pace:
        speed = times.percentiles(speeds, 5, MIDDLE)
        return Pace(
            model=model,
            calls=figures.count(sum(map(len, firsts))),
            first=figures.milliseconds(first[MIDDLE]),
            first_worst=figures.milliseconds(first[95]),
            speed=_rate(speed.get(MIDDLE)),
            speed_worst=_rate(speed.get(5)),
            address=self.wanted.address(model=model),
        )

    def _rows_of(self, value: object) -> list[str]:
        """The keys of the rows that it counts in: whoever is in two groups counts in both."""
        if self.by != GROUP:
            return [key_of(value)]
        return [str(group) for group, _name in self._groups.get(value, [("", "")])]

    @cached_property
    def _groups(self) -> dict:
        return names.groups_of()


def first_token(days: int = 30) -> Tile:
    """The team's usual time to the first token, for a page of an upper layer."""
    return Paces(latest(days), "kind").tile()


def _median(told: Mapping[tuple, tuple[str, str]]) -> float | None:
    return times.percentiles((first for first, _speed in told.values()), MIDDLE).get(MIDDLE)


def _rate(speed: float | None) -> str:
    return (
        figures.NONE if speed is None else _("%(rate)s tok/s") % {"rate": decimal(speed * 1000 / times.PER_SECOND, 1)}
    )
