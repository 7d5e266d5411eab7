"""A conversation as it is read through an opening: the turns of the chat, whose files have addresses of the opening."""

import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.media.models import Asset, Use
from apps.runs import turns
from apps.runs.files import Gone
from apps.runs.turns import Turn

from .models import Opening

SHOWN = 50


@dataclass(frozen=True, slots=True)
class GuardedFile:
    """An asset as a page needs it; its addresses end with the opening."""

    kind: str
    name: str
    size: int
    url: str
    thumbnail_url: str


def thread(opening: Opening, conversation: Conversation, before: uuid.UUID | None = None) -> dict:
    """The newest turns of the branch that its owner has on show, or those before a message."""
    nodes = queries.branch(conversation)
    if before is not None:
        nodes = nodes[: next((place for place, node in enumerate(nodes) if node.id == before), 0)]
    shown = turns.turns_of(nodes[-SHOWN:])
    for turn in shown:
        _guard(opening, conversation, turn)
    return {"turns": shown, "older": shown[0].id if len(nodes) > SHOWN else None}


def _guard(opening: Opening, conversation: Conversation, turn: Turn) -> None:
    turn.files = [_guarded(opening, conversation, file) for file in turn.files]
    for part in turn.parts:
        part.file = _guarded(opening, conversation, part.file)
        if part.url.startswith("/"):
            part.url = ""
        if part.card:
            part.card.field = ""


def _guarded(opening: Opening, conversation: Conversation, file: Asset | Gone | None) -> GuardedFile | Gone | None:
    if not isinstance(file, Asset):
        return file
    place = [opening.pk, conversation.pk, file.pk]
    url = reverse("opening_file", args=[*place, file.name])
    small = reverse("opening_thumbnail", args=place) if file.has_thumbnail else ""
    return GuardedFile(kind=file.kind, name=file.name, size=file.size, url=url, thumbnail_url=small)


def files_of(conversation: Conversation):
    """The assets that messages of the conversation hold or brought, those of the comparison it belongs to too."""
    around = Q(conversation=conversation) | Q(conversation__column_of=conversation)
    if conversation.column_of_id:
        around |= Q(conversation=conversation.column_of_id)
    messages = Message.objects.filter(around).values("pk")
    used = Use.objects.filter(message_id__in=messages).values("asset")
    return Asset.objects.for_user(conversation.owner).filter(Q(pk__in=used) | Q(message_id__in=messages))
