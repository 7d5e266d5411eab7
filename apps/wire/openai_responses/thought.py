"""A reasoning of the output under way."""

from typing import Any

from ..messages import Reasoning
from .assembly import Assembly
from .items import Growing, Item, Section
from .pieces import kept, must_return


class Thought(Item):
    """A reasoning: one part, its summaries and texts in a row. It begins at once, as it often says nothing."""

    def __init__(self, parts: Assembly, kind: str, id: str) -> None:
        super().__init__(parts, kind, id)
        self._index = -1
        self._texts: dict[Section, Growing] = {}
        self._last: Section | None = None

    def tell(self, document: dict[str, Any]) -> None:
        super().tell(document)
        self._begin()
        self.parts.signed = self.parts.signed or bool(document.get("encrypted_content"))

    def delta(self, section: Section, text: str) -> None:
        self._begin()
        growing = self._texts.get(section)
        if growing is None:
            growing = self._texts[section] = Growing(self._index)
        if self._last not in (None, section):
            self.parts.grow(self._index, "\n\n")
        self._last = section
        growing.pieces.append(text)
        self.parts.grow(self._index, text)

    def whole(self, section: Section, text: str) -> None:
        """Some tell the same both as summary and as content."""
        growing = self._texts.get(section)
        if growing is None and any(other.text == text for other in self._texts.values()):
            return
        missing = growing.missing(text) if growing else text
        if missing:
            self.delta(section, missing)

    def fill(self, document: dict[str, Any]) -> None:
        self._begin()
        for name in ("summary", "content"):
            entries = document.get(name)
            for place, entry in enumerate(entries if type(entries) is list else ()):
                text = entry.get("text") if type(entry) is dict else entry
                if type(text) is str:
                    self.whole((name, place), text)
                elif text is not None:
                    self.parts.strange.append((entry, "unknown part of a reasoning"))
        self.parts.signed = self.parts.signed or bool(document.get("encrypted_content"))

    def end(self) -> None:
        """What was not done is not handed back: its encrypted content grows to the end."""
        returns = self.complete and must_return(self.document)
        self.parts.end(self._index, Reasoning(opaque={"item": kept(self.document)}) if returns else None)

    def _begin(self) -> None:
        if self._index < 0:
            self._index = self.parts.begin(Reasoning())
