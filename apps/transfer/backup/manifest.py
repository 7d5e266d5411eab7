"""What a backup says of itself."""

import hashlib
import zlib
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile

import msgspec

NAME, FORMAT, VERSION = "manifest.json", "playground-backup", 1
SECRET = "secret_key"  # noqa: S105
MEDIA, ROWS = "media/", "rows/"
PIECE = 1024 * 1024
# Who was signed in is not worth keeping.
LEFT_OUT = {"sessions.session"}


class Unusable(Exception):
    """A sentence: what is wrong with the backup, or with restoring it here."""


class Table(msgspec.Struct):
    fields: list[str]
    count: int


class Manifest(msgspec.Struct):
    """`made_at` in UTC; `migrations` are pairs of an app and a name; `files` are the entries' SHA-256."""

    format: str
    version: int
    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Table]
    files: dict[str, str]

    @property
    def media(self) -> list[str]:
        return [name for name in self.files if name.startswith(MEDIA)]

    @property
    def rows(self) -> int:
        return sum(table.count for table in self.tables.values())


def entry_of(label: str) -> str:
    return f"{ROWS}{label}.jsonl"


def copy(source: IO[bytes], target: IO[bytes] | None = None) -> str:
    """The SHA-256 of all that was read, and written to `target`."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        if target:
            target.write(piece)
    return digest.hexdigest()


def opened(file: BinaryIO) -> tuple[ZipFile, Manifest]:
    """Raises Unusable for what is no backup."""
    try:
        archive = ZipFile(file)
        manifest = msgspec.json.decode(archive.read(NAME), type=Manifest)
    except (BadZipFile, zlib.error, KeyError, msgspec.DecodeError, OSError) as error:
        raise Unusable(f"This is not a backup of Playground, or it is damaged: {error}") from error
    if (manifest.format, manifest.version) != (FORMAT, VERSION):
        found = f"{manifest.format} of version {manifest.version}"
        raise Unusable(f"This is a {found}; this program reads version {VERSION}.")
    return archive, manifest


def verify(archive: ZipFile, manifest: Manifest) -> None:
    """Reads all of it once. Raises Unusable where an entry is missing or is not what was written."""
    for name, wanted in manifest.files.items():
        try:
            with archive.open(name) as entry:
                found = copy(entry)
        except (KeyError, BadZipFile, zlib.error, OSError, EOFError) as error:
            raise Unusable(f"{name} cannot be read: {error}") from error
        if found != wanted:
            raise Unusable(f"{name} is not what was written: its SHA-256 is {found} and should be {wanted}.")
