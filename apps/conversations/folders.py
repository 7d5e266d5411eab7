"""Every change of a person's folders. Nothing is lost with a folder: what lay in it goes up."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.work import storable

from .models import Conversation, Folder
from .signals import announce_list

MOST = 200
LONGEST = Folder._meta.get_field("name").max_length


@transaction.atomic
def create(*, owner, name: str, parent: Folder | None = None, by: str = "") -> Folder:
    """A new folder behind the others. Raises ValidationError with a sentence."""
    mine = Folder.objects.for_user(owner)
    if mine.count() >= MOST:
        raise ValidationError(_("There are %(count)d folders already: delete one first.") % {"count": MOST})
    _check_parent(None, parent)
    folder = Folder.objects.create(owner=owner, name=named(name, LONGEST), parent=parent, position=mine.count())
    announce_list(owner.pk, by)
    return folder


@transaction.atomic
def change(*, folder: Folder, name: str, parent: Folder | None, by: str = "") -> None:
    """Another name, and another place. Raises ValidationError with a sentence."""
    Folder.objects.filter(pk__in=[each.pk for each in (folder, parent) if each]).held()
    if parent and not Folder.objects.filter(pk=parent.pk).exists():
        raise ValidationError(_("That folder is gone: choose another one."))
    _check_parent(folder, parent)
    Folder.objects.filter(pk=folder.pk).update(name=named(name, LONGEST), parent=parent)
    announce_list(folder.owner_id, by)


@transaction.atomic
def delete(*, folder: Folder, by: str = "") -> None:
    """Its conversations and folders go to where it was itself, those in archive and bin too."""
    # Whoever moves something into it at this moment is waited for, or finds that it is gone.
    Folder.objects.filter(Q(pk=folder.pk) | Q(pk=folder.parent_id) | Q(parent=folder)).held()
    up = Folder.objects.filter(pk=folder.parent_id).first()
    Conversation.objects.filter(pk__in=Conversation.objects.filter(folder=folder).held()).update(folder=up)
    Folder.objects.filter(parent=folder).update(parent=up)
    announce_list(folder.owner_id, by)
    folder.delete()


@transaction.atomic
def step(*, folder: Folder, down: bool, by: str = "") -> None:
    """One place up or down among its neighbours."""
    beside = list(Folder.objects.filter(owner=folder.owner_id, parent=folder.parent_id))
    at = beside.index(folder)
    to = min(max(at + (1 if down else -1), 0), len(beside) - 1)
    beside.insert(to, beside.pop(at))
    for position, each in enumerate(beside):
        each.position = position
    Folder.objects.bulk_update(beside, ["position"])
    announce_list(folder.owner_id, by)


def set_open(*, folder: Folder, is_open: bool) -> None:
    """Remembered for the pages that are opened from now on. Where it was seen, the folder around it was open."""
    Folder.objects.filter(pk=folder.parent_id).update(is_open=True)
    Folder.objects.filter(pk=folder.pk).update(is_open=is_open)


def named(name: str, longest: int) -> str:
    """A name in one line. Raises ValidationError with a sentence if it is empty or too long."""
    name = " ".join(storable.text(name).split())
    if not name:
        raise ValidationError(_("A name needs at least one character."))
    if len(name) > longest:
        raise ValidationError(_("A name has at most %(count)d characters.") % {"count": longest})
    return name


def _check_parent(folder: Folder | None, parent: Folder | None) -> None:
    if parent is None:
        return
    if parent.parent_id or parent == folder:
        raise ValidationError(_("A folder inside a folder holds no folders."))
    if folder and folder.folders.exists():
        raise ValidationError(_("This folder holds folders, so it stays at the top."))
