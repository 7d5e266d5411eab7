"""What a live run has said so far: folded, rendered block by block, and noted for the journal.

Lives on the event loop's thread alone. Whoever follows it registers a waker and reads when woken.
"""

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from apps.conversations.render import Cite, Stream, repaired
from apps.wire import events as ev
from apps.wire.messages import (
    Audio,
    Citation,
    HostedTool,
    Image,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    said,
)
from apps.wire.tokens import estimate
from apps.wire.transcript import Transcript

from . import cited
from .structured import FENCE


class LivePart:
    """One part while it grows. `version` counts its changes; `stream` renders it if it is prose.

    A part that does not stand alone is shown within others: a citation, or a text that goes on in an earlier one.
    `cites` are the numbers in a text, `edition` counts how often its finished blocks were made anew for them. `result`
    is what a tool gave upon this call, which a person answers if it is `by_hand`.
    """

    def __init__(self, prefix: str, part: Part, run_id: uuid.UUID, index: int, document: bool = False):
        self.run_id, self.index = run_id, index
        self.part = part
        self.is_document = document and isinstance(part, Text)
        self.stream: Stream | None = None
        self.version = 0
        self.ended = False
        self.stands_alone = True
        self.cites: tuple[Cite, ...] = ()
        self.edition = 0
        self.result: ToolResult | None = None
        self.by_hand = False
        self.started = time.monotonic()
        if isinstance(part, Text | Reasoning | Refusal):
            self.stream = Stream(prefix)
            self.stream.feed(FENCE if self.is_document else "")
            self.stream.feed(part.text)

    def grow(self, text: str) -> None:
        self.version += 1
        if self.stream:
            self.stream.feed(text)
        elif isinstance(self.part, ToolCall | HostedTool):
            self.part = msgspec.structs.replace(self.part, arguments=self.part.arguments + text)
        elif isinstance(self.part, Audio):
            self.part = msgspec.structs.replace(self.part, transcript=self.part.transcript + text)

    def end(self, whole: Part) -> None:
        self.version += 1
        self.ended = True
        if isinstance(whole, Reasoning):
            whole = msgspec.structs.replace(whole, seconds=round(time.monotonic() - self.started, 1))
        self.part = whole

    def cite(self, cites: tuple[Cite, ...]) -> None:
        """The numbers that are known by now; a document shows none."""
        if cites == self.cites or self.stream is None or self.is_document:
            return
        self.version += 1
        self.cites, before = cites, self.stream
        self.stream = before.cited(cites)
        self.edition += self.stream is not before

    def answer(self, result: ToolResult) -> None:
        self.version += 1
        self.result = result

    def update(self, part: Part) -> None:
        self.version += 1
        self.part = part


class Progress:
    """`prior` are the parts that the message had before: Continue goes on behind them.

    `answered` is how the newest round was begun by the upstream; `written` about how many tokens were there before it.
    `by_hand` names the tools that a person answers; `document` says that the texts are JSON and no prose.
    `sound` is what came to be played at once, for the page `tab` that asked.
    """

    def __init__(
        self,
        *,
        run_id: uuid.UUID,
        user_id: int,
        message_id: uuid.UUID,
        prior: Sequence[Part] = (),
        model: str = "",
        by_hand: Collection[str] = (),
        document: bool = False,
    ):
        self.model, self.by_hand, self.document = model, by_hand, document
        self.run_id, self.user_id, self.message_id = run_id, user_id, message_id
        self.transcript = Transcript()
        self.live: list[LivePart] = []
        self.unsaved: list[ev.Event] = []
        self.observers: list[Callable[[ev.Event], None]] = []
        self.waiting = ""
        self.tab, self.is_hidden = "", False
        self.sound: list[str] = []
        self.metrics: Callable[[], list[str]] = list
        self.stopping = self.done = False
        self.answered: ev.Started | None = None
        self.written = 0
        self._places: dict[int, int] = {}
        self._said = 0  # characters of text before this reply: it counts its citations' places from there
        self._open: int | None = None  # the text that still grows, or that a next one may join
        self._joined: dict[int, int] = {}
        self._is_over = False
        self._uncited = False  # whether citations came that no text shows yet
        self._wakers: set[Callable[[], None]] = set()
        for index, part in enumerate(prior):
            self._fold(ev.PartStarted(index=index, part=part))
            self.live[index].ended = index != self._open
        self.begin_round()

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
            self._notice(event)
            self._fold(self._placed(event))
            for observe in self.observers:
                observe(event)
        self.wake()

    def begin_round(self) -> None:
        """From here on another call of the upstream is told, its parts numbered from 0 again; those here stay."""
        self._is_over = False
        self._places = {}
        self.transcript.started = self.transcript.usage = self.transcript.finished = None
        self.written = estimate(self.text)
        self._said = sum(len(part.text) for part in self.transcript.parts if isinstance(part, Text))

    def _notice(self, event: ev.Event) -> None:
        """A journal knows no rounds: the first word of the upstream after its last one begins the next."""
        if isinstance(event, ev.Finished):
            self._is_over = True
        elif self._is_over and isinstance(event, ev.Started | ev.PartStarted):
            if isinstance(getattr(event, "part", None), ToolResult):
                self.transcript.usage = None
                self.written = estimate(self.text)
            else:
                self.begin_round()

    def finish(self) -> None:
        self.done = True
        self.wake()

    def cite(self) -> None:
        """Puts the numbers of new citations into their texts: once a look, not once a citation."""
        if self._uncited:
            self._cite()

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
        if isinstance(event, ev.PartDelta | ev.PartEnded | ev.PartUpdated) and event.index in self._places:
            return msgspec.structs.replace(event, index=self._places[event.index])
        return event

    def _started(self, event: ev.PartStarted) -> ev.Event:
        place = len(self.live)
        last = self.live[-1] if self.live and not self._places else None
        if isinstance(event.part, Citation):
            event = msgspec.structs.replace(event, part=event.part.moved(self._said))
        if last and isinstance(last.part, Text) and isinstance(event.part, Text):
            self._places[event.index] = place - 1
            return ev.PartDelta(index=place - 1, text=event.part.text)
        self._places[event.index] = place
        return msgspec.structs.replace(event, index=place)

    def _fold(self, event: ev.Event) -> None:
        self.transcript.apply(event)
        self.answered = self.transcript.started or self.answered
        if isinstance(event, ev.PartDelta):
            self.live[self._joined.get(event.index, event.index)].grow(event.text)
        elif isinstance(event, ev.PartStarted):
            self._begin(event.index, event.part)
        elif isinstance(event, ev.PartEnded):
            if not isinstance(self.live[event.index].part, Text):
                self.live[event.index].end(self.transcript.parts[event.index])
        elif isinstance(event, ev.PartUpdated):
            self.live[event.index].update(self.transcript.parts[event.index])
            if isinstance(event.part, Image):
                self.unsaved.pop()  # a picture on its way is shown and not kept
        elif isinstance(event, ev.AudioDelta):
            self.sound.append(event.data)
            self.unsaved.pop()

    def _begin(self, index: int, part: Part) -> None:
        """A text joins the one before it if only citations are between; anything else closes it."""
        live = LivePart(f"{self.message_id}-{index}", part, self.run_id, index, self.document)
        self.live.append(live)
        if isinstance(part, ToolCall):
            live.by_hand = part.name in self.by_hand
        elif isinstance(part, ToolResult):
            self._answer(live, part)
        if isinstance(part, Citation):
            live.stands_alone, self._uncited = False, True
        elif not isinstance(part, Text):
            self._close()
        elif self._open is None:
            self._open = index
        else:
            live.stands_alone = False
            self._joined[index] = self._open
            self.live[self._open].grow(part.text)

    def _answer(self, live: LivePart, result: ToolResult) -> None:
        """A result is shown with its call: the first one of its id that has none."""
        calls = (each for each in self.live if isinstance(each.part, ToolCall) and each.result is None)
        for call in calls:
            if getattr(call.part, "id", "") == result.call_id:
                call.answer(result)
                live.stands_alone = False
                return

    def _close(self) -> None:
        """Nothing more is said in the text that was open: it is shown as it will be kept."""
        if self._open is not None:
            self._cite()
            live = self.live[self._open]
            live.ended = True
            live.version += 1
            self._open = None

    def _cite(self) -> None:
        self._uncited = False
        parts = self.transcript.parts
        texts = dict(cited.joined(parts))
        for index, cites in cited.cites(self.message_id, parts).items():
            self.live[index].cite(repaired(cites, said([texts[index]])))

    def _timed(self, index: int, part: Part) -> Part:
        seconds = getattr(self.live[index].part, "seconds", None)
        return part if seconds is None else msgspec.structs.replace(part, seconds=seconds)
