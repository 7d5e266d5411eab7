"""Every change of a prompt, and what becomes of anything that is kept here: copied, deleted, restored."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.work import storable

from .models import Kept, Preset, Prompt, PromptVersion

KEPT = timedelta(days=30)
LONGEST_TITLE = Prompt._meta.get_field("title").max_length or 0
MOST = 1000  # of each kind, that one person keeps


class NotKept(Exception):
    """What was asked cannot be kept; the text says why."""


class ChangedMeanwhile(NotKept):
    """Somebody else saved another version since the page was opened."""


def room_for(owner, model: type[Kept], count: int = 1) -> None:
    """Raises NotKept."""
    if model.objects.owned_by(owner).count() + count > MOST:
        raise NotKept(_("At most %(most)d are kept: delete some first.") % {"most": MOST})


@transaction.atomic
def make(*, owner, title: str, text: str, kind: str = PromptVersion.Kind.USER, description: str = "") -> Prompt:
    """Raises NotKept."""
    room_for(owner, Prompt)
    title, description = storable.text(title)[:LONGEST_TITLE], storable.text(description)[:400]
    prompt = Prompt.objects.create(owner=owner, title=title, description=description)
    _add_version(prompt, text, kind, owner)
    return prompt


@transaction.atomic
def save(*, prompt: Prompt, by, title: str, description: str, text: str, kind: str, base: int) -> None:
    """Raises ChangedMeanwhile if `base` is not the number of the version in use any more."""
    prompt = Prompt.objects.select_for_update(of=("self",)).select_related("current").get(pk=prompt.pk)
    if prompt.current and prompt.current.number != base:
        raise ChangedMeanwhile(_changed_by(prompt.current))
    prompt.title, prompt.description = storable.text(title)[:LONGEST_TITLE], storable.text(description)[:400]
    prompt.save(update_fields=["title", "description", "updated_at"])
    if prompt.current is None or (prompt.current.text, prompt.current.kind) != (storable.text(text), kind):
        _add_version(prompt, text, kind, by)


@transaction.atomic
def restore_version(*, prompt: Prompt, version: PromptVersion, by) -> None:
    """The old words become the newest version: nothing that came between is lost."""
    prompt = Prompt.objects.select_for_update(of=("self",)).get(pk=prompt.pk)
    _add_version(prompt, version.text, version.kind, by)


def share(*, kept: Kept, groups: Iterable[Group], members_edit: bool) -> None:
    """With groups of the owner's own."""
    mine = kept.owner.groups.filter(pk__in=[group.pk for group in groups])
    kept.groups.set(mine)
    kept.members_edit = members_edit and bool(mine)
    kept.save(update_fields=["members_edit", "updated_at"])


@transaction.atomic
def copy(*, kept: Kept, owner) -> Kept:
    """One's own, shared with nobody. Raises NotKept."""
    title = _("%(title)s (copy)") % {"title": kept.title[: LONGEST_TITLE - 20]}
    if isinstance(kept, Prompt):
        words = kept.current or PromptVersion(text="")
        return make(owner=owner, title=title, description=kept.description, text=words.text, kind=words.kind)
    room_for(owner, Preset)
    again = Preset.objects.get(pk=kept.pk)
    again.pk, again.owner, again.title, again.members_edit = Preset().pk, owner, title, False
    again._state.adding = True
    again.save()
    return again


def delete(*, kept: Kept) -> None:
    """It can be restored for some days; what was deleted longer ago is thrown away now."""
    type(kept).objects.filter(pk=kept.pk).update(deleted_at=timezone.now())
    type(kept).objects.filter(deleted_at__lt=timezone.now() - KEPT).delete()


def restore(*, kept: Kept) -> None:
    type(kept).objects.filter(pk=kept.pk).update(deleted_at=None)


def search(found, text: str):
    """Those that have all of the words in title, description or text."""
    for word in storable.text(text[:200]).split()[:8]:
        anywhere = Q(title__icontains=word) | Q(description__icontains=word)
        if found.model is Prompt:
            anywhere |= Q(current__text__icontains=word)
        found = found.filter(anywhere)
    return found


def _add_version(prompt: Prompt, text: str, kind: str, by) -> None:
    if len(text) > settings.MESSAGE_MAX_CHARS:
        limit = f"{settings.MESSAGE_MAX_CHARS:,}"
        raise NotKept(_("The text is longer than %(limit)s characters: shorten it.") % {"limit": limit})
    number = (prompt.versions.values_list("number", flat=True).first() or 0) + 1
    prompt.current = prompt.versions.create(
        number=number, kind=kind, text=storable.text(text), by=by, by_name=str(by)[:254]
    )
    prompt.save(update_fields=["current", "updated_at"])


def _changed_by(version: PromptVersion) -> str:
    sentence = _("%(who)s saved version %(number)d meanwhile. Your text is still here: save again to put it on top.")
    return sentence % {"who": version.by_name, "number": version.number}
