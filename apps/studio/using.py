"""A file that is at hand goes into a form: as a reference, as what is to be edited, as a first frame."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset

from .choice import Choice, choose
from .draft import Draft
from .family import Family
from .fields import kinds_of

# Where a picture goes by itself, the likeliest first.
ORDER = ("image", "reference", "first_frame", "video", "audio", "last_frame")


def use(user, family: Family, draft: Draft, asset: Asset, role: str = "", task: str | None = None) -> None:
    """Changes the draft. Raises NotMade where the model takes no such file in any of its tasks."""
    choice = choose(user, family, draft)
    for wanted_task, wanted_role, most, kinds in _places(choice, task):
        if wanted_role == role or (not role and asset.kind in kinds):
            draft.model = str(choice.model.pk) if choice.model else ""
            draft.dialect = choice.dialect.name if choice.dialect else ""
            draft.task = wanted_task
            draft.add(wanted_role, str(asset.pk), most)
            return
    raise NotMade(_("{model} takes no file like this. Choose another model first.").format(model=choice.model or "–"))


def _places(choice: Choice, task: str | None) -> Iterator[tuple[str, str, int, Sequence[str]]]:
    """(task, role, how many, of which kinds): the wanted task first, then the chosen one, then the others."""
    if choice.dialect is None:
        return
    for name in sorted(choice.tasks, key=lambda name: (name != task, name != choice.task)):
        takes = choice.dialect.inputs(choice.name, name)
        most = takes.most
        for role in sorted(most, key=lambda role: ORDER.index(role) if role in ORDER else len(ORDER)):
            if most[role] and role != "mask":
                yield name, role, most[role], kinds_of(takes, role)
