"""What went over the wire in one call, as it was sent and as it came: noted on the path of a token, read after its end.

It holds the key as it was sent: whoever keeps a tape masks it first.
"""

import zlib
from array import array
from collections.abc import Mapping
from itertools import accumulate, pairwise
from time import monotonic

MOST_EXCHANGES = 100
# So many chunks are pressed into one block: the JSON around a token is fifty times its text, and always much the same.
BLOCK = 64
# A block larger than this would take the event loop too long: a picture's base64 hardly shrinks anyway.
PRESSED_BYTES = 64 * 1024


class Exchange:
    """One HTTP request and what came back. Times are on the monotonic clock, 0 for what did not happen.

    `times` and `chunks` are the reply's body as it arrived, pressed meanwhile; `error` says why there is no more of it,
    and `pause` after how many seconds it was tried again.
    """

    __slots__ = (
        "_blocks",
        "_fresh",
        "_sizes",
        "answered",
        "began",
        "body",
        "ended",
        "error",
        "headers",
        "method",
        "pause",
        "reply_headers",
        "status",
        "times",
        "url",
    )

    def __init__(self, method: str, url: str, headers: Mapping[str, str], body: bytes):
        self.method, self.url, self.headers, self.body = method, url, headers, body
        self.began, self.answered, self.ended = monotonic(), 0.0, 0.0
        self.status = 0
        self.reply_headers: Mapping[str, str] = {}
        self.times, self._sizes = array("d"), array("Q")
        self._fresh, self._blocks = list[bytes](), list[bytes]()
        self.error, self.pause = "", 0.0

    def hear(self, chunk: bytes) -> None:
        self.times.append(monotonic())
        self._sizes.append(len(chunk))
        self._fresh.append(chunk)
        if len(self._fresh) == BLOCK:
            block = b"".join(self._fresh)
            self._blocks.append(zlib.compress(block, 1 if len(block) <= PRESSED_BYTES else 0))
            self._fresh.clear()

    @property
    def chunks(self) -> list[bytes]:
        """Each as it came; made anew at each look."""
        whole = b"".join([*map(zlib.decompress, self._blocks), *self._fresh])
        ends = [0, *accumulate(self._sizes)]
        return [whole[start:end] for start, end in pairwise(ends)]


class Tape:
    """The exchanges of one call, one after the other: a retry, a changed request and each look at a background answer.

    Beyond `room` bytes of replies, and beyond a hundred exchanges, it only counts: `missed_…`.
    """

    __slots__ = ("_now", "began", "exchanges", "missed_bytes", "missed_chunks", "missed_exchanges", "room")

    def __init__(self, room: int):
        self.room = room
        self.began = monotonic()
        self.exchanges: list[Exchange] = []
        self.missed_bytes = self.missed_chunks = self.missed_exchanges = 0

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        self._now = Exchange(method, url, headers, body)
        if len(self.exchanges) < MOST_EXCHANGES:
            self.exchanges.append(self._now)
        else:
            self.missed_exchanges += 1

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        now = self._now
        now.answered, now.status, now.reply_headers = monotonic(), status, headers

    def hear(self, chunk: bytes) -> None:
        """Once per chunk, on the event loop: nothing is looked into here."""
        self.room -= len(chunk)
        if self.room >= 0:
            self._now.hear(chunk)
        else:
            self.missed_chunks += 1
            self.missed_bytes += len(chunk)

    def end(self) -> None:
        self._now.ended = self._now.ended or monotonic()

    def fail(self, error: str, pause: float = 0.0) -> None:
        """The newest request came to nothing; it is tried again after `pause` seconds, or not where that is 0."""
        if self.exchanges:
            self.exchanges[-1].error, self.exchanges[-1].pause = error, pause


class NoTape(Tape):
    """For calls that nobody will look at."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None: ...

    def answer(self, status: int, headers: Mapping[str, str]) -> None: ...

    def hear(self, chunk: bytes) -> None: ...

    def end(self) -> None: ...


NO_TAPE = NoTape()
