"""JSON files of any length, read a record at a time, and what kind of records they hold."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _

from ..refusals import NotRead

MOST_OF_A_RECORD = 64 * 1024 * 1024
PIECE = 64 * 1024
LOOKED_AT = 200
OWN, CHATGPT, CLAUDE, OPEN_WEBUI, LIBRECHAT = "playground", "chatgpt", "claude", "openwebui", "librechat"
# A key that only one of the formats has at the top of a record.
TELLING = {
    "mapping": CHATGPT,
    "chat_messages": CLAUDE,
    "chat": OPEN_WEBUI,
    "history": OPEN_WEBUI,
    "messagesTree": LIBRECHAT,
    "conversationId": LIBRECHAT,
}
# What records are: of other products all are conversations. `ORDER` is folders and tags, and no record of its own.
CONVERSATION, JOB, FILE, ORDER = "conversation", "job", "file", "order"
PLACES = ("item", "conversations.item", "")


class Metered:
    """A file that is read on; past `MOST_OF_A_RECORD` bytes for one record, a hostile one, it refuses."""

    def __init__(self, file: BinaryIO, told: Callable[[int], None] = lambda size: None):
        self._file, self._told, self.since = file, told, 0

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._file.read(PIECE if size < 0 else size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise NotRead(_("The file is damaged, or it was cut off.")) from error
        self.since += len(piece)
        if self.since > MOST_OF_A_RECORD:
            raise NotRead(_("One record of this file is larger than %(most)d MB.") % {"most": MOST_OF_A_RECORD >> 20})
        if piece:
            self._told(len(piece))
        return piece


def records(file: Metered, place: str) -> Iterator[Any]:
    """The values at that place. Raises NotRead where the JSON breaks off; what came before was given."""
    try:
        for record in ijson.items(file, place, buf_size=PIECE):
            file.since = 0
            yield plain(record)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise NotRead(_("The file is damaged, or it was cut off.")) from error


def plain(value: Any) -> Any:
    """The value with its numbers as Python has them; without recursion, as some formats nest a message in another."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, inner in list(pairs):
            if isinstance(inner, Decimal):
                holder[key] = float(inner)
            elif isinstance(inner, dict | list):
                waiting.append(inner)
    return value


def recognised(file: BinaryIO) -> tuple[str, str] | None:
    """The format and the place of its records, by the first keys that tell; None for anything else."""
    ended = 0
    try:
        for place, event, value in ijson.parse(Metered(file), buf_size=PIECE):
            if (place, value) == ("format", OWN):
                return OWN, "conversations.item"
            if event == "map_key" and place in PLACES and value in TELLING:
                return TELLING[value], place
            ended += event == "end_map" and place in PLACES
            if ended > LOOKED_AT:
                break
    except (ijson.JSONError, UnicodeDecodeError, NotRead):
        pass
    return None
