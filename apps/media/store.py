"""Keeping files: looked into, cleaned, written to the storage, entered once for each owner."""

import base64
import hashlib
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.work.ids import new_id

from . import names
from .models import Asset
from .queries import used_bytes
from .reading.film import look_into
from .reading.found import Found
from .refusals import NotTaken
from .sniff import MB, sniff

PIECE = 1024 * 1024


def keep_upload(*, owner, file: BinaryIO, size: int, name: str) -> Asset:
    """An upload, kept. Raises NotTaken with a sentence: not this kind, too large, damaged, the quota is used up."""
    _check_quota(owner, size)
    found = sniff(file, size, name)
    is_played = found.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO)
    peaks = _try_to_play(file, found) if is_played else None
    return _keep(owner, found, _content(file, found), names.cleaned(name, found.media_type), peaks=peaks)


def keep_made(*, owner, data: bytes, name: str, run_id: uuid.UUID, message_id: uuid.UUID) -> Asset:
    """What a model made. It was paid for: no quota refuses it, and what we cannot read is kept as a mere file."""
    file = ContentFile(data)
    try:
        found = sniff(file, len(data), name)
    except NotTaken:
        found = Found("file", "application/octet-stream")
    made = {"origin": Asset.Origin.RUN, "run_id": run_id, "message_id": message_id}
    return _keep(owner, found, _content(file, found), names.cleaned(name, found.media_type), **made)


def keep_result(*, owner, file: BinaryIO, size: int, kind: str, name: str, job_id: uuid.UUID) -> Asset:
    """What a job had made, of that kind. Raises NotTaken for anything else: an answer that was promised to be a picture
    and is none is no file to keep. No quota refuses it, as it was paid for."""
    found = sniff(file, size, name, settings.RESULT_MB)
    if found.kind != kind:
        raise NotTaken(_("This is not what was asked for: it is of the kind {found}.").format(found=found.media_type))
    more = {"origin": Asset.Origin.JOB, "job_id": job_id}
    if kind in (Asset.Kind.AUDIO, Asset.Kind.VIDEO):
        more["peaks"] = look_into(file, found).peaks
    return _keep(owner, found, _content(file, found), names.cleaned(name, found.media_type), **more)


def keep_packed(*, owner, data: bytes, name: str, job_id: uuid.UUID) -> Asset:
    """What a job had made and only we can read: it is not looked into."""
    found = Found("file", "application/octet-stream")
    return _keep(owner, found, ContentFile(data), name, origin=Asset.Origin.JOB, job_id=job_id)


def keep_brought(*, owner, file: BinaryIO, size: int, name: str, is_packed: bool = False, **more) -> Asset:
    """A file of an import, kept as an upload is; `more` are fields that it had where it came from, as `id`.

    What a model made there may be a mere file, as it may here; one that `is_packed`, as vectors are, is not looked
    into. Raises NotTaken as `keep_upload` does.
    """
    _check_quota(owner, size)
    is_made = more.get("origin", Asset.Origin.UPLOAD) != Asset.Origin.UPLOAD
    found = Found("file", "application/octet-stream") if is_packed else _brought(file, size, name, is_made)
    if found.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO):
        more["peaks"] = _try_to_play(file, found)
    return _keep(owner, found, _content(file, found), names.cleaned(name, found.media_type), **more)


def _brought(file: BinaryIO, size: int, name: str, is_made: bool) -> Found:
    limits = {kind: max(most, settings.RESULT_MB.get(kind, 0)) for kind, most in settings.UPLOAD_MB.items()}
    try:
        return sniff(file, size, name, limits)
    except NotTaken:
        if not is_made:
            raise
        return Found("file", "application/octet-stream")


def kept_before(*, owner, digest: str) -> Asset | None:
    """The owner's file of these bytes, kept before; it counts as new for the sweep."""
    return _known(owner, digest)


def check_room(owner, assets: Iterable[Asset]) -> None:
    """Raises NotTaken where copies of these would be more than the owner may keep."""
    held = set(Asset.objects.for_user(owner).values_list("sha256", flat=True))
    _check_quota(owner, sum(asset.size for asset in assets if asset.sha256 not in held))


def keep_copy(*, owner, asset: Asset) -> Asset:
    """Somebody's file as the owner's own, without where it came from. Ask `check_room` first."""
    if known := _known(owner, asset.sha256):
        return known
    facts = ("kind", "media_type", "name", "size", "sha256", "width", "height", "seconds", "has_thumbnail", "peaks")
    copy = Asset(owner=owner, **{name: getattr(asset, name) for name in facts})
    for here, there in zip(_paths(asset), _paths(copy), strict=True):
        with default_storage.open(here) as file:
            default_storage.save(there, file)
    return _entered(copy)


def _try_to_play(file: BinaryIO, found: Found) -> bytes | None:
    """How loud it is. What we cannot decode is a film or a sound all the same, only without a picture of it."""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy, suppress(NotTaken):
        file.seek(0)
        shutil.copyfileobj(file, copy, PIECE)
        return look_into(copy, found).peaks
    return None


def _check_quota(owner, size: int) -> None:
    limit = settings.UPLOAD_QUOTA_MB
    if limit and used_bytes(owner) + size > limit * MB:
        raise NotTaken(
            _("Your files would take more than the %(limit)s MB that each person has. Delete some in the library.")
            % {"limit": limit},
            413,
        )


def _content(file: BinaryIO, found: Found) -> File:
    """What is to be stored: the cleaned bytes, or the file itself with its patches laid over."""
    if found.data is not None:
        return ContentFile(found.data)
    for place, data in found.patches:
        file.seek(place)
        file.write(data)
    file.seek(0)
    return file if isinstance(file, File) else File(file)


def _keep(owner, found: Found, content: File, name: str, **more) -> Asset:
    digest = _digest(content)
    if known := _known(owner, digest):
        return known
    asset = Asset(
        owner=owner,
        kind=found.kind,
        media_type=found.media_type,
        name=name,
        size=content.size,
        sha256=digest,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        has_thumbnail=found.thumbnail is not None,
        **more,
    )
    _store(asset, content)
    if found.thumbnail is not None:
        default_storage.save(asset.thumbnail_path, ContentFile(found.thumbnail))
    return _entered(asset)


def _store(asset: Asset, content: File) -> None:
    """Under its id; under a new one where somebody else's import of the same file has just taken that place."""
    if (name := default_storage.save(asset.path, content)) != asset.path:
        default_storage.delete(name)
        asset.id = new_id()
        content.seek(0)
        default_storage.save(asset.path, content)


def _entered(asset: Asset) -> Asset:
    """The row, written last: a file without one is nobody's, a row without a file would be a promise."""
    try:
        with transaction.atomic():
            asset.save(force_insert=True)
    except IntegrityError:
        _delete(_paths(asset))
        known = _known(asset.owner, asset.sha256)
        if known is None:
            raise
        return known
    return asset


def _known(owner, digest: str) -> Asset | None:
    """The same bytes, kept before; they count as new for the sweep."""
    asset = Asset.objects.for_user(owner).filter(sha256=digest).first()
    if asset:
        Asset.objects.filter(pk=asset.pk).update(seen_at=timezone.now())
    return asset


def _digest(content: File) -> str:
    digest = hashlib.sha256()
    for piece in content.chunks(PIECE):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


def data_of(asset: Asset) -> str:
    """The content as base64, as the wire formats want it. Reads the storage: not for the event loop."""
    return base64.b64encode(bytes_of(asset)).decode("ascii")


def bytes_of(asset: Asset) -> bytes:
    """Raises FileNotFoundError where the storage has lost it."""
    with default_storage.open(asset.path) as file:
        return file.read()


def forget_files(sender, instance: Asset, **kwargs) -> None:
    """Whatever deletes the row, the files go with it, once that is certain. The row will have lost its id by then."""
    paths = _paths(instance)
    transaction.on_commit(lambda: _delete(paths))


def _paths(asset: Asset) -> list[str]:
    return [asset.path, asset.thumbnail_path] if asset.has_thumbnail else [asset.path]


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
