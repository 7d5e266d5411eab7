"""Answers that come whole or as server-sent events: which it is, their first bytes tell, never what was asked for."""

from collections.abc import Callable
from typing import Any

from .. import sentences
from ..exceptions import TooLarge, Undecodable
from ..sse import ServerSentEvent, SSEDecoder
from ..tolerant import loads
from .reading import error_of
from .shapes import MediaEvent, MediaReply, Replied

FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")
BLANK = b" \t\r\n\xef\xbb\xbf"
TOLD_BY = 6
SHOWN_LIMIT = 500
# Ten large pictures in base64.
REPLY_LIMIT = 256 * 1024 * 1024


class Streamed:
    """`read` reads a whole answer; a family says what an event of a stream means, and what its end."""

    def __init__(self, read: Callable[[bytes], MediaReply]):
        self._read = read
        self._start = b""
        self._held: list[bytes] = []
        self._left = REPLY_LIMIT
        self._sse: SSEDecoder | None = None
        self._broken: MediaReply | None = None

    def feed(self, chunk: bytes) -> list[MediaEvent]:
        return [] if self._broken else self._try(self._take, chunk)

    def finish(self) -> list[MediaEvent]:
        found = [] if self._broken else self._try(self._finish)
        return [*found, Replied(self._broken or (self._ended() if self._sse else self._read(b"".join(self._held))))]

    def _event(self, document: dict[str, Any], name: str) -> list[MediaEvent]:
        """One JSON object of the stream, and the name of its event."""
        raise NotImplementedError

    def _ended(self) -> MediaReply:
        """What the stream said in all."""
        raise NotImplementedError

    def _try(self, take: Callable[..., list[MediaEvent]], *chunk: bytes) -> list[MediaEvent]:
        try:
            return take(*chunk)
        except TooLarge as error:
            self._broken, self._held = error_of(error), []
        return []

    def _take(self, chunk: bytes) -> list[MediaEvent]:
        return self._events(self._sse.feed(chunk)) if self._sse else self._hold(chunk)

    def _finish(self) -> list[MediaEvent]:
        return self._events(self._sse.finish()) if self._sse else []

    def _hold(self, chunk: bytes) -> list[MediaEvent]:
        self._left -= len(chunk)
        if self._left < 0:
            raise TooLarge(sentences.REPLY_TOO_LARGE)
        self._held.append(chunk)
        if len(self._start) >= TOLD_BY:
            return []
        self._start = (self._start + chunk).lstrip(BLANK)[:TOLD_BY]
        return self._stream() if self._start.startswith(FIELDS) else []

    def _stream(self) -> list[MediaEvent]:
        self._sse, held, self._held = SSEDecoder(), b"".join(self._held), []
        return self._events(self._sse.feed(held))

    def _events(self, found: list[ServerSentEvent]) -> list[MediaEvent]:
        return [event for sent in found for event in self._sent(sent)]

    def _sent(self, sent: ServerSentEvent) -> list[MediaEvent]:
        try:
            document = loads(sent.data)
        except Undecodable:
            document = {"error": {"message": sent.data[:SHOWN_LIMIT].decode("utf-8", "replace")}}
            return self._event(document, sent.event) if sent.event == "error" else []
        return self._event(document, sent.event) if isinstance(document, dict) else []
