"""The bin: what was deleted is gone from everywhere at once, may come back for 30 days, and is then gone for good.

Until then its files count towards its owner's storage.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.media.jobs.models import JobInput, JobOutput
from apps.media.models import Laid, Use
from apps.work.database import writing

from . import edit
from .models import Conversation, Message
from .signals import announce_binned, announce_list

KEPT = timedelta(days=30)
AT_ONCE = 50
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def contents(user) -> QuerySet[Conversation]:
    """What may still come back, the newest first."""
    kept = Conversation.objects.deleted_of(user).filter(deleted_at__gt=timezone.now() - KEPT)
    return kept.order_by("-deleted_at", "-pk")


@transaction.atomic
def put(*, owner, ids: Iterable[uuid.UUID], by: str = "", at: datetime | None = None) -> list[uuid.UUID]:
    """Deletes the owner's of these, with their columns; gives which. Answers that are being written are stopped."""
    found = Conversation.objects.for_user(owner).filter(pk__in=list(ids), column_of=None).held()
    if found:
        _with_columns(found).update(deleted_at=at or timezone.now(), version=F("version") + 1)
        announce_binned(list(_with_columns(found).values_list("pk", flat=True)))
        announce_list(owner.pk, by, thread=True)
    return found


@transaction.atomic
def restore(*, owner, ids: Iterable[uuid.UUID], by: str = "", put_at: str = "") -> list[uuid.UUID]:
    """Brings them back to where they were, with `put_at` those alone that were deleted at that moment; gives which."""
    there = contents(owner).filter(deleted_at=put_at) if put_at else contents(owner)
    found = there.filter(pk__in=list(ids)).held()
    if found:
        _with_columns(found).update(deleted_at=None, version=F("version") + 1)
        announce_list(owner.pk, by, thread=True)
    return found


def erase(*, owner, id: uuid.UUID) -> bool:
    """Deletes one of the bin for good; False if it is not there."""
    with writing():
        found = contents(owner).filter(pk=id).first()
        if found:
            edit.erase(conversation=found)
    return found is not None


def empty(*, owner) -> int:
    """Nothing of it comes back; gives how many there were. A few are gone at once, the rest is purged."""
    count = contents(owner).update(deleted_at=_LONG_AGO)
    purge(limit=AT_ONCE)
    return count


def purge(limit: int = 1000) -> int:
    """Deletes for good what lay there for 30 days, `limit` at most; gives their number. Files go with the sweep."""
    due = Conversation.objects.filter(deleted_at__lte=timezone.now() - KEPT, column_of=None).order_by("deleted_at")
    count = 0
    for conversation in due[:limit]:
        with writing():
            edit.erase(conversation=conversation)
        count += 1
    return count


def holds_alone() -> Q:
    """Of an asset: messages in the bin hold it, and nothing else does."""
    in_bin = Exists(Message.objects.filter(pk=OuterRef("message_id"), conversation__deleted_at__isnull=False))
    of_it = {"asset": OuterRef("pk")}
    uses, made = Use.objects.filter(**of_it), JobOutput.objects.filter(Q(**of_it) | Q(poster=OuterRef("pk")))
    others = (uses.exclude(in_bin), Laid.objects.filter(**of_it), JobInput.objects.filter(**of_it), made)
    alone = Q(Exists(uses.filter(in_bin)))
    for other in others:
        alone &= ~Q(Exists(other))
    return alone


def _with_columns(ids: Sequence[uuid.UUID]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(Q(pk__in=ids) | Q(column_of__in=ids))
