"""Files of an import, kept as assets of the importer."""

import datetime
import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from apps.media import refusals, store
from apps.media.models import Asset

from . import schema
from .refusals import NotTaken

MB = 1024 * 1024


def most_bytes() -> int:
    """What the largest file of any kind may have."""
    return max(*settings.UPLOAD_MB.values(), *settings.RESULT_MB.values()) * MB


def spooled(pieces: Iterable[bytes]) -> tuple[BinaryIO, str]:
    """The pieces in a file of their own, and their SHA-256. Raises NotTaken past the limit, whatever was announced."""
    file = tempfile.SpooledTemporaryFile(MB, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 (the caller closes it)
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        size += len(piece)
        if size > most_bytes():
            file.close()
            raise NotTaken(_("A file is larger than any that is taken here."))
        digest.update(piece)
        file.write(piece)
    return file, digest.hexdigest()  # type: ignore[return-value]


def keep(*, owner, pieces: Iterable[bytes], name: str, at: datetime.datetime | None = None, **more) -> Asset:
    """Raises NotTaken: a kind that is not taken, too large, damaged, the quota is used up."""
    file, _digest = spooled(pieces)
    with file:
        return _kept(owner, file, name, at, more)


def keep_told(*, owner, told: schema.Asset, pieces: Iterable[bytes]) -> Asset:
    """A file of the product's own export, under its own id if that is free. Raises NotTaken."""
    if known := store.kept_before(owner=owner, digest=told.sha256):
        return known
    file, digest = spooled(pieces)
    with file:
        if digest != told.sha256:
            raise NotTaken(_("{name} is damaged: its content is not what its checksum says.").format(name=told.name))
        is_packed = told.origin != Asset.Origin.UPLOAD and told.media_type == "application/octet-stream"
        more = {"origin": told.origin, "id": told.id, "is_packed": is_packed}
        if Asset.objects.filter(pk=told.id).exists():
            del more["id"]
        return _kept(owner, file, told.name, told.created_at, more)


def _kept(owner, file: BinaryIO, name: str, at: datetime.datetime | None, more: dict) -> Asset:
    size = file.seek(0, 2)
    file.seek(0)
    began = datetime.datetime.now(datetime.UTC)
    try:
        asset = store.keep_brought(owner=owner, file=file, size=size, name=name, **more)
    except refusals.NotTaken as error:
        raise NotTaken(f"{name}: {error}") from error
    if at and asset.created_at >= began:
        Asset.objects.filter(pk=asset.pk).update(created_at=at)
    return asset


class Files:
    """Files that records name, each kept when it is wanted; `left` are sentences on those that were not taken."""

    def __init__(self, owner, open_pieces: Callable[[str], Iterable[bytes] | None] = lambda name: None):
        self.owner, self._open, self.left = owner, open_pieces, list[str]()

    def of_archive(self, reference: str, name: str = "", at: datetime.datetime | None = None) -> Asset | None:
        """The file that the archive has under that reference; None where it has none, or it is not taken."""
        pieces = self._open(reference)
        return self.of_bytes(pieces, name or reference, at) if pieces is not None else None

    def of_bytes(self, pieces: Iterable[bytes], name: str, at: datetime.datetime | None = None) -> Asset | None:
        try:
            return keep(owner=self.owner, pieces=pieces, name=name, at=at)
        except NotTaken as error:
            self.left.append(str(error))
            return None

    def taken(self) -> list[str]:
        """What was left out since the last time that this was asked."""
        left, self.left = self.left, []
        return left


def as_id(text: str) -> uuid.UUID | None:
    with suppress(ValueError, TypeError, AttributeError):
        return uuid.UUID(text)
    return None
