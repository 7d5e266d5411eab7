"""ZIP files, read entry by entry. What an entry says of its size is not believed."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from ..bringing import MB, most_bytes
from ..refusals import NotRead

MOST_ENTRIES = 200_000
MOST_RATIO, FROM = 200, 64 * MB
PIECE = 256 * 1024
# How exports name the files that messages refer to: file-AbC123-name.png, file_00000abc-sanitized.dat, file-AbC123.dat
_REFERENCE = re.compile(r"(file[-_][A-Za-z0-9]+)")


class Archive:
    """An opened ZIP file. Raises NotRead for one that is damaged, encrypted, or made to burst."""

    def __init__(self, file: BinaryIO):
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise NotRead(_("This ZIP file is damaged, or it was cut off.")) from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        _check(entries)
        self.entries = {entry.filename: entry for entry in entries if not entry.filename.startswith("__MACOSX/")}
        self._by_reference: dict[str, str] = {}
        for name in self.entries:
            for reference in _REFERENCE.findall(name):
                self._by_reference.setdefault(reference, name)

    def json_names(self) -> list[str]:
        return sorted(name for name in self.entries if name.lower().endswith(".json"))

    def open(self, name: str) -> BinaryIO:
        try:
            return self._zip.open(self.entries[name])  # type: ignore[return-value]
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise NotRead(_("The archive lacks {name}, or it is damaged.").format(name=name)) from error

    def pieces(self, name: str, most: int | None = None) -> Iterator[bytes]:
        """The content, of at most so many bytes, whatever the archive says."""
        left = most_bytes() + 1 if most is None else most
        with self.open(name) as file:
            try:
                while left > 0 and (piece := file.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
                raise NotRead(_("The archive lacks {name}, or it is damaged.").format(name=name)) from error

    def of_reference(self, reference: str) -> Iterator[bytes] | None:
        """The file that a message names, by its id or by its path."""
        found = _REFERENCE.search(reference)
        name = self._by_reference.get(found[1]) if found else reference if reference in self.entries else None
        return self.pieces(name) if name else None


def _check(entries: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or size > settings.IMPORT_UNPACKED_MB * MB:
        raise NotRead(_("This archive would unpack into more than is taken here."))
    if size > FROM and size > MOST_RATIO * max(packed, 1):
        raise NotRead(_("This archive is packed so tightly that it is not opened."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotRead(_("This archive is encrypted. Unpack it, and import what is in it."))
