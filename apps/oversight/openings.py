"""Breaking the glass, reading through it, ending it. Each is written to the audit log."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.audit import record
from apps.accounts.models import User
from apps.conversations.models import Conversation

from .models import Opening, Reading

MINUTES = (15, 30, 60)


@transaction.atomic
def open_for(
    *, administrator: User, owner: User, reason: str, minutes: int, conversation: Conversation | None = None
) -> Opening:
    """From now on the administrator may read all conversations of the owner, or the one that is given."""
    opening = Opening.objects.create(
        administrator=administrator,
        administrator_name=str(administrator),
        session_version=administrator.session_version,
        owner=owner,
        whole=conversation is None,
        conversation=conversation,
        reason=reason,
        until=timezone.now() + timedelta(minutes=minutes),
    )
    what = {"conversation": str(conversation.pk)} if conversation else {}
    record(
        administrator, f"glass.{'one' if conversation else 'all'}", owner.email, reason=reason, minutes=minutes, **what
    )
    return opening


def conversations_of(opening: Opening):
    """What may be read through it, columns of comparisons too. What its owner deleted may not."""
    own, only = Conversation.objects.for_user(opening.owner), opening.conversation_id
    if opening.whole:
        return own
    return own.filter(Q(pk=only) | Q(column_of=only)) if only else own.none()


@transaction.atomic
def read(*, opening: Opening, conversation: Conversation) -> None:
    """The conversation is shown through the opening; its first time is written down, and its owner told."""
    _reading, is_first = Reading.objects.get_or_create(opening=opening, conversation=conversation)
    if is_first:
        Opening.objects.filter(pk=opening.pk).update(noted_at=None)
        record(opening.administrator, "glass.read", opening.owner.email, conversation=str(conversation.pk))


@transaction.atomic
def end(*, opening: Opening, by: User) -> None:
    """Ends it before its time."""
    ended = Opening.objects.filter(pk=opening.pk, ended_at=None, until__gt=timezone.now())
    if ended.update(ended_at=timezone.now()):
        record(by, "glass.end", opening.owner.email)


def note(*, owner: User, id: uuid.UUID) -> None:
    """The owner has seen it: the notice goes, the list keeps it."""
    Opening.objects.of(owner).filter(pk=id).update(noted_at=timezone.now())
