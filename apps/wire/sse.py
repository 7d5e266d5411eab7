"""Server-sent events out of raw bytes, however they are cut. The rules are the WHATWG's, bent to what gateways send.

Works on bytes: a text decoder per chunk would split characters, and str.splitlines() cuts a line at U+2028.
"""

import msgspec

from . import sentences
from .exceptions import TooLarge

EVENT_LIMIT = 64 * 1024 * 1024
TOTAL_LIMIT = 512 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
IGNORED = (b"id", b"retry")


class ServerSentEvent(msgspec.Struct, frozen=True):
    """`bare` marks lines that were no SSE field at all, `cut` an event that the end of the stream cut off."""

    data: bytes
    event: str = ""
    bare: bool = False
    cut: bool = False


class SSEDecoder:
    """`feed` each chunk, then `finish`. An event over `event_limit` or a stream over `total_limit` raises TooLarge."""

    def __init__(self, event_limit: int = EVENT_LIMIT, total_limit: int = TOTAL_LIMIT):
        self._event_limit, self._total_left = event_limit, total_limit
        self._tail: list[bytes] = []
        self._data: list[bytes] = []
        self._bare: list[bytes] = []
        self._event = b""
        self._size = self._tail_size = 0
        self._after_cr = False
        self._first_line = True

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        self._total_left -= len(chunk)
        if self._total_left < 0:
            raise TooLarge(sentences.STREAM_TOO_LARGE)
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[:1] == b"\n":
                chunk = chunk[1:]
        lines = chunk.splitlines()
        if not lines:
            return []
        return self._take(self._whole(lines, chunk[-1]))

    def finish(self) -> list[ServerSentEvent]:
        """What the end of the stream leaves: a last event without its blank line, and stray lines."""
        found = self._take([b"".join(self._tail)]) if self._tail else []
        self._tail, self._tail_size = [], 0
        cut = bool(self._data) and not _stands_alone(b"\n".join(self._data))
        return found + self._dispatch(cut)

    def _whole(self, lines: list[bytes], last: int) -> list[bytes]:
        """The lines that are complete; the rest waits, unjoined: joining at each chunk would be quadratic."""
        rest = b"" if last in b"\r\n" else lines.pop()
        self._after_cr = last == 13
        if self._tail and lines:
            lines[0] = b"".join((*self._tail, lines[0]))
            self._tail, self._tail_size = [], 0
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
            self._grow(0)
        return lines

    def _take(self, lines: list[bytes]) -> list[ServerSentEvent]:
        found: list[ServerSentEvent] = []
        for line in lines:
            if self._first_line:
                line = line.removeprefix(BOM)
                self._first_line = False
            if not line:
                if self._data or self._bare:
                    found += self._dispatch()
                self._event = b""
            elif line[:5] == b"data:":
                if self._bare:
                    found += self._stray()
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
                self._grow(len(line))
            elif line[:1] != b":":
                self._field(line)
        return found

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"event":
            self._event = value.removeprefix(b" ")
        elif name == b"data":
            self._data.append(b"")
        elif name not in IGNORED:
            self._bare.append(line)
            self._grow(len(line))

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size + self._tail_size > self._event_limit:
            raise TooLarge(sentences.EVENT_TOO_LARGE)

    def _dispatch(self, cut: bool = False) -> list[ServerSentEvent]:
        data, event = b"\n".join(self._data), self._event.decode("utf-8", "replace")
        self._data, self._event, self._size = [], b"", 0
        found = [ServerSentEvent(data, event, cut=cut)] if data else []
        return found + self._stray()

    def _stray(self) -> list[ServerSentEvent]:
        bare, self._bare = b"\n".join(self._bare), []
        return [ServerSentEvent(bare, bare=True)] if bare else []


def _stands_alone(data: bytes) -> bool:
    """Whether an event that lacks its blank line arrived whole: as JSON, or as the mark of the end."""
    if data.strip().endswith(b"[DONE]"):
        return True
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True
