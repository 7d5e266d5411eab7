"""Reads speech as it arrives: bare bytes, events with pieces of base64, or a document that says where it lies."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from ... import sentences
from ...counting import usage_of
from ...errors import parse_error, read_failure
from ...events import Failed
from ...exceptions import TooLarge, Undecodable
from ...messages import Usage
from ...sse import TOTAL_LIMIT, ServerSentEvent, SSEDecoder
from ...tolerant import loads
from ..reading import NO_ANSWER, failed, read_json
from ..shapes import MediaEvent, MediaReply, MediaRequest, Replied, SoundChunk
from .documents import sound_in
from .formats import TYPES, UNTOLD, file_of, kind_of

HEAD = 64
_DOCUMENT = re.compile(rb'(?i)(?:\xef\xbb\xbf)?\s*(?:\{\s*"[^"]{1,40}"\s*:|\[\s*\{|<(?:!doctype|html|\?xml))')
_EVENTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:(?:data|event|id|retry):|: ?[A-Za-z-]{4})")


class SpeechReader:
    """What it is, is told by its first bytes: gateways hand on any declared type. Samples alone have no such bytes."""

    def __init__(self, content_type: str, request: MediaRequest):
        self._declared = content_type.lower()
        self._is_pcm = request.parameters.get("response_format") == "pcm"
        self._head, self._kind, self._type = b"", "", ""
        self._held: list[bytes] = []
        self._left = TOTAL_LIMIT
        self._sse = SSEDecoder()
        self._usage = Usage()
        self._error: Failed | None = None
        self._out: list[MediaEvent] = []

    def feed(self, chunk: bytes) -> list[MediaEvent]:
        if not self._kind:
            self._head += chunk
            if len(self._head) < HEAD:
                return []
            chunk = self._begin()
        self._take(chunk)
        return self._taken()

    def finish(self) -> list[MediaEvent]:
        if not self._kind:
            self._take(self._begin())
        if self._kind == "events":
            self._read(self._sse.finish)
        return [*self._taken(), Replied(self._reply())]

    def _begin(self) -> bytes:
        head, self._head = self._head, b""
        self._kind = self._kind_of(head)
        if self._kind == "events":
            self._declared = TYPES["pcm"] if self._is_pcm else UNTOLD
        return head

    def _kind_of(self, head: bytes) -> str:
        if kind_of(head):
            return "sound"
        if "event-stream" in self._declared or _EVENTS.match(head):
            return "events"
        is_text = _DOCUMENT.match(head) or any(kind in self._declared for kind in ("json", "text/"))
        return "document" if is_text else "sound"

    def _take(self, chunk: bytes) -> None:
        if self._kind == "events":
            self._read(lambda: self._sse.feed(chunk))
        elif self._kind == "document":
            self._hold(chunk)
        else:
            self._sound(chunk)

    def _hold(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            self._held, self._error = [], Failed(message=sentences.REPLY_TOO_LARGE, code="too_large")
        elif data:
            self._held.append(data)

    def _sound(self, data: bytes) -> None:
        self._hold(data)
        if data and not self._error:
            self._type = self._type or kind_of(data, self._declared or UNTOLD)
            self._out.append(SoundChunk(data, self._type))

    def _read(self, more: Callable[[], list[ServerSentEvent]]) -> None:
        try:
            for event in [] if self._error else more():
                self._event(event)
        except TooLarge as error:
            self._error = Failed(message=str(error), code="too_large")

    def _event(self, event: ServerSentEvent) -> None:
        """Marks of the end, comments and what is no JSON say nothing; an error ends it."""
        try:
            document = loads(event.data)
        except Undecodable:
            if event.event == "error":
                self._error = parse_error(0, event.data, "text/plain", {})
            return
        if self._error or not isinstance(document, dict):
            return
        self._usage = usage_of(document.get("usage")) or self._usage
        piece = document.get("audio") or document.get("delta")
        if isinstance(piece, str) and piece:
            self._piece(piece)
        elif error := read_failure(document):
            self._error = error

    def _piece(self, piece: str) -> None:
        try:
            self._sound(base64.b64decode(piece, validate=True))
        except (binascii.Error, ValueError):
            self._error = NO_ANSWER

    def _taken(self) -> list[MediaEvent]:
        taken, self._out = self._out, []
        return taken

    def _reply(self) -> MediaReply:
        if self._error:
            return failed(self._error)
        data = b"".join(self._held)
        if self._kind == "document":
            return read_json(data, _told)
        if not data:
            return failed(Failed(message=sentences.EMPTY_REPLY, code="empty_reply"))
        return MediaReply("succeeded", made=(file_of(data, self._declared),), usage=self._usage)


def _told(document: Any) -> MediaReply | None:
    made = sound_in(document)
    if not made:
        return None
    usage = usage_of(document.get("usage")) if isinstance(document, dict) else None
    return MediaReply("succeeded", made=(made,), usage=usage or Usage())
