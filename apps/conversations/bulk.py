"""What is done to many conversations of the list at once, and how it is undone.

Each tells how many it changed. What undoes it is signed and goes to the page: nothing is kept for it here.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import bin, tags
from .models import Conversation, Folder, Tag
from .signals import announce_list

MOST = 10_000
_SALT = "conversations.undo"


@dataclass(frozen=True, slots=True)
class Done:
    """A sentence with the number, and what `undo` takes; "" where nothing is to be undone."""

    sentence: str
    undo: str = ""


def chosen(user, ids: Iterable[uuid.UUID]) -> QuerySet[Conversation]:
    """Those of these that are in the user's list. Raises ValidationError for none and for too many."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise ValidationError(_("No conversation is selected."))
    if len(wanted) > MOST:
        raise ValidationError(_("At most %(count)d conversations can be changed at once.") % {"count": MOST})
    return Conversation.objects.for_user(user).filter(pk__in=wanted, column_of=None)


@transaction.atomic
def archive(*, user, ids: Iterable[uuid.UUID], archived: bool = True, by: str = "") -> Done:
    """Takes them out of the list and off their pins, or back into the list."""
    rows = chosen(user, ids).filter(archived_at__isnull=archived)
    new = {"archived_at": timezone.now() if archived else None, "pinned_at": None}
    count, undo = _set(user, rows, new, by)
    if archived:
        return Done(
            ngettext("%(n)d conversation archived.", "%(n)d conversations archived.", count) % {"n": count}, undo
        )
    told = ngettext("%(n)d conversation is back in the list.", "%(n)d conversations are back in the list.", count)
    return Done(told % {"n": count}, undo)


@transaction.atomic
def move(*, user, ids: Iterable[uuid.UUID], folder: Folder | None, by: str = "") -> Done:
    """Into the folder, or out of all folders."""
    to = folder.pk if folder else None
    if folder and not Folder.objects.for_user(user).filter(pk=to).held():
        raise ValidationError(_("That folder is gone: choose another one."))
    count, undo = _set(user, chosen(user, ids), {"folder_id": to}, by)
    if folder is None:
        told = ngettext(
            "%(n)d conversation taken out of its folder.", "%(n)d conversations taken out of folders.", count
        )
        return Done(told % {"n": count}, undo)
    told = ngettext("%(n)d conversation moved to “%(folder)s”.", "%(n)d conversations moved to “%(folder)s”.", count)
    return Done(told % {"n": count, "folder": folder.name}, undo)


@transaction.atomic
def delete(*, user, ids: Iterable[uuid.UUID], by: str = "") -> Done:
    """To the bin."""
    now = timezone.now()
    found = bin.put(owner=user, ids=chosen(user, ids).values_list("pk", flat=True), by=by, at=now)
    told = ngettext(
        "%(n)d conversation deleted. It can be restored for 30 days.",
        "%(n)d conversations deleted. They can be restored for 30 days.",
        len(found),
    )
    return Done(
        told % {"n": len(found)}, _signed(user, at=now.isoformat(), restore=list(map(str, found))) if found else ""
    )


@transaction.atomic
def retag(
    *, user, ids: Iterable[uuid.UUID], add: Collection[Tag] = (), remove: Collection[Tag] = (), by: str = ""
) -> Done:
    """Puts tags on them and takes others off."""
    there = set(Tag.objects.filter(pk__in=[tag.pk for tag in (*add, *remove)]).held())
    rows = chosen(user, ids).held()
    added = {tag.pk: tags.put(tag=tag, ids=rows) for tag in add if tag.pk in there}
    removed = {tag.pk: tags.take(tag=tag, ids=rows) for tag in remove if tag.pk in there}
    changed = {id for found in (*added.values(), *removed.values()) for id in found}
    if changed:
        announce_list(user.pk, by)
    told = ngettext("Tags of %(n)d conversation changed.", "Tags of %(n)d conversations changed.", len(changed))
    undo = _signed(user, take=_texts(added), put=_texts(removed)) if changed else ""
    return Done(told % {"n": len(changed)}, undo)


@transaction.atomic
def undo(*, user, token: str, by: str = "") -> Done:
    """Puts back what a command changed, where it is still as the command left it, and tells how many were changed
    since and are left alone. Raises ValidationError for no such token."""
    said = _read(user, token)
    by_tag = [ids for change in ("put", "take") for ids in said.get(change, {}).values()]
    meant = set(said.get("restore", ())).union(*(ids for _old, ids in said.get("set", ())), *by_tag)
    mine = Conversation.objects.filter(owner=user, pk__in=meant).held()
    back = set(bin.restore(owner=user, ids=said["restore"], by=by, put_at=said["at"])) if "restore" in said else set()
    for fields, ids in said.get("set", ()):
        back.update(_put_back(user, fields, said["gave"], ids))
    back.update(_retagged(user, said, mine))
    announce_list(user.pk, by)
    return Done(_undone(len(back), len(meant) - len(back)))


def _read(user, token: str) -> dict[str, Any]:
    try:
        said = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise ValidationError(_("This cannot be undone any more.")) from error
    if said.pop("user") != user.pk:
        raise ValidationError(_("This cannot be undone any more."))
    return said


def _undone(count: int, left: int) -> str:
    if not count:
        return _("Nothing was undone: it has been changed since.")
    if not left:
        return _("Undone.")
    told = ngettext(
        "Undone, but %(n)d conversation is left as it is: it has been changed since.",
        "Undone, but %(n)d conversations are left as they are: they have been changed since.",
        left,
    )
    return told % {"n": left}


def _set(user, rows: QuerySet[Conversation], fields: Mapping[str, Any], by: str) -> tuple[int, str]:
    """Writes these fields of all; how many were otherwise, and what brings the old values back."""
    old: dict[tuple, list[str]] = defaultdict(list)
    held = Conversation.objects.filter(pk__in=rows.held())
    for id, *values in held.values_list("pk", *fields):
        if values != list(fields.values()):
            old[tuple(map(_text, values))].append(str(id))
    count = sum(map(len, old.values()))
    if not count:
        return 0, ""
    held.filter(pk__in=[id for ids in old.values() for id in ids]).update(**fields)
    announce_list(user.pk, by)
    before = [[dict(zip(fields, values, strict=True)), ids] for values, ids in old.items()]
    return count, _signed(user, set=before, gave={name: _text(value) for name, value in fields.items()})


def _put_back(user, fields: dict[str, Any], gave: dict[str, Any], ids: list[str]) -> list[uuid.UUID]:
    """Gives those that are again as they were; what no longer is as the command made it stays as it is."""
    if folder := fields.get("folder_id"):
        fields["folder_id"] = folder if Folder.objects.for_user(user).filter(pk=folder).held() else None
    same = Conversation.objects.filter(owner=user, pk__in=ids, **gave).held()
    Conversation.objects.filter(pk__in=same).update(**fields)
    return same


def _retagged(user, said: Mapping[str, Any], mine: Collection[uuid.UUID]) -> Iterable[uuid.UUID]:
    """Puts tags back on and takes them off; gives those of the person's conversations that this changed."""
    for change in ("put", "take"):
        of_tag = said.get(change, {})
        there = set(Tag.objects.for_user(user).filter(pk__in=of_tag).held())
        for tag in Tag.objects.filter(pk__in=there):
            ids = {uuid.UUID(id) for id in of_tag[str(tag.pk)]}.intersection(mine)
            yield from getattr(tags, change)(tag=tag, ids=ids)


def _signed(user, **said: Any) -> str:
    return signing.dumps({"user": user.pk, **said}, salt=_SALT, compress=True)


def _texts(changed: Mapping[uuid.UUID, Iterable[uuid.UUID]]) -> dict[str, list[str]]:
    return {str(tag): list(map(str, ids)) for tag, ids in changed.items()}


def _text(value: Any) -> str | None:
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
