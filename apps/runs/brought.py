"""What an answer brought besides words: images, sound and files become assets, so that no part at rest holds base64."""

import base64
import binascii
import logging
import re
import uuid
from collections.abc import Sequence

import msgspec
from django.contrib.auth import get_user_model

from apps.media.models import Asset
from apps.media.sniff import image_type
from apps.media.store import keep_made
from apps.wire.messages import Audio, File, Image, Part, Text
from apps.wire.sound import WIDTH, samples_rate, wav
from apps.work.database import DatabaseThreads

# An image within Markdown, `![alt](data:…)`, or the address of a reference, `[name]: data:…`.
_DATA_URI = re.compile(
    r"(!\[[^\]\n]{0,2000}\]\(\s*<?|^ {0,3}\[[^\]\n]{1,200}\]:\s*<?)"
    r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})",
    re.MULTILINE,
)

logger = logging.getLogger(__name__)
keepers = DatabaseThreads(2, "keepers")


def brings_files(parts: Sequence[Part]) -> bool:
    return any(_holds_data(part) for part in parts)


def _holds_data(part: Part) -> bool:
    if isinstance(part, Text):
        return "data:image/" in part.text
    return isinstance(part, Image | Audio | File) and bool(part.data)


async def kept_soon(parts: Sequence[Part], **of) -> Sequence[Part]:
    """`kept`, in a thread of its own: pictures are looked into, and others wait for the journal's thread."""
    return await keepers.run(kept, parts, **of) if brings_files(parts) else parts


def kept(parts: Sequence[Part], *, user_id: int, run_id: uuid.UUID, message_id: uuid.UUID) -> Sequence[Part]:
    """The parts with assets in place of data. What cannot be kept now stays within its part: it was paid for."""
    owner = get_user_model().objects.filter(pk=user_id).first() if brings_files(parts) else None
    if owner is None:
        return parts
    keeper = Keeper(owner, run_id, message_id)
    return [keeper.kept(part) for part in parts]


class Keeper:
    def __init__(self, owner, run_id: uuid.UUID, message_id: uuid.UUID):
        self._owner, self._of_run = owner, {"run_id": run_id, "message_id": message_id}

    def kept(self, part: Part) -> Part:
        """Whatever goes wrong with a file, the answer's end is written."""
        try:
            return self._of(part)
        except Exception:
            logger.exception("A %s of run %s could not be kept.", type(part).__name__, self._of_run["run_id"])
            return part

    def _of(self, part: Part) -> Part:
        if isinstance(part, Text):
            text = _DATA_URI.sub(self._linked, part.text)
            return part if text == part.text else msgspec.structs.replace(part, text=text)
        if not isinstance(part, Image | Audio | File) or not part.data:
            return part
        try:
            media_type, data = part.media_type, decoded(part.data)
        except (binascii.Error, ValueError):
            logger.warning("A %s that came was no base64.", type(part).__name__)
            return msgspec.structs.replace(part, data="")
        if isinstance(part, Audio) and (rate := samples_rate(media_type)):
            data = wav(data[: len(data) - len(data) % WIDTH], rate)
        asset = self._keep(data, getattr(part, "name", "") or type(part).__name__.lower())
        return msgspec.structs.replace(part, data="", asset=str(asset.pk), media_type=asset.media_type)

    def _keep(self, data: bytes, name: str) -> Asset:
        return keep_made(owner=self._owner, data=data, name=name, **self._of_run)

    def _linked(self, found: re.Match) -> str:
        """The picture's address at our place; what is no picture stays as it was written."""
        try:
            data = decoded(found[2])
        except (binascii.Error, ValueError):
            return found[0]
        asset = self._keep(data, "image") if image_type(data[:16]) else None
        return f"{found[1]}{asset.url}" if asset and asset.kind == Asset.Kind.IMAGE else found[0]


def decoded(data: str) -> bytes:
    """Base64 in either alphabet, padded or not. Raises ValueError for anything else."""
    data = "".join(data.split()).replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
