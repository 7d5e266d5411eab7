"""The files that go along with exported conversations."""

import base64
import uuid
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from apps.conversations.models import Message
from apps.media.models import Asset, Use
from apps.media.names import ENDINGS

from .. import schema

PIECE = 384 * 1024  # a multiple of three: base64 of each piece stands for itself


def held_by(user, conversations) -> QuerySet[Asset]:
    """The files that messages of these conversations, a query of ids, show; and those of their columns."""
    messages = Message.objects.filter(conversation__in=conversations).values("pk")
    columns = Message.objects.filter(conversation__column_of__in=conversations).values("pk")
    held = Use.objects.filter(message_id__in=messages) | Use.objects.filter(message_id__in=columns)
    return Asset.objects.for_user(user).filter(pk__in=held.values("asset")).order_by("pk")


def record_of(asset: Asset) -> schema.Asset:
    return schema.Asset(
        id=asset.pk,
        name=asset.name,
        media_type=asset.media_type,
        size=asset.size,
        sha256=asset.sha256,
        origin=asset.origin,
        created_at=asset.created_at,
    )


def pieces(asset: Asset, size: int = PIECE) -> Iterator[bytes]:
    """The content; nothing where the storage has lost it."""
    try:
        file = default_storage.open(asset.path)
    except FileNotFoundError:
        return
    with file:
        while piece := file.read(size):
            yield piece


def in_base64(asset: Asset) -> Iterator[str]:
    return (base64.b64encode(piece).decode("ascii") for piece in pieces(asset))


def path_in_archive(id: uuid.UUID, media_type: str, name: str) -> str:
    ending = (ENDINGS.get(media_type) or (name.rpartition(".")[2].lower(),))[0]
    return f"assets/{id}.{ending if ending.isalnum() and ending.isascii() else 'bin'}"
