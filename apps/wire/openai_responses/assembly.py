"""Parts in the making: numbered in order of appearance, with the length of their texts, for citations."""

from typing import Any

from ..events import AudioDelta, Event, PartDelta, PartEnded, PartStarted, PartUpdated
from ..messages import Audio, Citation, Part, Text
from ..sound import Sound


class Assembly:
    """Several parts may be open at once. `signed` says that a reasoning which must go back has come before.

    `strange` is what nobody understood, each with the reason; whoever drives the items shows it.
    """

    def __init__(self) -> None:
        self.out: list[Event] = []
        self.signed = False
        self.called = False
        self.strange: list[tuple[Any, str]] = []
        self._next = 0
        self._lengths: dict[int, int] = {}
        self._cited: set[Citation] = set()

    def begin(self, part: Part) -> int:
        index = self._next
        self._next += 1
        if isinstance(part, Text):
            self._lengths[index] = 0
        self.out.append(PartStarted(index, part))
        return index

    def grow(self, index: int, text: str) -> None:
        if index in self._lengths:
            self._lengths[index] += len(text)
        self.out.append(PartDelta(index, text))

    def update(self, index: int, part: Part) -> None:
        self.out.append(PartUpdated(index, part))

    def end(self, index: int, part: Part | None = None) -> None:
        self.out.append(PartEnded(index, part))

    def play(self, index: int, data: str) -> None:
        self.out.append(AudioDelta(index, data))

    def before(self, index: int) -> int:
        """How many characters of the answer's text precede this part."""
        return sum(length for place, length in self._lengths.items() if place < index)

    @property
    def coming(self) -> int:
        """The index that the next part will have."""
        return self._next

    def cite(self, citation: Citation) -> None:
        """A source; it stands beside the text and interrupts nothing. It is told with each repetition of its part."""
        if citation not in self._cited:
            self._cited.add(citation)
            self.end(self.begin(citation))

    def cites(self, url: str) -> bool:
        return any(citation.url == url for citation in self._cited)


class Speech:
    """The sound of the answer: there is one, and its events name no item."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._index = -1
        self._sound, self._streamed = Sound(), True
        self._heard = False

    def play(self, data: str) -> None:
        """A piece to play now. Raises ValueError if it is no base64."""
        piece = self._sound.take(data)
        self._heard = True
        index = self._begun()
        if piece:
            self._parts.play(index, piece)

    def tell(self, transcript: str) -> None:
        self._parts.grow(self._begun(), transcript)

    def whole(self, data: str, transcript: str) -> None:
        """All of it, where it was not streamed. Raises ValueError if it is no base64."""
        if transcript and self._index < 0:
            self.tell(transcript)
        if data and not self._heard:
            self._sound.take(data)
            self._heard, self._streamed = True, False
            self._begun()

    def close(self) -> None:
        if self._index >= 0:
            found = self._sound.whole(self._streamed)
            self._parts.end(self._index, Audio(media_type=found[0], data=found[1]) if found else None)
            self._index = -1

    def _begun(self) -> int:
        if self._index < 0:
            self._index = self._parts.begin(Audio())
        return self._index
