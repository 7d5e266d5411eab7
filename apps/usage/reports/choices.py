"""What the filters offer: what there was in these days."""

from collections.abc import Iterable

import msgspec
from django.utils.translation import gettext as _

from . import names
from .sums import Ledger
from .wanted import NOBODY, Wanted


class Choice(msgspec.Struct, frozen=True):
    """One select: its name in the address, its label, what it says where nothing is chosen, values and their labels."""

    name: str
    label: str
    all: str
    options: list[tuple[str, str, bool]]


def choices(wanted: Wanted) -> list[Choice]:
    ledger = Ledger(wanted.unfiltered)
    there = (
        list(zip(*ledger.values("upstream_name", "model_name", "format", "kind", "outcome"), strict=True)) or [()] * 5
    )
    upstreams, models, formats, kinds, outcomes = (sorted(set(values)) for values in there)
    found = [
        ("model", _("Model"), _("All models"), {name: name for name in models}),
        ("upstream", _("Upstream"), _("All upstreams"), {name: name for name in upstreams}),
        ("format", _("Wire format"), _("All formats"), {name: names.wire(name) for name in formats}),
        ("kind", _("Mode"), _("All modes"), {name: names.kind(name) for name in kinds}),
        ("outcome", _("Outcome"), _("All outcomes"), {name: names.outcome(name) for name in outcomes}),
    ]
    if wanted.team:
        found[:0] = [
            ("member", _("Member"), _("All members"), _people(ledger.values("user_id"))),
            ("group", _("Group"), _("All groups"), names.groups()),
        ]
    return [_choice(wanted, *each) for each in found]


def _people(found: Iterable[tuple]) -> dict[str, str]:
    known = names.members({user for (user,) in found})
    there = {NOBODY if user is None else str(user): known.get(user, "") for (user,) in found}
    return dict(sorted(there.items(), key=lambda item: item[1].casefold()))


def _choice(wanted: Wanted, name: str, label: str, all: str, options: dict[str, str]) -> Choice:
    """What is filtered by stays on offer, also where there was none of it."""
    chosen = str(wanted.group or "") if name == "group" else wanted.filters.get(name, "")
    if chosen and chosen not in options:
        options = {chosen: chosen, **options}
    return Choice(name, label, all, [(value, told, value == chosen) for value, told in options.items() if value])
