"""Parts in the making: numbers them in order of appearance, and ends each exactly once."""

from typing import Any

from ..events import Event, PartDelta, PartEnded, PartStarted
from ..messages import Audio, Citation, Part, Reasoning, Refusal, Text, ToolCall
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
        self._audio: int | None = None
        self._audio_data: list[str] = []
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

    def speak(self, transcript: str, data: str) -> None:
        """A piece of audio; each base64 piece is whole in itself."""
        if self._audio is None:
            self._end_prose()
            self._audio = self._begin(Audio())
            self._open.append(self._audio)
        if transcript:
            self.grow(self._audio, transcript)
        if data:
            self._audio_data.append(data)

    def close(self, audio: Part | None) -> None:
        """Ends what is open. `audio` is the whole audio, made by the decoder from `audio_pieces`."""
        if self._kind is not None:
            self._open.append(self._prose)
        for index in sorted(self._open):
            if index == self._audio:
                self.out.append(PartEnded(index, audio))
            else:
                self.out.append(PartEnded(index, self._opaque(index)))
        self._open, self._kind = [], None

    @property
    def audio_pieces(self) -> list[str]:
        return self._audio_data

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

    def _opaque(self, index: int) -> Reasoning | None:
        if index != self._prose or self._kind is not Reasoning:
            return None
        details, self._details = self._details, []
        return Reasoning(opaque={"reasoning_details": details}) if must_return(details) else None
