"""Output items under way. Every text comes as deltas, once more when it is done, when its item is, and at the end.

A converter may leave away any of these: what is told again adds only what is missing.
"""

from typing import Any

from .assembly import Assembly

Section = tuple[Any, Any]


class Growing:
    """A text of an item: of a content part, a section of a summary, a call's arguments."""

    __slots__ = ("index", "longer", "pieces")

    def __init__(self, index: int) -> None:
        self.index = index
        self.pieces: list[str] = []
        self.longer = ""

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def missing(self, whole: str) -> str:
        """What the whole text adds. One that begins otherwise replaces the text at the end of the part, if longer."""
        known = self.text
        if whole.startswith(known):
            return whole[len(known) :]
        if len(whole) > len(known):
            self.longer = whole
        return ""


class Item:
    """One item of the output. `announced` if an event told that it begins, and not its first delta."""

    def __init__(self, parts: Assembly, kind: str, id: str) -> None:
        self.parts, self.kind, self.id = parts, kind, id
        self.announced = self.complete = self.ended = False
        self.told: dict[str, Any] = {}
        self.document: dict[str, Any] = {}

    def tell(self, document: dict[str, Any]) -> None:
        """What is known of it as it begins."""
        self.told = document

    def delta(self, section: Section, text: str) -> None:
        """More of one of its texts."""

    def whole(self, section: Section, text: str) -> None:
        """One of its texts, all of it."""

    def fill(self, document: dict[str, Any]) -> None:
        """The item as it is when it is done: adds what is missing."""

    def finish(self, document: dict[str, Any]) -> None:
        """The item is done, and this is all of it."""
        if not self.ended:
            self.complete, self.document = True, document
            self.told = {**self.told, **document}
            self.close()

    def close(self) -> None:
        """Ends it as it is: the answer broke off."""
        if not self.ended:
            self.fill(self.told)
            self.ended = True
            self.end()

    def again(self, document: dict[str, Any]) -> None:
        """It is done, and told once more at the end of the answer."""

    def end(self) -> None:
        """Ends its parts."""


class Odd(Item):
    """An item of a kind that we do not know: shown when it is done."""

    def end(self) -> None:
        self.parts.strange.append((self.told, "unknown item"))
