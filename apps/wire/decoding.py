"""What the decoders of all formats share: telling a stream from a document, counting what is broken, ending once.

A format's decoder overrides `_document` and `_close`; it appends to `_out`.
"""

from typing import Any

from . import sentences
from .errors import parse_error, read_failure
from .events import Event, Failed, Finished, Unrecognized
from .exceptions import TooLarge, Undecodable
from .sse import BOM, EVENT_LIMIT, ServerSentEvent, SSEDecoder
from .tolerant import loads, shown

BROKEN_LIMIT = 3
SHOWN_LIMIT = 4000
DONE = b"[DONE]"


class StreamDecoder:
    """`feed` each chunk, then `finish`. Over its life exactly one Finished or Failed comes out; then `done` is true.

    Never raises: what is broken comes out as Unrecognized, and as Failed if there is too much of it.
    """

    def __init__(self, content_type: str = "text/event-stream"):
        self.done = False
        self.poll = self.resume = ""
        self._content_type = content_type
        self._out: list[Event] = []
        self._sse = SSEDecoder()
        self._streaming = False
        self._held: list[bytes] = []
        self._held_size = 0
        self._recognized = self._strange = False
        self._prose = b""
        self._broken = 0
        self._reported: set[str] = set()

    def feed(self, chunk: bytes) -> list[Event]:
        if self.done:
            return []
        try:
            if self._streaming:
                self._read(self._sse.feed(chunk))
            else:
                self._hold(chunk)
        except TooLarge as error:
            self._fail(Failed(message=str(error), code="too_large"))
        return self._taken()

    def finish(self) -> list[Event]:
        """The end of the bytes: closes what is open and says how it ended."""
        if self.done:
            return []
        if not self._streaming:
            self._read_held()
        if self._streaming and not self.done:
            self._read(self._sse.finish())
        if not self.done:
            self._end_of_bytes()
        return self._taken()

    def _document(self, document: dict[str, Any]) -> None:
        """One JSON object of the stream, or the whole reply where it was not streamed."""
        raise NotImplementedError

    def _close(self) -> Finished:
        """Appends what closes the parts still open and tells how the answer ended."""
        raise NotImplementedError

    def _expect_another(self) -> None:
        """Another reply follows these bytes, as the next look at an answer made in the background."""
        self._sse, self._streaming = SSEDecoder(), False
        self._held, self._held_size = [], 0

    def _taken(self) -> list[Event]:
        taken, self._out = self._out, []
        return taken

    def _end(self) -> None:
        finished = self._close()
        self._out.append(finished)
        self.done = True

    def _fail(self, failed: Failed) -> None:
        self._close()
        self._out.append(failed)
        self.done = True

    def _unrecognized(self, value: Any, why: str) -> None:
        self._strange = True
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else shown(value)
        self._out.append(Unrecognized(data=text[:SHOWN_LIMIT], why=why))

    def _unknown(self, place: str, found: dict[str, Any], known: frozenset[str]) -> None:
        """Fields that we do not know are shown once each: a vendor sends them with every chunk."""
        for name in found.keys() - known:
            path = f"{place}{name}"
            if found[name] not in (None, "", [], {}) and path not in self._reported:
                self._reported.add(path)
                self._unrecognized({name: found[name]}, f"unknown field {path}")

    def _hold(self, chunk: bytes) -> None:
        """Until the first byte that is no space tells what this is: the declared type is often wrong."""
        self._held.append(chunk)
        self._held_size += len(chunk)
        if self._held_size > EVENT_LIMIT:
            raise TooLarge(sentences.REPLY_TOO_LARGE)
        if len(self._held) > 1 and self._held_size > 1024:
            return
        start = b"".join(self._held).removeprefix(BOM).lstrip()[:2]
        if start == b"[D" or (start and start[:1] not in b"{<[\xef\xbb"):
            self._stream_held()

    def _stream_held(self) -> None:
        self._streaming = True
        held, self._held = b"".join(self._held), []
        self._read(self._sse.feed(held))

    def _read_held(self) -> None:
        """A reply that did not look like a stream: one JSON document, a web page, or a stream after all."""
        data = b"".join(self._held).removeprefix(BOM).strip()
        if not data:
            return
        try:
            document = loads(data)
        except Undecodable:
            if data[:1] == b"<":
                self._fail(parse_error(200, data, "text/html", {}))
            else:
                self._stream_held()
            return
        self._take(document, data)

    def _read(self, found: list[ServerSentEvent]) -> None:
        for event in found:
            if self.done:
                return
            data = event.data
            if event.event == "ping":
                continue
            try:
                document = loads(data)
            except Undecodable:
                self._read_broken(event)
                continue
            if event.event == "error":
                self._fail(read_failure(document) or Failed(message=shown(document)[:500]))
            else:
                self._take(document, data)

    def _take(self, document: Any, data: bytes) -> None:
        if type(document) is dict:
            self._document(document)
        elif failed := read_failure(document):
            self._fail(failed)
        else:
            self._count_broken(data, "not a JSON object")

    def _read_broken(self, event: ServerSentEvent) -> None:
        """Not JSON: the mark of the end (alone or glued on), several documents in one event, or broken."""
        data = event.data.strip()
        marked = data.endswith(DONE)
        if marked:
            data = data[: -len(DONE)].rstrip().removesuffix(b"data:").rstrip()
        if data:
            self._read_pieces(data, event)
        if marked and not self.done:
            self._end()

    def _read_pieces(self, data: bytes, event: ServerSentEvent) -> None:
        try:
            documents = [(loads(line), line) for line in data.split(b"\n") if line.strip()]
        except Undecodable:
            self._read_prose(data, event)
            return
        for document, line in documents:
            if not self.done:
                self._take(document, line)

    def _read_prose(self, data: bytes, event: ServerSentEvent) -> None:
        if event.event == "error":
            self._fail(parse_error(0, data, "text/plain", {}))
        elif event.cut:
            self._unrecognized(data, "the stream ended in the middle of this event")
        elif event.bare:
            self._prose = self._prose or data
            self._unrecognized(data, "not a server-sent event")
        else:
            self._count_broken(data, "not JSON")

    def _count_broken(self, data: bytes, why: str) -> None:
        self._broken += 1
        self._unrecognized(data, why)
        if self._broken > BROKEN_LIMIT:
            self._fail(Failed(message=sentences.TOO_MANY_BROKEN, code="undecodable"))

    def _end_of_bytes(self) -> None:
        if self._recognized or self._broken:
            self._end()
        elif self._prose:
            told = self._prose[:500].decode("utf-8", "replace")
            self._fail(Failed(message=sentences.NO_STREAM.format(told=told), code="no_stream"))
        elif self._strange:
            self._fail(Failed(message=sentences.NO_ANSWER, code="no_answer"))
        else:
            self._fail(Failed(message=sentences.EMPTY_REPLY, code="empty_reply"))
