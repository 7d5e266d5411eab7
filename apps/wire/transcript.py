"""Events folded into parts: the one way in which a stream becomes a message."""

from collections.abc import Iterable

import msgspec

from .events import (
    Event,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    Unrecognized,
    UsageReported,
)
from .exceptions import WireError
from .messages import Audio, HostedTool, Part, Reasoning, Refusal, Text, ToolCall, Usage

GROWING = {
    Text: "text",
    Reasoning: "text",
    Refusal: "text",
    ToolCall: "arguments",
    HostedTool: "arguments",
    Audio: "transcript",
}


class Transcript:
    """What was said so far. `apply` raises WireError for events that no decoder makes, as a delta of no part."""

    def __init__(self) -> None:
        self.started: Started | None = None
        self.usage: Usage | None = None
        self.finished: Finished | None = None
        self.failed: Failed | None = None
        self.unrecognized: list[Unrecognized] = []
        self._parts: list[Part] = []
        self._grown: dict[int, list[str]] = {}

    @property
    def parts(self) -> list[Part]:
        for index in list(self._grown):
            self._settle(index)
        return list(self._parts)

    def apply(self, event: Event) -> None:
        match event:
            case PartDelta():
                self._grow(event)
            case PartStarted():
                self._begin(event)
            case PartEnded() | PartUpdated():
                self._lay_over(event)
            case Started():
                self.started = _fuller(self.started, event)
            case UsageReported():
                self.usage = event.usage
            case Finished():
                self.finished = event
            case Failed():
                self.failed = event
            case Unrecognized():
                self.unrecognized.append(event)

    def _begin(self, event: PartStarted) -> None:
        if event.index != len(self._parts):
            raise WireError(f"Part {event.index} began after {len(self._parts)} parts.")
        self._parts.append(event.part)

    def _grow(self, event: PartDelta) -> None:
        pieces = self._grown.get(event.index)
        if pieces is None:
            if type(self._known(event.index)) not in GROWING:
                raise WireError(f"Part {event.index} cannot grow.")
            pieces = self._grown[event.index] = []
        pieces.append(event.text)

    def _lay_over(self, event: PartEnded | PartUpdated) -> None:
        self._settle(event.index)
        part = self._known(event.index)
        if event.part is None:
            return
        if type(event.part) is not type(part):
            raise WireError(f"Part {event.index} is told as another kind than it began.")
        new = {name: value for name, value in msgspec.structs.asdict(event.part).items() if value not in ("", None)}
        self._parts[event.index] = msgspec.structs.replace(part, **new)

    def _settle(self, index: int) -> None:
        """Joins what came in: once per look, not once per delta."""
        if pieces := self._grown.pop(index, None):
            part = self._parts[index]
            name = GROWING[type(part)]
            whole = getattr(part, name) + "".join(pieces)
            self._parts[index] = msgspec.structs.replace(part, **{name: whole})

    def _known(self, index: int) -> Part:
        if not 0 <= index < len(self._parts):
            raise WireError(f"Part {index} was never begun.")
        return self._parts[index]


def _fuller(known: Started | None, told: Started) -> Started:
    """What is told later fills what was left open: some name their model only at the end."""
    if known is None:
        return told
    missing = {name: value for name, value in msgspec.structs.asdict(told).items() if not getattr(known, name)}
    return msgspec.structs.replace(known, **missing)


def merge(events: Iterable[Event]) -> list[Event]:
    """The same events with neighbouring deltas of one part joined: what the journal keeps of a tick."""
    merged: list[Event] = []
    pieces: list[str] = []
    index = -1
    for event in events:
        if isinstance(event, PartDelta) and event.index == index and pieces:
            pieces.append(event.text)
            continue
        _flush(merged, index, pieces)
        if isinstance(event, PartDelta):
            index, pieces = event.index, [event.text]
        else:
            pieces = []
            merged.append(event)
    _flush(merged, index, pieces)
    return merged


def _flush(merged: list[Event], index: int, pieces: list[str]) -> None:
    if pieces:
        merged.append(PartDelta(index=index, text="".join(pieces)))
