"""A stream that is one JSON array, as Google sends it without `alt=sse`: its objects as they come.

Only braces and quotes are looked at. Everything between two objects that is no comma or bracket is stray.
"""

import re

from ..exceptions import TooLarge
from ..sse import EVENT_LIMIT, TOTAL_LIMIT, ServerSentEvent, SSEDecoder

BETWEEN = b" \t\r\n,[]\xef\xbb\xbf"
_MARK = re.compile(rb'["{}]')
_QUOTE = re.compile(rb'["\\]')


class ArrayDecoder(SSEDecoder):
    """As SSEDecoder: `feed` each chunk, then `finish`; each object is one event."""

    def __init__(self, event_limit: int = EVENT_LIMIT, total_limit: int = TOTAL_LIMIT):
        super().__init__(event_limit, total_limit)
        self._pieces: list[bytes] = []
        self._depth = 0
        self._quoted = self._escaped = False

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        self._total_left -= len(chunk)
        if self._total_left < 0:
            raise TooLarge("The stream is larger than this program accepts.")
        found: list[ServerSentEvent] = []
        start = place = 0
        while (place := self._next(chunk, place)) < len(chunk):
            place += 1
            if self._turn(chunk[place - 1]):
                end = place - 1 if self._depth else place
                found += self._cut(chunk[start:end], whole=not self._depth)
                start = end
        self._pieces.append(chunk[start:])
        self._grow(len(chunk) - start)
        return found

    def finish(self) -> list[ServerSentEvent]:
        """An object that the end cut off, or what follows the last one."""
        data = b"".join(self._pieces)
        self._pieces = []
        return [ServerSentEvent(data, cut=True)] if self._depth else _stray(data)

    def _next(self, chunk: bytes, place: int) -> int:
        """The next byte that opens or closes something; quotes and escapes are passed over."""
        while place < len(chunk):
            if self._escaped:
                self._escaped, place = False, place + 1
                continue
            found = (_QUOTE if self._quoted else _MARK).search(chunk, place)
            if not found:
                break
            place = found.start()
            if self._quoted and found.group() == b"\\":
                self._escaped = True
            elif found.group() == b'"' and self._depth:
                self._quoted = not self._quoted
            elif found.group() != b'"':
                return place
            place += 1
        return len(chunk)

    def _turn(self, mark: int) -> bool:
        """Whether this brace begins an object, or ends it."""
        if mark == 123:
            self._depth += 1
            return self._depth == 1
        if not self._depth:
            return False
        self._depth -= 1
        return not self._depth

    def _cut(self, piece: bytes, whole: bool) -> list[ServerSentEvent]:
        data = b"".join((*self._pieces, piece))
        self._pieces, self._size = [], 0
        return [ServerSentEvent(data)] if whole else _stray(data)


def _stray(data: bytes) -> list[ServerSentEvent]:
    data = data.strip(BETWEEN)
    return [ServerSentEvent(data, bare=True)] if data else []
