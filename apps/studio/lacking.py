"""What an upstream has said that it does not have, as a form tells of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from apps.media.jobs import absences
from apps.media.jobs.models import Absence
from apps.media.jobs.refusals import NotMade
from apps.upstreams.models import Model
from apps.wire.media import absent
from apps.wire.media.shapes import MediaRequest

from .family import Family

FIELDS = {"task": "task", "mv": "mv", absent.FILES: "audio", absent.MODEL: "model"}


class Lack(msgspec.Struct, frozen=True):
    """`said` are the upstream's own words."""

    id: int
    sentence: str
    said: str
    at: datetime


def lacks(model: Model, family: Family, known: Mapping[str, Absence], task: str, takes_files: bool) -> Sequence[Lack]:
    """What is of concern for this model and this task."""
    wanted = {f"{absent.MODEL} {model.name}", absent.task(task), *([absent.FILES] if takes_files else [])}
    found = [each for what, each in known.items() if what in wanted or what.startswith("mv ")]
    return [Lack(each.pk, _sentence(model, family, each.what), each.said, each.noted_at) for each in found]


def tasks(known: Mapping[str, Absence]) -> set[str]:
    """The tasks that the upstream does not have."""
    return {what.removeprefix("task ") for what in known if what.startswith("task ")}


def check(model: Model, family: Family, dialect: str, request: MediaRequest, has_files: bool) -> None:
    """Raises NotMade for what the upstream has said that it does not have."""
    found = absences.of_request(absences.at(model, dialect), model, request, has_files)
    if found is not None:
        sentence = _sentence(model, family, found.what)
        told = _("{sentence} To send it all the same, press Try again there.").format(sentence=sentence)
        raise NotMade(told, field=FIELDS[found.what.partition(" ")[0]])


def _sentence(model: Model, family: Family, what: str) -> str:
    kind, _space, name = what.partition(" ")
    told = {"upstream": model.upstream.name, "name": family.task_label(name) if kind == "task" else name}
    return {
        "task": _("{upstream} has said that it does not offer this task: {name}."),
        "mv": _("{upstream} has said that it does not have this version: {name}."),
        absent.FILES: _("{upstream} has said that it takes no files of sound: give an address or a clip."),
        absent.MODEL: _("{upstream} has said that it does not have this model: {name}."),
    }[kind].format(**told)
