"""Parts in the making: numbers them in order of appearance, and ends each exactly once."""

from typing import Any

from ..events import AudioDelta, Event, PartDelta, PartEnded, PartStarted
from ..messages import Audio, Citation, Part, Reasoning, Refusal, Text, ToolCall
from ..sound import Sound
from .pieces import merge_details, must_return

Prose = type[Text] | type[Reasoning] | type[Refusal]


class Assembly:
    """Prose is one open part at a time; tool calls and audio stay open until the end, as their pieces interleave."""

    def __init__(self) -> None:
        self.out: list[Event] = []
        self.said = False
        self._next = 0
        self._kind: Prose | None = None
        self._prose = -1
        self._open: list[int] = []
        self._details: list[dict[str, Any]] = []
        self._signed: dict[int, ToolCall] = {}
        self._audio: int | None = None
        self._sound, self._streamed = Sound(), False
        self._cited: set[Citation] = set()

    def say(self, kind: Prose, text: str) -> None:
        if self._kind is not kind:
            self._end_prose()
            self._kind, self._prose = kind, self._begin(kind())
        self.out.append(PartDelta(self._prose, text))

    def think(self, text: str, details: list[Any]) -> None:
        if text:
            self.say(Reasoning, text)
        if details:
            if self._kind is not Reasoning:
                self._end_prose()
                self._kind, self._prose = Reasoning, self._begin(Reasoning())
            merge_details(self._details, details)

    def add(self, part: Part) -> None:
        """A part that comes whole."""
        self._end_prose()
        self.out.append(PartEnded(self._begin(part)))

    def cite(self, citation: Citation) -> None:
        """A source; it stands beside the text and interrupts nothing. Repeated ones are dropped."""
        if citation not in self._cited:
            self._cited.add(citation)
            self.out.append(PartEnded(self._begin(citation)))

    def cites(self, url: str) -> bool:
        return any(citation.url == url for citation in self._cited)

    def call(self, id: str, name: str) -> int:
        """Opens a tool call and gives its index."""
        self._end_prose()
        index = self._begin(ToolCall(id=id, name=name))
        self._open.append(index)
        return index

    def grow(self, index: int, text: str) -> None:
        self.out.append(PartDelta(index, text))

    def sign(self, index: int, signed: ToolCall) -> None:
        """What the end of a tool call brings."""
        self._signed[index] = signed

    def speak(self, transcript: str, data: str, streamed: bool) -> None:
        """A piece of audio, or all of it; each base64 piece is whole in itself. Raises ValueError if it is none."""
        if self._audio is None:
            self._end_prose()
            self._audio = self._begin(Audio())
            self._open.append(self._audio)
        if transcript:
            self.grow(self._audio, transcript)
        self._streamed = streamed
        if data and (piece := self._sound.take(data)) and streamed:
            self.out.append(AudioDelta(self._audio, piece))

    def close(self) -> None:
        """Ends what is open."""
        if self._kind is not None:
            self._open.append(self._prose)
        for index in sorted(self._open):
            told = self._heard() if index == self._audio else self._signed.get(index) or self._opaque(index)
            self.out.append(PartEnded(index, told))
        self._open, self._kind = [], None

    def _begin(self, part: Part) -> int:
        index = self._next
        self._next += 1
        self.said = True
        self.out.append(PartStarted(index, part))
        return index

    def _end_prose(self) -> None:
        if self._kind is not None:
            self.out.append(PartEnded(self._prose, self._opaque(self._prose)))
            self._kind = None

    def _heard(self) -> Audio | None:
        whole = self._sound.whole(self._streamed)
        return Audio(media_type=whole[0], data=whole[1]) if whole else None

    def _opaque(self, index: int) -> Reasoning | None:
        if index != self._prose or self._kind is not Reasoning:
            return None
        details, self._details = self._details, []
        return Reasoning(opaque={"reasoning_details": details}) if must_return(details) else None
