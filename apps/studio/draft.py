"""A form of a studio as it was typed: read from a request, kept, and given back."""

import re
import uuid
from collections.abc import Iterable, Mapping

import msgspec
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.media import hold
from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.media.refusals import NotTaken
from apps.runs.parameters import PREFIX
from apps.wire.media import dialects
from apps.wire.parameters import write
from apps.work import storable
from apps.work.database import writing

from . import models
from .family import Family

INPUT = "input."
MOST_FIELDS = 200
_NAME = re.compile(r"[a-z0-9_.-]{1,80}", re.IGNORECASE)
_NOT_TEXTS = {"csrfmiddlewaretoken", "tab", "once", "was", "model", "dialect", "task"}


class Draft(msgspec.Struct):
    """`texts` are the fields as they were typed, by name; `inputs` the ids of assets by their role."""

    model: str = ""
    dialect: str = ""
    task: str = ""
    texts: dict[str, str] = {}
    inputs: dict[str, list[str]] = {}

    def add(self, role: str, asset_id: str, most: int) -> None:
        """The asset in that role; where no more fit, the last one gives way."""
        kept = [id for id in self.inputs.get(role, []) if id != asset_id][: max(0, most - 1)]
        self.inputs[role] = [*kept, asset_id]


def read(form: QueryDict) -> Draft:
    """What was posted. Raises NotMade where that is more than any form of ours has.

    `was` is the model that the form was made for: another one begins with its own dialect.
    """
    if len(form) > MOST_FIELDS or sum(map(len, form.values())) > settings.MESSAGE_MAX_CHARS:
        raise NotMade(_("This is longer than %(limit)s characters.") % {"limit": f"{settings.MESSAGE_MAX_CHARS:,}"})
    named = [name for name in form if _NAME.fullmatch(name) and name not in _NOT_TEXTS]
    return Draft(
        model=form.get("model", "")[:40],
        dialect=form.get("dialect", "")[:40] if form.get("was") in (None, form.get("model")) else "",
        task=form.get("task", "")[:40],
        texts={name: storable.text(form[name]) for name in named if not name.startswith(INPUT)},
        inputs={
            name.removeprefix(INPUT): list(dict.fromkeys(filter(_is_id, form.getlist(name))))
            for name in named
            if name.startswith(INPUT)
        },
    )


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def kept(user, family: str) -> Draft:
    """As it was last left; an empty one where there is none."""
    found = models.Draft.objects.filter(user=user, family=family).values_list("kept", flat=True).first()
    try:
        return msgspec.convert(found or {}, Draft)
    except msgspec.ValidationError:
        return Draft()


def keep(user, family: str, draft: Draft) -> None:
    with writing():
        defaults = {"kept": msgspec.to_builtins(draft)}
        models.Draft.objects.update_or_create(user=user, family=family, defaults=defaults)
        _hold(user, f"studio-{family}", {id for ids in draft.inputs.values() for id in ids})


def _hold(user, place: str, ids: set[str]) -> None:
    """Its files are not swept away while the form shows them."""
    laid = Asset.objects.for_user(user).filter(laid__place=place)
    hold.put_away(assets=laid.exclude(pk__in=ids), place=place)
    for asset in Asset.objects.for_user(user).filter(pk__in=ids).exclude(laid__place=place):
        try:
            hold.lay(asset=asset, place=place)
        except NotTaken:
            return


def of_job(job: Job, family: Family) -> Draft:
    """The form that would make the same job again."""
    values = job.values
    dialect = dialects.DIALECTS.get(job.dialect)
    task = str(values.get("task", ""))
    known = {spec.name: spec for spec in dialect.parameters(job.model_name, task)} if dialect else {}
    parameters = _pairs(values.get("parameters"))
    texts = {f"{PREFIX}{name}": write(known[name], value) for name, value in parameters if name in known}
    texts |= {"of": str(values.get("of", "")), "stream": "1" if values.get("stream") else "0", **family.write(job)}
    if values.get("extra"):
        texts[f"{PREFIX}extra"] = msgspec.json.format(msgspec.json.encode(values["extra"]), indent=2).decode()
    inputs: dict[str, list[str]] = {}
    for each in job.inputs.exclude(asset=None):
        inputs.setdefault(each.role, []).append(str(each.asset_id))
    return Draft(model=str(job.model_id or ""), dialect=job.dialect, task=task, texts=texts, inputs=inputs)


def _pairs(values: object) -> Iterable[tuple[str, object]]:
    return values.items() if isinstance(values, Mapping) else ()
