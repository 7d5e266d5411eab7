"""Events into the events that Responses streams: the server half, for the sandbox and for members' own keys."""

from typing import Any

from ..events import (
    AudioDelta,
    Event,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    UsageReported,
)
from ..messages import Citation, HostedTool, Image, Text, Usage
from ..tolerant import dumps
from .counts import ending_of, usage_document
from .pieces import annotation_of
from .writing import KINDS, Writing, WritingImage, WritingProse, WritingSpeech, WritingTool


class Encoder:
    """`encode` each event, then `finish`. `created` is Unix time: this package has no clock.

    `response` is the whole answer so far, as the reply that is not streamed has it. What the format cannot say
    (Unrecognized, a citation before any text) leaves no bytes.
    """

    def __init__(self, id: str = "", model: str = "", created: int = 0, background: bool = False):
        self._id, self._model, self._created, self._background = id, model, created, background
        self._sequence = 0
        self._begun = False
        self._parts: dict[int, Writing] = {}
        self._texts: list[tuple[int, WritingProse]] = []
        self._output: list[dict[str, Any]] = []
        self._usage: Usage | None = None
        self._status = "in_progress"
        self._details: dict[str, Any] | None = None
        self._error: dict[str, Any] | None = None

    def encode(self, event: Event) -> bytes:
        match event:
            case PartDelta():
                return self._parts[event.index].grow(event.text) if event.index in self._parts else b""
            case PartStarted():
                return self._begin(event)
            case PartUpdated():
                return self._parts[event.index].update(event.part) if event.index in self._parts else b""
            case PartEnded():
                return self._parts[event.index].end(event.part) if event.index in self._parts else b""
            case AudioDelta():
                part = self._parts.get(event.index)
                return part.play(event.data) if isinstance(part, WritingSpeech) else b""
            case Started():
                return self._start(event)
            case UsageReported():
                self._usage = event.usage
            case Finished():
                return self._finished(event)
            case Failed():
                return self._failed(event)
        return b""

    def finish(self) -> bytes:
        """Nothing: the format has no mark of the end but its last event."""
        return b""

    def response(self) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": self._status,
            "background": self._background,
            "error": self._error,
            "incomplete_details": self._details,
            "instructions": None,
            "metadata": {},
            "model": self._model,
            "output": self._output if self._status != "in_progress" else [],
            "parallel_tool_calls": True,
            "temperature": None,
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "usage": usage_document(self._usage) if self._usage else None,
        }

    def _start(self, event: Started) -> bytes:
        self._id, self._model, self._begun = event.id, event.model, True
        told = self._emit("created", response=self.response())
        return told + self._emit("in_progress", response=self.response())

    def _begin(self, event: PartStarted) -> bytes:
        part = event.part
        if isinstance(part, Citation):
            return self._cite(part)
        if isinstance(part, Image):
            return self._picture(event.index, part)
        if type(part) not in KINDS:
            return b""
        writing = KINDS[type(part)](self._emit, len(self._output), event.index, part)
        if isinstance(writing, WritingProse) and isinstance(part, Text):
            self._texts.append((self._length(), writing))
        return self._write(event.index, writing)

    def _write(self, index: int, writing: Writing) -> bytes:
        self._parts[index] = writing
        self._output.append(writing.item)
        return writing.begin()

    def _picture(self, index: int, image: Image) -> bytes:
        tools = (part for part in self._parts.values() if isinstance(part, WritingTool) and not part.ended)
        tool = next((tool for tool in tools if tool.part.name == "image_generation" and tool.image is None), None)
        if tool:
            self._parts[index] = WritingImage(self._emit, tool, index, image, alone=False)
            return self._parts[index].begin()
        made = HostedTool(id=f"ig_{index}", name="image_generation")
        tool = WritingTool(self._emit, len(self._output), index, made)
        self._output.append(tool.item)
        self._parts[index] = WritingImage(self._emit, tool, index, image, alone=True)
        return self._parts[index].begin()

    def _cite(self, citation: Citation) -> bytes:
        """To the text in which the citation begins."""
        start = citation.start
        before = [entry for entry in self._texts if start is None or entry[0] <= start] or self._texts[:1]
        return before[-1][1].cite(annotation_of(citation, before[-1][0])) if before else b""

    def _length(self) -> int:
        """The length of the answer's text so far."""
        if not self._texts:
            return 0
        before, last = self._texts[-1]
        return before + len(last.part.text)

    def _finished(self, event: Finished) -> bytes:
        if event.truncated:
            self._status = "incomplete"
            return b""
        self._status, self._details = ending_of(event)
        return self._emit(self._status, response=self.response())

    def _failed(self, failed: Failed) -> bytes:
        told = {"code": failed.code, "message": failed.message, "type": failed.type, "param": failed.param}
        error: dict[str, Any] = {name: value for name, value in told.items() if value or name in ("code", "message")}
        self._status, self._error = "failed", error
        if self._begun:
            return self._emit("failed", response=self.response())
        return self._event({"type": "error", "sequence_number": self._next(), "error": error})

    def _emit(self, name: str, **told: Any) -> bytes:
        return self._event({"type": f"response.{name}", "sequence_number": self._next(), **told})

    def _event(self, document: dict[str, Any]) -> bytes:
        return b"event: " + str(document["type"]).encode() + b"\ndata: " + dumps(document) + b"\n\n"

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence - 1
