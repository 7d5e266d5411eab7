"""What a live run has said so far: folded, rendered block by block, and noted for the journal.

Lives on the event loop's thread alone. Whoever follows it registers a waker and reads when woken.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Sequence

import msgspec

from apps.conversations.render import Stream
from apps.wire import events as ev
from apps.wire.messages import Audio, Part, Reasoning, Refusal, Text, ToolCall
from apps.wire.transcript import Transcript


class LivePart:
    """One part while it grows. `version` counts its changes; `stream` renders it if it is prose."""

    def __init__(self, prefix: str, part: Part):
        self.part = part
        self.stream: Stream | None = None
        self.version = 0
        self.ended = False
        self.started = time.monotonic()
        if isinstance(part, Text | Reasoning | Refusal):
            self.stream = Stream(prefix)
            self.stream.feed(part.text)

    def grow(self, text: str) -> None:
        self.version += 1
        if self.stream:
            self.stream.feed(text)
        elif isinstance(self.part, ToolCall):
            self.part = msgspec.structs.replace(self.part, arguments=self.part.arguments + text)
        elif isinstance(self.part, Audio):
            self.part = msgspec.structs.replace(self.part, transcript=self.part.transcript + text)

    def end(self, whole: Part) -> None:
        self.version += 1
        self.ended = True
        if isinstance(whole, Reasoning):
            whole = msgspec.structs.replace(whole, seconds=round(time.monotonic() - self.started, 1))
        self.part = whole


class Progress:
    """`prior` are the parts that the message had before: Continue goes on behind them."""

    def __init__(
        self, *, run_id: uuid.UUID, user_id: int, message_id: uuid.UUID, prior: Sequence[Part] = (), model: str = ""
    ):
        self.model = model
        self.run_id, self.user_id, self.message_id = run_id, user_id, message_id
        self.transcript = Transcript()
        self.live: list[LivePart] = []
        self.unsaved: list[ev.Event] = []
        self.observers: list[Callable[[ev.Event], None]] = []
        self.waiting = ""
        self.metrics: Callable[[], list[str]] = list
        self.stopping = self.done = False
        self._places: dict[int, int] = {}
        self._wakers: set[Callable[[], None]] = set()
        for index, part in enumerate(prior):
            self._fold(ev.PartStarted(index=index, part=part))
            self.live[index].ended = True

    @property
    def parts(self) -> list[Part]:
        """The parts so far, as they are stored."""
        return [self._timed(index, part) for index, part in enumerate(self.transcript.parts)]

    @property
    def text(self) -> str:
        """All that was written, thoughts included: what the tokens are estimated from."""
        return "".join(part.text for part in self.transcript.parts if isinstance(part, Text | Reasoning | Refusal))

    def take(self, events: Iterable[ev.Event]) -> None:
        """Folds what one chunk brought and wakes the followers once."""
        for event in events:
            self.unsaved.append(event)
            self._fold(self._placed(event))
            for observe in self.observers:
                observe(event)
        self.wake()

    def finish(self) -> None:
        self.done = True
        self.wake()

    def watch(self, waker: Callable[[], None]) -> None:
        self._wakers.add(waker)

    def unwatch(self, waker: Callable[[], None]) -> None:
        self._wakers.discard(waker)

    @property
    def is_watched(self) -> bool:
        return bool(self._wakers)

    def wake(self) -> None:
        for waker in self._wakers:
            waker()

    def _placed(self, event: ev.Event) -> ev.Event:
        """The event with its part numbered behind the prior ones; text goes on in a last prior text."""
        if isinstance(event, ev.PartStarted):
            return self._started(event)
        if isinstance(event, ev.PartDelta | ev.PartEnded) and event.index in self._places:
            return msgspec.structs.replace(event, index=self._places[event.index])
        return event

    def _started(self, event: ev.PartStarted) -> ev.Event:
        place = len(self.live)
        last = self.live[-1] if self.live and not self._places else None
        if last and isinstance(last.part, Text) and isinstance(event.part, Text):
            last.ended = False
            self._places[event.index] = place - 1
            return ev.PartDelta(index=place - 1, text=event.part.text)
        self._places[event.index] = place
        return msgspec.structs.replace(event, index=place)

    def _fold(self, event: ev.Event) -> None:
        self.transcript.apply(event)
        if isinstance(event, ev.PartDelta):
            self.live[event.index].grow(event.text)
        elif isinstance(event, ev.PartStarted):
            self.live.append(LivePart(f"{self.message_id}-{event.index}", event.part))
        elif isinstance(event, ev.PartEnded):
            self.live[event.index].end(self.transcript.parts[event.index])

    def _timed(self, index: int, part: Part) -> Part:
        seconds = getattr(self.live[index].part, "seconds", None)
        return part if seconds is None else msgspec.structs.replace(part, seconds=seconds)
