"""Items of the output as they are written: each knows the events by which it begins, grows and is done."""

from collections.abc import Callable
from typing import Any

import msgspec

from ..data_uris import url_of
from ..messages import Audio, HostedTool, Image, Part, Reasoning, Refusal, Text, ToolCall
from .hosted import item_of
from .pieces import own

Emit = Callable[..., bytes]


class Writing:
    """`item` stands in the answer's output from its beginning; it is what its last event tells."""

    def __init__(self, emit: Emit, place: int, index: int, part: Part) -> None:
        self._emit, self.place, self.index, self.part = emit, place, index, part
        self.item: dict[str, Any] = {}
        self.ended = False

    def begin(self) -> bytes:
        return self._added()

    def grow(self, text: str) -> bytes:
        return b""

    def update(self, part: Part) -> bytes:
        self.lay_over(part)
        return b""

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        return self._done()

    def lay_over(self, part: Part) -> None:
        news = {name: value for name, value in msgspec.structs.asdict(part).items() if value not in ("", None)}
        self.part = msgspec.structs.replace(self.part, **news)

    def _added(self) -> bytes:
        return self._emit("output_item.added", output_index=self.place, item=self.item)

    def _done(self) -> bytes:
        return self._emit("output_item.done", output_index=self.place, item=self.item)

    def _tell(self, name: str, **told: Any) -> bytes:
        return self._emit(name, item_id=self.item["id"], output_index=self.place, **told)


class WritingProse(Writing):
    """A text or a refusal: a message of one content."""

    part: Text | Refusal

    def begin(self) -> bytes:
        self._kind = "output_text" if isinstance(self.part, Text) else "refusal"
        self._field = "text" if isinstance(self.part, Text) else "refusal"
        self.content: dict[str, Any] = {"type": self._kind, self._field: ""}
        if isinstance(self.part, Text):
            self.content |= {"annotations": [], "logprobs": []}
        self.item |= {"id": f"msg_{self.index}", "type": "message", "status": "in_progress", "role": "assistant"}
        self.item["content"] = []
        said = self._added() + self._at("content_part.added", part=self.content)
        return said + (self._delta(self.part.text) if self.part.text else b"")

    def grow(self, text: str) -> bytes:
        self.part = msgspec.structs.replace(self.part, text=self.part.text + text)
        return self._delta(text)

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        self.content[self._field] = self.part.text
        self.item |= {**own(getattr(self.part, "opaque", None)), "status": "completed", "content": [self.content]}
        logged: dict[str, Any] = {"logprobs": []} if self._kind == "output_text" else {}
        told = self._at(f"{self._kind}.done", **{self._field: self.part.text}, **logged)
        return told + self._at("content_part.done", part=self.content) + self._done()

    def cite(self, annotation: dict[str, Any]) -> bytes:
        found = self.content["annotations"]
        found.append(annotation)
        return self._at("output_text.annotation.added", annotation_index=len(found) - 1, annotation=annotation)

    def _delta(self, text: str) -> bytes:
        logged: dict[str, Any] = {"logprobs": []} if self._kind == "output_text" else {}
        return self._at(f"{self._kind}.delta", delta=text, **logged)

    def _at(self, name: str, **told: Any) -> bytes:
        return self._tell(name, content_index=0, **told)


class WritingThought(Writing):
    """A reasoning, its text as one summary."""

    part: Reasoning

    def begin(self) -> bytes:
        self._text = ""
        self.item |= {"id": f"rs_{self.index}", "type": "reasoning", "summary": []}
        return self._added() + (self.grow(self.part.text) if self.part.text else b"")

    def grow(self, text: str) -> bytes:
        empty = {"type": "summary_text", "text": ""}
        begun = b"" if self._text else self._at("reasoning_summary_part.added", part=empty)
        self._text += text
        return begun + self._at("reasoning_summary_text.delta", delta=text)

    def end(self, part: Part | None) -> bytes:
        self.ended = True
        told = b""
        if self._text:
            whole = {"type": "summary_text", "text": self._text}
            self.item["summary"] = [whole]
            told = self._at("reasoning_summary_text.done", text=self._text)
            told += self._at("reasoning_summary_part.done", part=whole)
        self.item |= own(getattr(part, "opaque", None) or self.part.opaque)
        return told + self._done()

    def _at(self, name: str, **told: Any) -> bytes:
        return self._tell(name, summary_index=0, **told)


class WritingCall(Writing):
    """A call of a function, or of a custom tool: then its arguments are called its input."""

    part: ToolCall

    def begin(self) -> bytes:
        custom = own(self.part.opaque).get("type") == "custom_tool_call"
        self._field = "input" if custom else "arguments"
        self._events = "custom_tool_call_input" if custom else "function_call_arguments"
        self.item |= {
            "id": f"{'ctc' if custom else 'fc'}_{self.index}",
            "type": "custom_tool_call" if custom else "function_call",
            "status": "in_progress",
            "call_id": self.part.id,
            "name": self.part.name,
            self._field: "",
        }
        told = self._added()
        return told + (self._tell(f"{self._events}.delta", delta=self.part.arguments) if self.part.arguments else b"")

    def grow(self, text: str) -> bytes:
        self.part = msgspec.structs.replace(self.part, arguments=self.part.arguments + text)
        return self._tell(f"{self._events}.delta", delta=text)

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        told = self._tell(f"{self._events}.done", **{self._field: self.part.arguments})
        self.item |= {**own(self.part.opaque), "status": "completed", self._field: self.part.arguments}
        return told + self._done()


class WritingTool(Writing):
    """A tool that the upstream ran. The one that makes an image is done when its image is."""

    part: HostedTool
    STATES = {"completed": "completed", "failed": "failed", "running": "in_progress", "": "in_progress"}

    def begin(self) -> bytes:
        self._partials = 0
        self.image: Image | None = None
        self.item |= self._made()
        return self._added()

    def grow(self, text: str) -> bytes:
        self.part = msgspec.structs.replace(self.part, arguments=self.part.arguments + text)
        return self._tell("mcp_call_arguments.delta", delta=text) if self.item["type"] == "mcp_call" else b""

    def update(self, part: Part) -> bytes:
        before = self.part.status
        self.lay_over(part)
        if self.part.status == before:
            return b""
        return self._tell(f"{self.item['type']}.{self.STATES.get(self.part.status, 'in_progress')}")

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        self.item.clear()
        self.item |= self._made()
        if self.image:
            self.item.setdefault("output_format", self.image.media_type.removeprefix("image/") or "png")
            self.item["result"] = self.image.data or self.image.url
        return self._done()

    def show(self, image: Image) -> bytes:
        """A partial image."""
        self._partials += 1
        return self._tell(
            "image_generation_call.partial_image",
            partial_image_index=self._partials - 1,
            partial_image_b64=image.data or image.url,
            output_format=image.media_type.removeprefix("image/"),
        )

    def _made(self) -> dict[str, Any]:
        made = dict(item_of(self.part, f"ht_{self.index}"))
        if not self.part.opaque:
            made["status"] = self.STATES.get(self.part.status, self.part.status)
        return made


class WritingImage(Writing):
    """An image, which has no item of its own: it is the result of its tool, made up if there was none."""

    part: Image

    def __init__(self, emit: Emit, tool: WritingTool, index: int, part: Image, alone: bool) -> None:
        super().__init__(emit, tool.place, index, part)
        self._tool, self._alone = tool, alone

    def begin(self) -> bytes:
        if self._alone:
            return self._tool.begin()
        return self._tool.show(self.part) if url_of(self.part) else b""

    def update(self, part: Part) -> bytes:
        self.lay_over(part)
        return self._tool.show(self.part)

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        self._tool.image = self.part
        return self._tool.end(HostedTool(status="completed")) if self._alone else b""


class WritingSpeech(Writing):
    """Sound with its transcript: its events name no item, but it stands in one, for the reply that is not streamed."""

    part: Audio

    def begin(self) -> bytes:
        self.item |= {"id": f"msg_{self.index}", "type": "message", "status": "in_progress", "role": "assistant"}
        self.item["content"] = []
        said = self.part.transcript
        return self._added() + (self._emit("audio.transcript.delta", delta=said) if said else b"")

    def grow(self, text: str) -> bytes:
        self.part = msgspec.structs.replace(self.part, transcript=self.part.transcript + text)
        return self._emit("audio.transcript.delta", delta=text)

    def play(self, data: str) -> bytes:
        return self._emit("audio.delta", delta=data)

    def end(self, part: Part | None) -> bytes:
        if part is not None:
            self.lay_over(part)
        self.ended = True
        content = {"type": "output_audio", "data": self.part.data, "transcript": self.part.transcript}
        self.item |= {"status": "completed", "content": [content]}
        return self._emit("audio.done") + self._emit("audio.transcript.done") + self._done()


KINDS: dict[type, type[Writing]] = {
    Text: WritingProse,
    Refusal: WritingProse,
    Reasoning: WritingThought,
    ToolCall: WritingCall,
    HostedTool: WritingTool,
    Audio: WritingSpeech,
}
