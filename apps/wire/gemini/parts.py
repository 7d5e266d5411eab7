"""Parts of a candidate's content, each kind read into ours."""

from collections.abc import Callable
from typing import Any

from ..decoding import StreamDecoder
from ..messages import Reasoning, Text
from . import fields, hosted
from .assembly import Assembly
from .pieces import arguments_of, blob_of, linked, media_of, name_of, opaque_of

HOSTED = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")


class PartDecoder(StreamDecoder):
    """What a decoder does with one part; `_said` are the pieces of the answer's text so far."""

    def __init__(self, content_type: str = "text/event-stream"):
        super().__init__(content_type)
        self._parts = Assembly()
        self._out = self._parts.out
        self._said: list[str] = []

    def _taken(self) -> list[Any]:
        taken = self._out
        self._out = self._parts.out = []
        return taken

    def _part(self, part: dict[str, Any]) -> None:
        if not fields.PART.issuperset(part):
            part = fields.camelled(part)
        read = next((read for name, read in _READERS if part.get(name) is not None), None)
        if read:
            read(self, part)
            self._unknown("candidates.content.parts.", part, fields.PART)
        elif opaque := opaque_of(part):
            self._parts.say(_prose(part), "", opaque)
        elif part:
            self._unrecognized(part, "unknown part")

    def _text(self, part: dict[str, Any]) -> None:
        text = part["text"]
        if type(text) is not str:
            self._unrecognized(part, "a text that is none")
            return
        kind = _prose(part)
        if kind is Text and text:
            self._said.append(text)
        self._parts.say(kind, text, opaque_of(part))

    def _call(self, part: dict[str, Any]) -> None:
        """Arguments come whole, or by their paths (Vertex), which `willContinue` or `partialArgs` tell."""
        found = part["functionCall"]
        found = fields.camelled(found) if type(found) is dict else {}
        id, name = text_of(found.get("id")), text_of(found.get("name"))
        in_pieces = name and (found.get("willContinue") or found.get("partialArgs"))
        if in_pieces or (self._parts.calling and not name):
            pieces = found.get("partialArgs")
            whole = found if type(pieces) is list else found | {"partialArgs": []}
            for strange in self._parts.call_in_pieces(id, name, whole, opaque_of(part)):
                self._unrecognized(strange, "an argument without a place")
        elif name:
            self._parts.call(id, name, arguments_of(found.get("args")), opaque_of(part))
        else:
            self._unrecognized(part, "not a function call")

    def _inline(self, part: dict[str, Any]) -> None:
        found = part["inlineData"]
        found = fields.camelled(found) if type(found) is dict else {}
        media_type, data = blob_of(found)
        if not data:
            self._unrecognized(part, "not inline data")
        elif media_type.lower().startswith("audio/"):
            self._sound(media_type, data, part)
        else:
            self._parts.add(media_of(media_type, data, _picture(part), name_of(found)))

    def _sound(self, media_type: str, data: str, part: dict[str, Any]) -> None:
        try:
            self._parts.sound(media_type, data)
        except ValueError:
            self._unrecognized(part, "a sound that is none")
        if part.get("audioTranscription"):
            self._transcription(part)

    def _transcription(self, part: dict[str, Any]) -> None:
        found = part["audioTranscription"]
        text = text_of(found.get("text")) if type(found) is dict else ""
        if text:
            self._parts.transcribe(text)

    def _file(self, part: dict[str, Any]) -> None:
        found = part["fileData"]
        media = linked(fields.camelled(found), _picture(part)) if type(found) is dict else None
        if media:
            self._parts.add(media)
        else:
            self._unrecognized(part, "not a file")

    def _hosted(self, part: dict[str, Any]) -> None:
        if tool := hosted.begun(part):
            self._parts.run(tool)
        elif end := hosted.ended(part):
            self._parts.ran(end)
        else:
            self._unrecognized(part, "not a tool of the upstream")


def _prose(part: dict[str, Any]) -> type[Text] | type[Reasoning]:
    return Reasoning if part.get("thought") is True else Text


def _picture(part: dict[str, Any]) -> dict[str, Any] | None:
    """A picture's signature, and that it is a draft: models that think show those before the final one."""
    draft = {"thought": True} if part.get("thought") is True else {}
    return draft | (opaque_of(part) or {}) or None


def text_of(value: Any) -> str:
    return value if type(value) is str else ""


_READERS: tuple[tuple[str, Callable[[PartDecoder, dict[str, Any]], None]], ...] = (
    ("text", PartDecoder._text),
    ("functionCall", PartDecoder._call),
    ("inlineData", PartDecoder._inline),
    ("fileData", PartDecoder._file),
    *((name, PartDecoder._hosted) for name in HOSTED),
    ("audioTranscription", PartDecoder._transcription),
)
