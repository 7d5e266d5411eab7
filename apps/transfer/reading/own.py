"""The product's own exports: one JSON file, or a ZIP file whose manifest names each file with its SHA-256."""

import base64
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import ijson
import msgspec
from django.utils.translation import gettext as _

from .. import schema
from ..bringing import Files, keep_told
from ..refusals import NotRead, NotTaken
from .archive import Archive
from .stream import CONVERSATION, FILE, JOB, MOST_OF_A_RECORD, ORDER, PIECE, Metered, plain

MANIFEST = "manifest.json"
# Where the records of an envelope stand.
RECORDS = {"order": ORDER, "conversations.item": CONVERSATION, "jobs.item": JOB, "library.item": FILE}
Record = tuple[str, Any]


class NotKept(NamedTuple):
    """A file that was left out, and the sentence that says why."""

    name: str
    why: str


class Entry(msgspec.Struct):
    path: str
    sha256: str


class Manifest(msgspec.Struct, kw_only=True):
    format: str
    version: int
    order: Any = None
    assets: list[schema.Asset] = []
    conversations: list[Entry] = []
    jobs: list[Entry] = []
    library: list[uuid.UUID] = []


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
    wanted = [each.path for each in (*manifest.conversations, *manifest.jobs)]
    if lacking := [path for path in wanted if path not in archive.entries]:
        raise NotRead(_("The archive lacks {name}, or it is damaged.").format(name=lacking[0]))
    return manifest


def records(archive: Archive, manifest: Manifest, told: Callable[[int], None]) -> Iterator[Record]:
    """What is not JSON, or not what the manifest says, is given as an error, to be told as that record's."""
    if manifest.order is not None:
        yield ORDER, manifest.order
    for kind, entries in ((CONVERSATION, manifest.conversations), (JOB, manifest.jobs)):
        for entry in entries:
            yield kind, _entry(archive, entry, told)
    for id in manifest.library:
        yield FILE, str(id)


def _entry(archive: Archive, entry: Entry, told: Callable[[int], None]) -> Any:
    try:
        data = b"".join(archive.pieces(entry.path, MOST_OF_A_RECORD))
    except NotRead as error:
        return NotTaken(str(error))
    told(len(data))
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        return NotTaken(_("%(name)s is damaged: its content is not what its checksum says.") % {"name": entry.path})
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NotTaken(_("This is not JSON, or it was cut off."))


def records_of_json(file: Metered) -> Iterator[Record]:
    """All lists of the envelope in one go; its files, read before, are passed over piece by piece."""
    try:
        for place, event, value in (events := ijson.parse(file, buf_size=PIECE)):
            if place.startswith("assets."):
                file.since = 0
            elif kind := RECORDS.get(place):
                file.since = 0
                found = plain(_built(events, place, event, value))
                yield kind, str(found) if kind == FILE else found
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise NotRead(_("The file is damaged, or it was cut off.")) from error


def _built(events: Iterator[tuple[str, str, Any]], place: str, event: str, value: Any) -> Any:
    """The value that begins with this event; the others of it are taken from the events."""
    builder = ijson.ObjectBuilder()
    builder.event(event, value)
    if event in ("start_map", "start_array"):
        for inner, event, value in events:
            builder.event(event, value)
            if inner == place and event in ("end_map", "end_array"):
                break
    return builder.value


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


def keep_assets(
    owner, found: Iterable[tuple[schema.Asset, Iterable[bytes]]], beat: Callable[[], None]
) -> tuple[dict[str, str], dict[str, NotKept]]:
    """Ids here by ids there, and what could not be kept."""
    kept, left = {}, {}
    for told, pieces in found:
        try:
            kept[str(told.id)] = str(keep_told(owner=owner, told=told, pieces=pieces).pk)
        except (NotTaken, NotRead) as error:
            left[str(told.id)] = NotKept(told.name, str(error))
        beat()
    return kept, left
