"""Findings that correct the catalogue: what would change, and the change once an administrator wants it."""

import uuid
from collections.abc import Collection, Iterable

import msgspec

from apps.upstreams.capabilities import PROVABLE, corrected
from apps.upstreams.chat_formats import can_search
from apps.upstreams.models import Model, Upstream
from apps.wire import formats
from apps.work.database import writing

from .checks import CHECKS
from .matrix import Findings, results
from .models import ProbeResult

OK, FAILED, NOT_OFFERED = ProbeResult.State.OK, ProbeResult.State.FAILED, ProbeResult.State.NOT_OFFERED
SEARCH = "web_search"


class Change(msgspec.Struct, frozen=True):
    """What would be otherwise with one model: capabilities and formats, by the names that people read.

    `accepted` and `own_formats` are what the model would keep.
    """

    model: Model
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    formats_before: tuple[str, ...]
    formats_after: tuple[str, ...]
    accepted: dict[str, bool]
    own_formats: list[str]

    @property
    def moves_formats(self) -> bool:
        return self.formats_before != self.formats_after


def changes(upstream: Upstream) -> list[Change]:
    """For each model of which something other was proved than its catalogue says."""
    models = list(upstream.models.select_related("upstream"))
    known = results(upstream, models)
    found = (_change(model, known[model.id]) for model in models if model.id in known)
    return [change for change in found if change is not None]


def accept(upstream: Upstream, model_ids: Collection[uuid.UUID]) -> int:
    """Puts the changes of these models into the catalogue, where a later refresh leaves them; gives their number."""
    wanted = [change for change in changes(upstream) if change.model.id in model_ids]
    with writing():
        for change in wanted:
            model = change.model
            model.accepted = change.accepted
            model.capabilities = corrected(model.capabilities, model.accepted)
            model.own_formats = change.own_formats
            if model.own_formats and model.own_format not in model.own_formats:
                model.own_format = ""
            model.save(update_fields=["accepted", "capabilities", "own_formats", "own_format"])
    return len(wanted)


def _change(model: Model, known: Findings) -> Change | None:
    accepted = model.accepted | _proved(known)
    after, own = _formats(model, known)
    before = model.formats
    capabilities = set(corrected(model.capabilities, accepted))
    gains = [*_labels(capabilities - set(model.capabilities)), *_searches(model, accepted, True)]
    loses = [*_labels(set(model.capabilities) - capabilities), *_searches(model, accepted, False)]
    if not gains and not loses and before == after:
        return None
    return Change(
        model=model,
        gains=tuple(gains),
        loses=tuple(loses),
        formats_before=_named(before),
        formats_after=_named(after),
        accepted=accepted,
        own_formats=own,
    )


def _proved(known: Findings) -> dict[str, bool]:
    """By capability. It is there if one format shows it, and is not if all that were tried say so."""
    found: dict[str, bool] = {}
    for check in CHECKS.values():
        states = [result.state for (_f, name), result in known.items() if name == check.name and result.conclusive]
        if check.corrects in PROVABLE and states:
            found[check.corrects] = OK in states
    for (format, name), result in known.items():
        if name == SEARCH and result.conclusive:
            found[f"{SEARCH}:{format}"] = result.state == OK
    return found


def _formats(model: Model, known: Findings) -> tuple[list[str], list[str]]:
    """The formats it would be offered in, and how the model keeps that: untouched where nothing is proved.

    A model that answers in none keeps its formats: it is no chat model any more.
    """
    plain = {format: result for (format, name), result in known.items() if name == "chat" and result.conclusive}
    right = [format for format, result in plain.items() if result.state == OK]
    wrong = [format for format, result in plain.items() if result.state != OK]
    before = model.formats
    after = [name for name in formats.FORMATS if (name in before or name in right) and name not in wrong]
    if not right or after == before:
        return before, model.own_formats
    return after, after


def _searches(model: Model, accepted: dict[str, bool], proved: bool) -> list[str]:
    told = []
    for name, wire in formats.FORMATS.items():
        if accepted.get(f"{SEARCH}:{name}") is proved and can_search(model, name) is not proved:
            told.append(f"{CHECKS[SEARCH].label} ({wire.label})")
    return told


def _labels(names: Iterable[str]) -> list[str]:
    return [str(CHECKS[name].label) for name in CHECKS if name in set(names)]


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(formats.get(name).label for name in names)
