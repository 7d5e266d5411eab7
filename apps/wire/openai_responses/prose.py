"""A message of the output under way."""

from typing import Any

from ..messages import Refusal, Text
from .assembly import Assembly, Speech
from .items import Growing, Item, Section
from .pieces import citation_of, picture_of

PROSE: dict[str, type[Text] | type[Refusal]] = {
    "output_text": Text,
    "text": Text,
    "input_text": Text,
    "refusal": Refusal,
}


class Prose(Item):
    """A message: each of its contents is a part."""

    def __init__(self, parts: Assembly, kind: str, id: str, speech: Speech) -> None:
        super().__init__(parts, kind, id)
        self._speech = speech
        self._texts: dict[Section, Growing] = {}
        self._shown: set[Any] = set()
        self.repeated = False

    @property
    def text(self) -> str:
        return "".join(growing.text for section, growing in self._texts.items() if section[0] is Text)

    def delta(self, section: Section, text: str) -> None:
        growing = self._texts.get(section)
        if growing is None:
            growing = self._texts[section] = Growing(self.parts.begin(section[0]()))
        growing.pieces.append(text)
        self.parts.grow(growing.index, text)

    def whole(self, section: Section, text: str) -> None:
        growing = self._texts.get(section)
        missing = growing.missing(text) if growing else text
        if missing:
            self.delta(section, missing)

    def cite(self, place: Any, annotation: Any) -> None:
        growing = self._texts.get((Text, place))
        before = self.parts.before(growing.index if growing else self.parts.coming)
        if citation := citation_of(annotation, before):
            self.parts.cite(citation)
        else:
            self.parts.strange.append((annotation, "unknown annotation"))

    def fill(self, document: dict[str, Any]) -> None:
        """`repeated`: all its text was said, if divided otherwise."""
        self.repeated = self.repeated or (bool(self.text) and text_of(document) == self.text)
        for place, content in enumerate(contents_of(document)):
            self.content(place, content)

    def content(self, place: Any, content: Any) -> None:
        """A content as it is when it is done."""
        kind, text = prose_of(content)
        if kind:
            if not (self.repeated and kind is Text):
                self.whole((kind, place), text)
            self._cite_all(place, content)
        elif type(content) is dict and content.get("type") == "output_audio":
            self._hear(content)
        elif not self._picture(place, content):
            self.parts.strange.append((content, "unknown part of content"))

    def again(self, document: dict[str, Any]) -> None:
        """Some name their sources only here."""
        for place, content in enumerate(contents_of(document)):
            if type(content) is dict:
                self._cite_all(place, content)

    def end(self) -> None:
        opaque = self._opaque()
        for section, growing in self._texts.items():
            changed = section[0](text=growing.longer) if growing.longer else None
            if section[0] is Text and opaque:
                changed = Text(text=growing.longer, opaque=opaque)
            self.parts.end(growing.index, changed)

    def _cite_all(self, place: Any, content: dict[str, Any]) -> None:
        annotations = content.get("annotations")
        for annotation in annotations if type(annotations) is list else ():
            self.cite(place, annotation)

    def _opaque(self) -> dict[str, Any] | None:
        """Its id goes back along with the reasoning that it came from, or both are refused; its phase always does."""
        names = ("id", "phase") if self.parts.signed or self.told.get("phase") else ()
        item = {name: self.told[name] for name in names if self.told.get(name)}
        return {"item": item} if item else None

    def _hear(self, content: dict[str, Any]) -> None:
        data, transcript = content.get("data"), content.get("transcript")
        try:
            self._speech.whole(data if type(data) is str else "", transcript if type(transcript) is str else "")
        except ValueError:
            self.parts.strange.append((content, "not an audio"))

    def _picture(self, place: Any, content: Any) -> bool:
        """An image among the contents, as some gateways answer; it comes whole."""
        found = content.get("image_url") if type(content) is dict else None
        url = found.get("url") if type(found) is dict else found
        if type(url) is not str or not url:
            return False
        if place not in self._shown:
            self._shown.add(place)
            self.parts.end(self.parts.begin(picture_of(url, None)))
        return True


def contents_of(document: dict[str, Any]) -> list[Any]:
    contents = document.get("content")
    if type(contents) is str:
        return [{"type": "output_text", "text": contents}]
    return contents if type(contents) is list else []


def prose_of(content: Any) -> tuple[type[Text] | type[Refusal] | None, str]:
    """The kind of part that a content is, with its text; None if it is none of ours."""
    kind = content.get("type") if type(content) is dict else None
    prose = PROSE.get(kind) if type(kind) is str else None
    text = content.get("refusal", content.get("text")) if prose is Refusal else content.get("text") if prose else None
    return prose, text if type(text) is str else ""


def text_of(document: dict[str, Any]) -> str:
    return "".join(text for kind, text in map(prose_of, contents_of(document)) if kind is Text)
