"""The product's own exports: one JSON file, or a ZIP file whose manifest names each file with its SHA-256."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ijson
import msgspec
from django.utils.translation import gettext as _

from .. import schema
from ..bringing import Files, keep_told
from ..refusals import NotRead, NotTaken
from .archive import Archive
from .stream import MOST_OF_A_RECORD, PIECE, Metered

MANIFEST = "manifest.json"


class Entry(msgspec.Struct):
    path: str
    sha256: str


class Manifest(msgspec.Struct, kw_only=True):
    format: str
    version: int
    assets: list[schema.Asset] = []
    conversations: list[Entry] = []


def check_version(version: Any) -> None:
    if version != schema.VERSION:
        raise NotRead(_("This export is of version %(version)s, which is not known here.") % {"version": version})


def id_of(record: Any) -> str:
    return str(record.get("id", "")) if isinstance(record, dict) else ""


def read(record: Any, files: Files) -> schema.Conversation:
    return msgspec.convert(record, schema.Conversation)


def manifest_of(archive: Archive) -> Manifest | None:
    """None for an archive of somebody else's, which may have a file of that name too."""
    if MANIFEST not in archive.entries:
        return None
    try:
        manifest = msgspec.json.decode(b"".join(archive.pieces(MANIFEST, MOST_OF_A_RECORD)), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if manifest.format != schema.FORMAT:
        return None
    check_version(manifest.version)
    if lacking := [each.path for each in manifest.conversations if each.path not in archive.entries]:
        raise NotRead(_("The archive lacks {name}, or it is damaged.").format(name=lacking[0]))
    return manifest


def records(archive: Archive, manifest: Manifest, told: Callable[[int], None]) -> Iterator[Any]:
    """What is not JSON, or not what the manifest says, is given as an error, to be told as that record's."""
    for entry in manifest.conversations:
        try:
            data = b"".join(archive.pieces(entry.path, MOST_OF_A_RECORD))
        except NotRead as error:
            yield NotTaken(str(error))
            continue
        told(len(data))
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            name = {"name": entry.path}
            yield NotTaken(_("%(name)s is damaged: its content is not what its checksum says.") % name)
            continue
        try:
            yield msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield NotTaken(str(error))


def of_archive(archive: Archive, manifest: Manifest) -> Iterator[tuple[schema.Asset, Iterable[bytes]]]:
    for told in manifest.assets:
        if told.path in archive.entries:
            yield told, archive.pieces(told.path)


def of_json(file: Metered) -> Iterator[tuple[schema.Asset, Iterable[bytes]]]:
    """The files of the envelope, which stand before its conversations; of each no more than a piece is held."""
    events = ijson.parse(file, buf_size=PIECE)
    fields: dict[str, Any] = {}
    try:
        for place, event, value in events:
            if place == "version":
                check_version(value)
            elif (place, event) == ("assets.item", "start_map"):
                fields = {}
            elif (place, event) == ("assets.item.data", "start_array"):
                file.since = 0
                told = msgspec.convert(fields, schema.Asset)
                rest = _data(events, file)
                yield told, rest
                for _piece in rest:  # what nobody wanted is passed over
                    pass
            elif place.startswith("assets.item.") and event in ("string", "number"):
                fields[place.removeprefix("assets.item.")] = value
            elif (place, event) == ("assets", "end_array"):
                return
    except (ijson.JSONError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise NotRead(_("The file is damaged, or it was cut off.")) from error


def _data(events: Iterator[tuple[str, str, Any]], file: Metered) -> Iterator[bytes]:
    try:
        for _place, event, value in events:
            if event == "end_array":
                return
            file.since = 0
            yield base64.b64decode(value)
    except (ijson.JSONError, ValueError) as error:
        raise NotRead(_("The file is damaged, or it was cut off.")) from error


def keep_assets(owner, found: Iterable[tuple[schema.Asset, Iterable[bytes]]]) -> tuple[dict[str, str], list[str]]:
    kept, left = {}, []
    for told, pieces in found:
        try:
            kept[str(told.id)] = str(keep_told(owner=owner, told=told, pieces=pieces).pk)
        except (NotTaken, NotRead) as error:
            left.append(str(error))
    return kept, left
