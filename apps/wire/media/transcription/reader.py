"""Reads a transcript: a document, a text, subtitles, or events with its pieces."""

import re
from typing import Any

from ... import sentences
from ...errors import parse_error, read_failure
from ...events import Failed
from ...exceptions import Undecodable
from ...sse import BOM
from ...tolerant import loads
from ..reading import NO_ANSWER, failed, read_json
from ..shapes import MediaEvent, MediaReply, MediaRequest, TextDelta
from ..streamed import Streamed
from . import subtitles
from .documents import reply_of, segment_of

EMPTY = Failed(message=sentences.EMPTY_REPLY, code="empty_reply")
_PAGE = re.compile(rb"<(?:!doctype|html)", re.IGNORECASE)


class TranscriptionReader(Streamed):
    """The text at the end of a stream is the one that counts; without it, its pieces put together."""

    def __init__(self, content_type: str, request: MediaRequest):
        super().__init__(self._told)
        self._is_text = content_type.lower().startswith("text/plain")
        self._pieces: list[str] = []
        self._segments: list[dict[str, Any]] = []
        self._done: MediaReply | None = None
        self._seen = False

    def _told(self, body: bytes) -> MediaReply:
        """JSON is a document, whatever was declared; a text may begin like one without being one."""
        bare = body.removeprefix(BOM).strip()
        if bare[:1] in (b"{", b"[") and not (self._is_text and _unreadable(bare)):
            return read_json(bare, reply_of)
        if _PAGE.match(bare):
            return failed(parse_error(200, bare, "text/html", {}))
        return _text(bare.decode("utf-8", "replace")) if body else failed(EMPTY)

    def _event(self, document: dict[str, Any], name: str) -> list[MediaEvent]:
        kind = document.get("type")
        if self._done:
            return []
        if kind == "transcript.text.segment":
            self._segments += [found] if (found := segment_of(document)) else []
        elif isinstance(delta := document.get("delta"), str):
            self._seen = True
            self._pieces.append(delta)
            return [TextDelta(delta)] if delta else []
        elif "error" in (kind, name) or document.get("error"):
            self._done = failed(read_failure(document) or NO_ANSWER)
        else:
            self._done = reply_of(document, self._segments)
        return []

    def _ended(self) -> MediaReply:
        if self._done:
            return self._done
        text = "".join(self._pieces) or subtitles.said(self._segments)
        told = reply_of({"text": text}, self._segments) if self._seen or self._segments else None
        return told or failed(NO_ANSWER)


def _text(text: str) -> MediaReply:
    """A text by itself, empty where nothing was said, or subtitles: then its cues are the segments."""
    cues = subtitles.read(text)
    if not cues:
        return MediaReply("succeeded", result={"text": "" if text.startswith("WEBVTT") else text})
    found = {"text": subtitles.said(cues), "segments": cues, "subtitles": text + "\n"}
    return MediaReply("succeeded", result=found)


def _unreadable(body: bytes) -> bool:
    try:
        return not isinstance(loads(body), dict)
    except Undecodable:
        return True
