"""What a person would lose, and who may read or has read theirs."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.conversations.models import Conversation
from apps.media.models import Asset
from apps.media.queries import used_bytes

from .models import Opening, Reading


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much goes with an account; `size` is the bytes of its files."""

    conversations: int
    files: int
    size: int


def belongings(person) -> Belongings:
    return Belongings(
        conversations=Conversation.objects.for_user(person).filter(column_of=None).count(),
        files=Asset.objects.for_user(person).count(),
        size=used_bytes(person),
    )


def notices(owner, conversation: Conversation | None = None):
    """Openings that the owner has not put away; for a conversation those that reach it now or were used to read it."""
    found = Opening.objects.of(owner).filter(noted_at=None)
    if conversation is None:
        return found
    read = Exists(Reading.objects.filter(opening=OuterRef("pk"), conversation=conversation))
    now = Q(ended_at=None, until__gt=timezone.now()) & (Q(whole=True) | Q(conversation=conversation))
    return found.filter(Q(read) | now)


def exports_of(owner):
    """Times that an administrator exported everything of the owner, who was disabled then."""
    return AuditEntry.objects.filter(action="person.export", details__person=owner.pk)
