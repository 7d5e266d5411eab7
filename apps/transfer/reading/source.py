"""An imported file, whatever it is called: its format by its content, its records one by one, its files."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from .. import schema
from ..bringing import Files
from ..refusals import NotRead
from . import chatgpt, claude, librechat, open_webui, own
from .archive import Archive
from .stream import CHATGPT, CLAUDE, CONVERSATION, LIBRECHAT, OPEN_WEBUI, OWN, Metered, recognised, records

Reader = Callable[[Any, Files], schema.Conversation]
READERS: dict[str, tuple[Callable[[Any], str], Reader]] = {
    OWN: (own.id_of, own.read),
    CHATGPT: (chatgpt.id_of, chatgpt.read),
    CLAUDE: (claude.id_of, claude.read),
    OPEN_WEBUI: (open_webui.id_of, open_webui.read),
    LIBRECHAT: (librechat.id_of, librechat.read),
}
LABELS = {
    OWN: "Playground",
    CHATGPT: "ChatGPT",
    CLAUDE: "Claude",
    OPEN_WEBUI: "Open WebUI",
    LIBRECHAT: "LibreChat",
}


class Source:
    """`size` is how many bytes there are to read; `total` the number of records, where it is known beforehand."""

    def __init__(self, name: str, file: BinaryIO, places: list[tuple[str, str]], archive: Archive | None = None):
        self.name, self._file, self._places, self._archive = name, file, places, archive
        self.total: int | None = None
        self.size = sum(archive.entries[path].file_size for path, _place in places) if archive else file.seek(0, 2)

    def files(self, owner) -> Files:
        return Files(owner, self._archive.of_reference) if self._archive else Files(owner)

    def assets(self, owner, beat: Callable[[], None]) -> tuple[Mapping[str, str], Mapping[str, own.NotKept]]:
        """The files that came along, kept: ids here by ids there, and those that were left out by their ids there."""
        if self.name != OWN:
            return {}, {}
        return own.keep_assets(owner, own.of_json(Metered(self._envelope())), beat)

    def records(self, told: Callable[[int], None]) -> Iterator[own.Record]:
        """Each record as it stands there, and what it is; raises NotRead where there is no going on."""
        if self.name == OWN:
            return own.records_of_json(Metered(self._envelope(), told))
        return ((CONVERSATION, record) for record in self._conversations(told))

    def _envelope(self) -> BinaryIO:
        """Our own JSON from its beginning; somebody may have packed it."""
        if self._archive:
            return self._archive.open(self._places[0][0])
        self._file.seek(0)
        return self._file

    def _conversations(self, told: Callable[[int], None]) -> Iterator[Any]:
        for path, place in self._places:
            if self._archive:
                with self._archive.open(path) as file:
                    yield from records(Metered(file, told), place)
            else:
                self._file.seek(0)
                yield from records(Metered(self._file, told), place)

    def id_of(self, record: Any) -> str:
        return READERS[self.name][0](record)

    def read(self, record: Any, files: Files) -> schema.Conversation:
        """Raises NotTaken, and what a record of another shape brings about."""
        return READERS[self.name][1](record, files)


class OwnArchive(Source):
    """The product's own ZIP: its manifest says what is in it."""

    def __init__(self, archive: Archive, manifest: own.Manifest):
        self.name, self._archive, self._manifest = OWN, archive, manifest
        entries = (*manifest.conversations, *manifest.jobs)
        self.total = len(entries) + len(manifest.library)
        self.size = sum(archive.entries[each.path].file_size for each in entries)

    def assets(self, owner, beat: Callable[[], None]) -> tuple[Mapping[str, str], Mapping[str, own.NotKept]]:
        return own.keep_assets(owner, own.of_archive(self._archive, self._manifest), beat)

    def records(self, told: Callable[[int], None]) -> Iterator[own.Record]:
        return own.records(self._archive, self._manifest, told)


def opened(file: BinaryIO) -> Source:
    """Raises NotRead for what is none of the formats."""
    file.seek(0)
    if file.read(4) == b"PK\x03\x04":
        return _of_archive(Archive(file))
    file.seek(0)
    if found := recognised(file):
        return Source(found[0], file, [("", found[1])])
    raise NotRead(_("This is no export that is known here. Choose the file as you got it, without changing it."))


def _of_archive(archive: Archive) -> Source:
    if manifest := own.manifest_of(archive):
        return OwnArchive(archive, manifest)
    found: dict[str, list[tuple[str, str]]] = {}
    for path in archive.json_names():
        with archive.open(path) as file:
            if what := recognised(file):
                found.setdefault(what[0], []).append((path, what[1]))
    if not found:
        raise NotRead(_("No conversations were found in this archive."))
    name = max(found, key=lambda each: len(found[each]))
    return Source(name, None, found[name], archive)  # type: ignore[arg-type]


def digest_of(record: Any) -> str:
    """The same for the same record, in whatever order its keys stand; without recursion, as a long talk may be deep."""
    digest, waiting = hashlib.sha256(), [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            digest.update(b"{%d" % len(value))
            waiting += (each for key in sorted(value, reverse=True) for each in (value[key], key))
        elif isinstance(value, list):
            digest.update(b"[%d" % len(value))
            waiting += reversed(value)
        else:
            data = repr(value).encode("utf-8", "surrogatepass")
            digest.update(b"%d:%s" % (len(data), data))
    return digest.hexdigest()
