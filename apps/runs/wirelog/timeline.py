"""The events of one reply: when each came, how large it is, and what our decoder understood of it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from statistics import median_low

import msgspec

from apps.usage.elision import FileMark
from apps.usage.records import Kept
from apps.wire.events import Event, Failed, PartDelta, PartEnded, PartStarted, PartUpdated, Unrecognized
from apps.wire.formats import FORMATS, EventDecoder
from apps.wire.messages import Audio, HostedTool, Image, Part, Reasoning, Refusal, Text, ToolCall
from apps.wire.sse import ServerSentEvent, SSEDecoder

from . import pieces
from .made import MadeUnderstood
from .made import understood as read_media

# A stall: this long without an event, in microseconds, and this many times longer than is usual for the reply.
STALL, TIMES_USUAL = 1_000_000, 5


class WireEvent(msgspec.Struct, frozen=True):
    """`at` and `gap` are microseconds: since the request, and since the event before. `start` and `end` are its bytes.

    `phase` is think, text, tool, media, or "" for what brings no part; `strange` says what was not understood.
    """

    number: int
    at: int
    gap: int
    size: int
    type: str
    start: int
    end: int
    phase: str = ""
    strange: str = ""
    is_error: bool = False
    is_stall: bool = False


class Timeline(msgspec.Struct, frozen=True):
    """`first_token` is the number of the event that brought the first part, 0 if none did."""

    events: tuple[WireEvent, ...]
    types: tuple[tuple[str, int], ...]
    first_token: int
    is_stream: bool
    total: int

    @property
    def first(self) -> WireEvent | None:
        return self.events[self.first_token - 1] if self.first_token else None

    @property
    def strange(self) -> list[WireEvent]:
        return [event for event in self.events if event.strange]


class Understood:
    """Our decoder, fed one event of the wire after the other, so that each is known by what it brought."""

    def __init__(self, decoder: EventDecoder | None):
        self._decoder = decoder
        self._phases: dict[int, str] = {}
        self.started = False

    def of(self, piece: bytes, *, last: bool) -> tuple[str, str, bool]:
        """The phase that it belongs to, what was strange, and whether it told of an error."""
        if self._decoder is None:
            return "", "", False
        events = self._decoder.feed(piece)
        if last:
            events = [*events, *self._decoder.finish()]
        strange = "; ".join(event.why for event in events if isinstance(event, Unrecognized))
        return self._phase(events), strange, any(isinstance(event, Failed) for event in events)

    def _phase(self, events: Iterable[Event]) -> str:
        told = ""
        for event in events:
            if isinstance(event, PartStarted):
                self.started = True
                self._phases[event.index] = _phase_of(event.part)
            if isinstance(event, PartStarted | PartDelta | PartUpdated | PartEnded):
                told = self._phases.get(event.index, "")
        return told


def _phase_of(part: Part) -> str:
    if isinstance(part, Reasoning):
        return "think"
    if isinstance(part, Text | Refusal):
        return "text"
    if isinstance(part, ToolCall | HostedTool):
        return "tool"
    return "media" if isinstance(part, Image | Audio) else ""


def read(kept: Kept, format: str, files: Iterable[FileMark] = ()) -> Timeline:
    """The timeline of a reply; its events are those of the stream, or the one document that came instead."""
    content_type = dict(kept.reply_headers).get("content-type", "")
    is_stream = pieces.is_stream(content_type, kept.reply)
    spans = pieces.cut(kept.reply) if is_stream else [(0, len(kept.reply))] if kept.reply else []
    events, first = _events(kept, spans, _understood(kept, format, content_type), is_stream, list(files))
    events = _stalls(events, first)
    total = max(kept.ended or 0, events[-1].at if events else 0, kept.answered or 0)
    return Timeline(events, tuple(Counter(event.type for event in events).most_common()), first, is_stream, total)


def _understood(kept: Kept, format: str, content_type: str) -> Understood | MadeUnderstood:
    """Our decoder has nothing to do for an answer that was an error."""
    if not 200 <= kept.status < 300:
        return Understood(None)
    if known := FORMATS.get(format):
        return Understood(known.Decoder(content_type))
    return read_media(kept, format, content_type) or Understood(None)


def _events(
    kept: Kept,
    spans: list[tuple[int, int]],
    understood: Understood | MadeUnderstood,
    is_stream: bool,
    files: list[FileMark],
) -> tuple[tuple[WireEvent, ...], int]:
    ends, times = _arrivals(kept)
    sse = SSEDecoder()
    events: list[WireEvent] = []
    first, before = 0, 0
    for number, (start, end) in enumerate(spans, 1):
        piece, last = kept.reply[start:end], number == len(spans)
        at = times[min(bisect_left(ends, end), len(times) - 1)] if times else 0
        phase, strange, failed = understood.of(piece, last=last)
        if understood.started and not first:
            first = number
        events.append(
            WireEvent(
                number=number,
                at=at,
                gap=at - before,
                size=end - start + sum(mark.characters for mark in files if mark.mark.encode() in piece),
                type=pieces.name_of(_parsed(sse, piece, last)) if is_stream else _document_name(kept),
                start=start,
                end=end,
                phase=phase,
                strange=strange,
                is_error=failed or kept.status >= 400,
            )
        )
        before = at
    return tuple(events), first


def _parsed(sse: SSEDecoder, piece: bytes, last: bool) -> list[ServerSentEvent]:
    return sse.feed(piece) + (sse.finish() if last else [])


def _document_name(kept: Kept) -> str:
    return dict(kept.reply_headers).get("content-type", "").partition(";")[0] or "document"


def _arrivals(kept: Kept) -> tuple[list[int], list[int]]:
    arrivals = kept.arrivals
    return [end for end, _time in arrivals], [time for _end, time in arrivals]


def _stalls(events: tuple[WireEvent, ...], first: int) -> tuple[WireEvent, ...]:
    if not first or len(events) < 3:
        return events
    usual = median_low(event.gap for event in events[1:])
    limit = max(STALL, usual * TIMES_USUAL)
    return tuple(
        msgspec.structs.replace(event, is_stall=True) if event.number > first and event.gap >= limit else event
        for event in events
    )
