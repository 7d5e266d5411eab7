"""Every change of a person's tags, and which conversations bear them."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .folders import named
from .models import Conversation, Tag
from .signals import announce_list

MOST = 500
COLORS = range(1, 7)
LONGEST = Tag._meta.get_field("name").max_length
Worn = Conversation.tags.through


def get_or_create(*, owner, name: str) -> Tag:
    """The person's tag of that name, whatever its case; a new one takes the next colour. Raises ValidationError."""
    name = named(name.lstrip("# "), LONGEST)
    if found := _of_name(owner.pk, name):
        return found
    count = Tag.objects.for_user(owner).count()
    if count >= MOST:
        raise ValidationError(_("There are %(count)d tags already: merge or delete some first.") % {"count": MOST})
    try:
        with transaction.atomic():
            return Tag.objects.create(owner=owner, name=name, color=count % len(COLORS) + 1)
    except IntegrityError:  # Another page has made it meanwhile.
        return Tag.objects.get(owner=owner, name__iexact=name)


@transaction.atomic
def change(*, tag: Tag, name: str, color: int, by: str = "") -> None:
    """Another name and colour. Raises ValidationError with a sentence, also where another tag has that name."""
    name = named(name, LONGEST)
    if color not in COLORS:
        raise ValidationError(_("There is no such colour."))
    other = _of_name(tag.owner_id, name)
    if other and other != tag:
        raise ValidationError(_("Another tag has that name: merge the two instead."))
    try:
        with transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(name=name, color=color)
    except IntegrityError as error:
        raise ValidationError(_("Another tag has that name: merge the two instead.")) from error
    announce_list(tag.owner_id, by)


@transaction.atomic
def merge(*, tag: Tag, into: Tag, by: str = "") -> None:
    """Whatever bears the one bears the other from now on; the first is gone."""
    if tag == into:
        raise ValidationError(_("Choose another tag to merge it with."))
    if len(Tag.objects.filter(pk__in=[tag.pk, into.pk]).held()) < 2:
        raise ValidationError(_("One of these tags is gone: reload the page."))
    put(tag=into, ids=tag.conversations.values_list("pk", flat=True))
    delete(tag=tag, by=by)


@transaction.atomic
def delete(*, tag: Tag, by: str = "") -> None:
    """Takes it off every conversation; those stay."""
    # Whoever puts it on something at this moment is waited for, or finds that it is gone.
    Tag.objects.filter(pk=tag.pk).held()
    announce_list(tag.owner_id, by)
    tag.delete()


def put(*, tag: Tag, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Puts it on these conversations, which are its owner's; gives those that did not bear it."""
    wanted = list(ids)
    bearing = set(Worn.objects.filter(tag=tag, conversation__in=wanted).values_list("conversation", flat=True))
    new = [id for id in wanted if id not in bearing]
    Worn.objects.bulk_create((Worn(tag=tag, conversation_id=id) for id in new), ignore_conflicts=True)
    return new


def take(*, tag: Tag, ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Takes it off these conversations; gives those that bore it."""
    worn = Worn.objects.filter(tag=tag, conversation__in=list(ids))
    bore = list(worn.values_list("conversation", flat=True))
    worn.delete()
    return bore


def _of_name(owner_id: int, name: str) -> Tag | None:
    same = Tag.objects.filter(owner=owner_id)
    return same.filter(name=name).first() or same.filter(name__iexact=name).first()
