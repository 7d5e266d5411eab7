"""What our reader of a media dialect understood of an answer, piece by piece."""

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from apps.usage.records import Kept
from apps.wire.exceptions import WireError
from apps.wire.media.dialect import Dialect, Reader
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.shapes import MediaEvent, MediaRequest, PartialImage, Replied, SoundChunk, TextDelta
from apps.wire.messages import HttpRequest


class MadeUnderstood:
    """Like `timeline.Understood`. Files were cut out of what is kept, so that what a reader misses says nothing."""

    def __init__(self, reader: Reader):
        self._reader: Reader | None = reader
        self.started = False

    def of(self, piece: bytes, *, last: bool) -> tuple[str, str, bool]:
        """The phase that it belongs to, nothing strange, and whether it told of an error."""
        if self._reader is None:
            return "", "", False
        try:
            events = [*self._reader.feed(piece), *(self._reader.finish() if last else [])]
        except WireError:
            self._reader = None
            return "", "", False
        phase = _phase(events)
        self.started = self.started or bool(phase)
        return phase, "", any(isinstance(event, Replied) and event.reply.error for event in events)


def _phase(events: Iterable[MediaEvent]) -> str:
    for event in events:
        if isinstance(event, TextDelta):
            return "text"
        if isinstance(event, PartialImage | SoundChunk) or (isinstance(event, Replied) and event.reply.made):
            return "media"
    return ""


def understood(kept: Kept, format: str, content_type: str) -> MadeUnderstood | None:
    """None where that is no media dialect, or the exchange only brought a file."""
    dialect = DIALECTS.get(format)
    if dialect is None:
        return None
    if kept.method != "GET":
        return MadeUnderstood(dialect.reader(content_type, _request(dialect, kept)))
    is_look = dialect.poll_reader is not None and "json" in content_type
    return MadeUnderstood(dialect.poll_reader(content_type)) if is_look and dialect.poll_reader else None


def _request(dialect: Dialect, kept: Kept) -> MediaRequest:
    """What was asked for, as far as what is kept still says it."""
    path = urlsplit(kept.url).path
    for start in [0, *(place for place, letter in enumerate(path) if letter == "/" and place)]:
        with suppress(WireError):
            return dialect.parse(HttpRequest(kept.method, path[start:], dict(kept.headers), kept.body))
    return MediaRequest(model="")
