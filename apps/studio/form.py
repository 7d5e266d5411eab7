"""The form of a studio: shown for what was chosen, and checked before anything is paid for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.media.jobs import absences
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.runs import parameters
from apps.runs.parameters import EXTRA, PREFIX
from apps.upstreams.models import Model
from apps.wire.exceptions import ParameterError
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest
from apps.wire.parameters import read as read_parameters

from . import lacking
from .choice import Choice, check, choose
from .draft import INPUT, Draft
from .family import Family
from .fields import Field, Slot, extra, fields, slots

FOLDED = "other"


class Form(msgspec.Struct):
    """What `studio/_form.html` shows. `hidden` keeps what this model has no field for, until one has it again."""

    family: Family
    choice: Choice
    texts: Mapping[str, str]
    errors: Mapping[str, str]
    slots: Sequence[Slot] = ()
    front: Sequence[Field] = ()
    folded: Sequence[Field] = ()
    hidden: Sequence[tuple[str, str]] = ()
    streams: bool = False
    goes_on: str = ""
    message: str = ""
    lacks: Sequence[lacking.Lack] = ()
    lacking_tasks: Collection[str] = ()

    @property
    def prompt_label(self) -> str:
        return str(self.family.labels.get(self.choice.task, self.family.prompt_label))

    @property
    def folded_set(self) -> int:
        return sum(bool(field.value.strip()) for field in self.folded)

    @property
    def is_unfolded(self) -> bool:
        return any(field.error for field in self.folded)


class Checked(msgspec.Struct, frozen=True):
    """Everything that a job is made of."""

    model: Model
    dialect: Dialect
    request: MediaRequest
    inputs: Sequence[tuple[Any, Asset]]
    notes: Mapping[str, Any]


def told(error: NotMade | ParameterError) -> tuple[str, str]:
    """The sentence in the reader's language, and the field that it is about."""
    if isinstance(error, ParameterError):
        return parameters.told(error), f"{PREFIX}{error.name}"
    return str(error), error.field


def shown(user, family: Family, draft: Draft, error: NotMade | ParameterError | None = None) -> Form:
    choice = choose(user, family, draft)
    sentence, blamed = told(error) if error else ("", "")
    errors = dict.fromkeys(_written(blamed), sentence) if sentence else {}
    form = Form(family, choice, draft.texts, errors)
    if choice.dialect is not None:
        _write(form, choice.dialect, _assets(user, draft))
        _tell_lacks(form)
    form.hidden = _hidden(form, draft)
    form.message = "" if _names(form) & set(_written(blamed)) else sentence
    return form


def _written(blamed: str) -> tuple[str, ...]:
    """How the form may name what a job's refusal names by its parameter or role."""
    return blamed, f"{PREFIX}{blamed}", f"{INPUT}{blamed}"


def _write(form: Form, dialect: Dialect, assets: Mapping[str, Sequence[Asset]]) -> None:
    name, task = form.choice.name, form.choice.task
    specs = dialect.parameters(name, task)
    folded = [spec for spec in specs if spec.group == FOLDED]
    form.front = fields((spec for spec in specs if spec.group != FOLDED), form.texts, form.errors)
    form.folded = [*fields(folded, form.texts, form.errors), extra(form.texts, form.errors)]
    form.slots = slots(dialect.inputs(name, task), assets, form.errors)
    form.streams = dialect.streams(name)
    form.goes_on = str(form.family.goes_on.get(task, ""))


def _tell_lacks(form: Form) -> None:
    model, dialect = form.choice.model, form.choice.dialect
    if model is not None and dialect is not None:
        known = absences.at(model, dialect.name)
        form.lacks = lacking.lacks(model, form.family, known, form.choice.task, bool(form.slots))
        form.lacking_tasks = lacking.tasks(known)


def _names(form: Form) -> set[str]:
    """Fields that show their own error; all else is told above the button."""
    named = {field.name for field in (*form.front, *form.folded)} | {slot.name for slot in form.slots}
    return named | {"model", "dialect", "of", *form.family.fields}


def _hidden(form: Form, draft: Draft) -> list[tuple[str, str]]:
    shown_names = {field.name for field in (*form.front, *form.folded)}
    shown_roles = {slot.role for slot in form.slots}
    left = [(name, text) for name, text in draft.texts.items() if name.startswith(PREFIX) and name not in shown_names]
    if not form.goes_on and draft.texts.get("of"):
        left.append(("of", draft.texts["of"]))
    files = [(f"{INPUT}{role}", id) for role, ids in draft.inputs.items() if role not in shown_roles for id in ids]
    return [*((name, text) for name, text in left if text), *files]


def _assets(user, draft: Draft) -> dict[str, list[Asset]]:
    """The person's own files by role; one that is gone is left out."""
    wanted = {id for ids in draft.inputs.values() for id in ids}
    found = {str(asset.pk): asset for asset in Asset.objects.for_user(user).filter(pk__in=wanted)} if wanted else {}
    return {role: [found[id] for id in ids if id in found] for role, ids in draft.inputs.items()}


def checked(user, family: Family, draft: Draft) -> Checked:
    """What is to be made. Raises NotMade and ParameterError, which name the field."""
    choice = choose(user, family, draft)
    model, dialect = check(choice, draft)
    said = family.read(draft.texts, choice.task)
    wanted = slots(dialect.inputs(model.name, choice.task), _assets(user, draft), {})
    sent = {name.removeprefix(PREFIX): text for name, text in draft.texts.items() if name.startswith(PREFIX)}
    request = MediaRequest(
        model=model.name,
        task=choice.task,
        parameters=read_parameters(dialect.parameters(model.name, choice.task), sent),
        of=_of(family, choice.task, draft.texts, bool(wanted)),
        stream=dialect.streams(model.name) and draft.texts.get("stream") != "0",
        extra=parameters.read_extra(sent.get(EXTRA.name, "")),
        **said,
    )
    inputs = _inputs(wanted, draft)
    family.check(request, inputs)
    lacking.check(model, family, dialect.name, request, bool(inputs))
    return Checked(model, dialect, request, inputs, family.notes(draft.texts))


def _of(family: Family, task: str, texts: Mapping[str, str], may_be_file: bool) -> str:
    """Where a file may stand in its place, the dialect says whether one of them is missing."""
    if task not in family.goes_on:
        return ""
    of = texts.get("of", "").strip()
    if not of and not may_be_file:
        raise NotMade(_("Say what it is to go on from."), field="of")
    return of


def _inputs(wanted: Sequence[Slot], draft: Draft) -> list[tuple[Any, Asset]]:
    found: list[tuple[Any, Asset]] = []
    for slot in wanted:
        if wrong := _wrong(slot, len(draft.inputs.get(slot.role, ()))):
            raise NotMade(wrong.format(label=slot.label, most=slot.most), field=slot.name)
        found += [(slot.role, asset) for asset in slot.assets]
    return found


def _wrong(slot: Slot, given: int) -> str:
    """What is wrong with the files that were given, '' if nothing is."""
    if len(slot.assets) < given:
        return _("A file is no longer there: remove it and add it again.")
    if given < slot.least:
        return _("A file is needed here: {label}.")
    if given > slot.most:
        return _("At most {most} files go here: {label}.")
    if any(asset.kind not in slot.kinds for asset in slot.assets):
        return _("A file here is not of the kind that is wanted: {label}.")
    return ""
