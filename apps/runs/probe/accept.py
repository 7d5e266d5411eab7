"""Findings that correct the catalogue: what would change, and the change once an administrator wants it."""

import uuid
from collections.abc import Collection, Iterable

import msgspec

from apps.upstreams.capabilities import PROVABLE, able, corrected, guess
from apps.upstreams.chat_formats import can_search
from apps.upstreams.models import Model, Upstream
from apps.wire import formats
from apps.work.database import writing

from .checks import CHECKS
from .matrix import Findings, results
from .models import ProbeResult

OK, FAILED, NOT_OFFERED = ProbeResult.State.OK, ProbeResult.State.FAILED, ProbeResult.State.NOT_OFFERED
SEARCH, FORMAT = "web_search", "format"


class Change(msgspec.Struct, frozen=True):
    """What would be otherwise with one model: capabilities and formats, by the names that people read.

    `accepted` is what the model would keep.
    """

    model: Model
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    formats_before: tuple[str, ...]
    formats_after: tuple[str, ...]
    accepted: dict[str, bool]

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
            _correct(change.model, change.accepted)
    return len(wanted)


def _correct(model: Model, accepted: dict[str, bool]) -> None:
    model.stated_capabilities = model.stated_capabilities or ([] if model.accepted else model.capabilities)
    model.accepted, model.capabilities = accepted, corrected(_stated(model), accepted)
    model.save(update_fields=["accepted", "capabilities", "stated_capabilities"])


def _stated(model: Model) -> list[str]:
    """The catalogue's own word. Who was corrected before that was kept is known by name."""
    return model.stated_capabilities or guess(model.name)


class Accepted(msgspec.Struct, frozen=True):
    """What is kept of one model against, or beside, its catalogue's word."""

    model: Model
    has: tuple[str, ...]
    lacks: tuple[str, ...]


def corrections(upstream: Upstream) -> list[Accepted]:
    """The models of which something was accepted."""
    found = upstream.models.select_related("upstream").exclude(accepted={})
    return [Accepted(model, _told(model.accepted, True), _told(model.accepted, False)) for model in found]


def forget(upstream: Upstream, model_id: uuid.UUID) -> None:
    """Gives a model back to its catalogue's word; what a probe found can be accepted again."""
    with writing():
        for model in upstream.models.select_for_update().filter(id=model_id):
            _correct(model, {})


def _told(accepted: dict[str, bool], proved: bool) -> tuple[str, ...]:
    return tuple(_label(name) for name, state in accepted.items() if state is proved)


def _label(name: str) -> str:
    kind, _colon, format = name.partition(":")
    label = formats.get(format).label if format in formats.FORMATS else ""
    if kind == FORMAT:
        return label
    check = str(CHECKS[kind].label) if kind in CHECKS else kind
    return f"{check} ({label})" if label else check


def _change(model: Model, known: Findings) -> Change | None:
    before, proved = model.formats, _formats(known)
    after = [name for name in formats.FORMATS if proved.get(f"{FORMAT}:{name}", name in before)]
    accepted = model.accepted | _proved(known) | (proved if after != before else {})
    had, has = set(filter(model.can, PROVABLE)), _capabilities(model, accepted)
    gains = [*_labels(has - had), *_searches(model, accepted, True)]
    loses = [*_labels(had - has), *_searches(model, accepted, False)]
    if not gains and not loses and before == after:
        return None
    return Change(
        model=model,
        gains=tuple(gains),
        loses=tuple(loses),
        formats_before=_named(before),
        formats_after=_named(after),
        accepted=accepted,
    )


def _capabilities(model: Model, accepted: dict[str, bool]) -> set[str]:
    found = corrected(model.capabilities, accepted)
    return {name for name in PROVABLE if able(name, found, accepted)}


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


def _formats(known: Findings) -> dict[str, bool]:
    """By format, whether it answers in it. Of a model that answers in none nothing is said: it is no chat model."""
    plain = {format: result for (format, name), result in known.items() if name == "chat" and result.conclusive}
    proved = {f"{FORMAT}:{format}": result.state == OK for format, result in plain.items()}
    return proved if any(proved.values()) else {}


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
