"""What an upstream answers, streamed or whole, into events. Both go one way: a reply is a stream of one document."""

from collections.abc import Callable
from typing import Any

from ..counting import usage_of
from ..decoding import StreamDecoder
from ..errors import read_failure
from ..events import Failed, Finished, Started, UsageReported
from ..messages import Citation, Reasoning, Refusal, Text, Usage
from . import fields
from .assembly import Assembly, Prose
from .counts import reason_of
from .encoder import Encoder
from .pieces import citation_of, details_text, image_of, sources_of
from .tool_calls import ToolCalls

__all__ = ["Decoder", "Encoder"]

PROSE: dict[str, Prose] = {"text": Text, "thinking": Reasoning, "refusal": Refusal}


class Decoder(StreamDecoder):
    """Events of a Chat Completions reply. Usage comes once, at the end: some send it with every chunk."""

    def __init__(self, content_type: str = "text/event-stream"):
        super().__init__(content_type)
        self._parts = Assembly()
        self._out = self._parts.out
        self._calls = ToolCalls(self._parts)
        self._started = False
        self._choice_index: Any = None
        self._reason = ""
        self._thinks_aloud = False
        self._usage: Usage | None = None
        self._late: list[Citation] = []

    def _taken(self) -> list[Any]:
        taken = self._out
        self._out = self._parts.out = []
        return taken

    def _document(self, document: dict[str, Any]) -> None:
        choices = document.get("choices")
        if type(choices) is not list or document.get("error"):
            self._other(document)
            return
        self._recognized = True
        if not self._started and (choices or document.get("id") or document.get("model")):
            self._start(document)
        for choice in choices:
            if type(choice) is dict:
                self._choice(choice, document)
            elif not self.done:
                self._unrecognized(choice, "not a choice")
        if document.get("usage"):
            self._count(document["usage"])
        if not fields.CHUNK.issuperset(document):
            self._unknown("", document, fields.CHUNK)
        if "citations" in document or "search_results" in document or "x_groq" in document:
            self._beside(document)

    def _other(self, document: dict[str, Any]) -> None:
        """An object without an answer in it: an error, usage alone, or something new."""
        if failed := read_failure(document):
            self._fail(failed)
            return
        if usage_of(document.get("usage")):
            self._recognized = True
            self._count(document["usage"])
        else:
            self._unrecognized(document, "no choices in this object")

    def _start(self, document: dict[str, Any]) -> None:
        self._started = True
        told = (document.get(name) for name in ("id", "model", "system_fingerprint"))
        self._out.append(Started(*(word if type(word) is str else "" for word in told)))

    def _choice(self, choice: dict[str, Any], document: dict[str, Any]) -> None:
        if self.done:
            return
        index = choice.get("index")
        if self._choice_index is None:
            self._choice_index = index
        elif index is not None and index != self._choice_index:
            self._unrecognized(document, "another choice than the first")
            return
        delta = choice.get("delta")
        if type(delta) is dict:
            self._delta(delta, False)
        elif type(choice.get("message")) is dict and not self._parts.said:
            self._delta(choice["message"], True)
        if choice.get("finish_reason") or choice.get("error"):
            self._ended(choice)
        if choice.get("usage"):
            self._count(choice["usage"])
        if not fields.CHOICE.issuperset(choice):
            self._unknown("choices.", choice, fields.CHOICE)

    def _ended(self, choice: dict[str, Any]) -> None:
        """A terminal mark, or OpenRouter's `error` in the choice. Text may still follow, usage mostly does."""
        reason = choice.get("finish_reason")
        if choice.get("error") or reason == "error":
            self._fail(read_failure(choice) or Failed(message="The upstream ended the answer with an error."))
        elif type(reason) is str:
            self._reason = reason
        else:
            self._unrecognized({"finish_reason": reason}, "not a finish reason")

    def _delta(self, delta: dict[str, Any], whole: bool) -> None:
        content = delta.get("content")
        if type(content) is str and len(delta) == 1:
            if content:
                self._parts.say(Text, content)
            return
        self._think(delta)
        for name, read in _READERS:
            if value := delta.get(name):
                read(self, value, whole)
        if not fields.DELTA.issuperset(delta):
            self._unknown("delta.", delta, fields.DELTA)

    def _think(self, delta: dict[str, Any]) -> None:
        """Thoughts under the name that is used; some send them under two at once, and in the details once more."""
        details = delta.get("reasoning_details")
        details = details if type(details) is list else []
        for name in ("reasoning_content", "reasoning"):
            thought = delta.get(name)
            if thought and type(thought) is str:
                self._thinks_aloud = True
                self._parts.think(thought, details)
                return
            if thought:
                self._unrecognized({name: thought}, f"{name} is not a text")
        if details:
            self._parts.think("" if self._thinks_aloud else details_text(details), details)

    def _content(self, content: Any, whole: bool) -> None:
        if type(content) is str:
            self._parts.say(Text, content)
            return
        for entry in content if type(content) is list else [content]:
            self._content_part(entry)

    def _content_part(self, entry: Any) -> None:
        """Content as a list: of OpenAI's parts, of Mistral's `thinking`, of plain texts."""
        kind = entry.get("type") if type(entry) is dict else "text"
        text = entry.get(kind) if type(entry) is dict and type(kind) is str else entry
        if kind == "thinking" and type(text) is list:
            text = details_text(text)
        prose = PROSE.get(kind) if type(kind) is str else None
        if prose and type(text) is str:
            if text:
                self._parts.say(prose, text)
        elif type(entry) is dict and (image := image_of(entry)):
            self._parts.add(image)
        else:
            self._unrecognized(entry, "unknown part of content")

    def _refuse(self, refusal: Any, whole: bool) -> None:
        if type(refusal) is str:
            self._parts.say(Refusal, refusal)
        else:
            self._unrecognized({"refusal": refusal}, "refusal is not a text")

    def _images(self, images: Any, whole: bool) -> None:
        for entry in images if type(images) is list else [images]:
            if image := image_of(entry):
                self._parts.add(image)
            elif type(entry) is dict and type(entry.get("text")) is str:
                self._content_part({"type": "text", "text": entry["text"]})
            else:
                self._unrecognized(entry, "not an image")

    def _audio(self, audio: Any, whole: bool) -> None:
        if type(audio) is not dict:
            self._unrecognized({"audio": audio}, "not an audio")
            return
        transcript, data = audio.get("transcript"), audio.get("data")
        said = transcript if type(transcript) is str else ""
        try:
            self._parts.speak(said, data if type(data) is str else "", streamed=not whole)
        except ValueError:
            self._unrecognized({"audio": audio}, "audio is not base64")

    def _tool_calls(self, fragments: Any, whole: bool) -> None:
        for strange in self._calls.take(fragments if type(fragments) is list else [fragments], whole):
            self._unrecognized(strange, "not a tool call")

    def _function_call(self, function: Any, whole: bool) -> None:
        self._tool_calls([{"index": 0, "id": "call_0", "function": function}], False)

    def _annotations(self, annotations: Any, whole: bool) -> None:
        for entry in annotations if type(annotations) is list else [annotations]:
            if citation := citation_of(entry):
                self._parts.cite(citation)
            else:
                self._unrecognized(entry, "unknown annotation")

    def _beside(self, document: dict[str, Any]) -> None:
        """Sources come with every chunk and are kept for the end; Groq hides usage in a field of its own."""
        groq = document.get("x_groq")
        if type(groq) is dict and groq.get("usage"):
            self._count(groq["usage"])
        self._late = list(sources_of(document)) or self._late

    def _count(self, found: Any) -> None:
        usage = usage_of(found)
        if usage and (self._usage is None or usage.input_tokens or usage.output_tokens):
            self._usage = usage

    def _close(self) -> Finished:
        self._calls.close()
        for citation in self._late:
            if not self._parts.cites(citation.url):
                self._parts.cite(citation)
        self._parts.close()
        if self._usage:
            self._out.append(UsageReported(self._usage))
        raw = self._reason
        return Finished(reason=reason_of(raw) if raw else "stop", raw=raw, truncated=not raw)


_READERS: tuple[tuple[str, Callable[[Decoder, Any, bool], None]], ...] = (
    ("content", Decoder._content),
    ("multi_mod_content", Decoder._images),
    ("refusal", Decoder._refuse),
    ("images", Decoder._images),
    ("audio", Decoder._audio),
    ("tool_calls", Decoder._tool_calls),
    ("function_call", Decoder._function_call),
    ("annotations", Decoder._annotations),
)
