"""Events into the frames that Messages streams: the server half, for the sandbox and for members' own keys."""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from ..events import Event, Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from ..messages import Citation, HostedTool, Image, Part, Reasoning, Refusal, Text, ToolCall, Usage
from ..tolerant import dumps
from .citations import citation_document, same_source
from .counts import usage_document, word_of
from .hosted import call_block, lone_block, result_block
from .pieces import call_block as tool_block
from .pieces import image_block


class Encoder:
    """`encode` each event, then `finish`. A text block stays open until another begins: its sources come after it.

    What the format cannot say (sounds, Unrecognized) leaves no bytes; a refusal is said at the end.
    """

    def __init__(self, id: str = "", model: str = "") -> None:
        self._id, self._model = id, model
        self._begun = False
        self._parts: dict[int, Part] = {}
        self._places: dict[int, int] = {}
        self._count = 0
        self._text: int | None = None
        self._text_ended = False
        self._cited: list[Any] = []
        self._refusal = ""
        self._usage: Usage | None = None

    def encode(self, event: Event) -> bytes:
        return (b"" if self._is_source(event) else self._settle()) + self._encode(event)

    def finish(self) -> bytes:
        """Nothing: `message_stop` was the end."""
        return b""

    def _is_source(self, event: Event) -> bool:
        part = event.part if isinstance(event, PartStarted) else None
        return isinstance(self._parts.get(event.index) if isinstance(event, PartEnded) else part, Citation)

    def _encode(self, event: Event) -> bytes:
        match event:
            case PartDelta():
                return self._grow(event)
            case PartStarted():
                return self._begin(event)
            case PartEnded():
                return self._end(event)
            case Started():
                self._id, self._model = event.id, event.model
                return self._head()
            case UsageReported():
                self._usage = event.usage
            case Finished():
                return self._finished(event)
            case Failed():
                return self._used() + frame("error", error_document(event))
        return b""

    def _head(self) -> bytes:
        self._begun = True
        message = message_document(self._id, self._model) | {"content": []}
        return frame("message_start", {"type": "message_start", "message": message})

    def _begin(self, event: PartStarted) -> bytes:
        part = event.part
        self._parts[event.index] = part
        if isinstance(part, Citation):
            return self._source(part)
        if isinstance(part, Refusal):
            self._refusal += part.text
        block = opening(part)
        if block is None:
            return b""
        data = (b"" if self._begun else self._head()) + self._start(event.index, block)
        if isinstance(part, Text):
            self._text, self._text_ended, self._cited = event.index, False, []
        return data + self._said(event.index, part)

    def _said(self, index: int, part: Part) -> bytes:
        """What a part said already when it began."""
        if isinstance(part, Text | Reasoning) and part.text:
            return self._grow(PartDelta(index, part.text))
        if isinstance(part, ToolCall | HostedTool) and part.arguments:
            return self._grow(PartDelta(index, part.arguments))
        return b""

    def _grow(self, event: PartDelta) -> bytes:
        part = self._parts.get(event.index)
        match part:
            case Text():
                return self._delta(event.index, {"type": "text_delta", "text": event.text})
            case Reasoning():
                return self._delta(event.index, {"type": "thinking_delta", "thinking": event.text})
            case ToolCall() | HostedTool():
                return self._delta(event.index, {"type": "input_json_delta", "partial_json": event.text})
            case Refusal():
                self._refusal += event.text
        return b""

    def _end(self, event: PartEnded) -> bytes:
        if event.index not in self._places:
            return b""
        part = whole(self._parts[event.index], event.part)
        data, index = b"", event.index
        if isinstance(part, Text):
            data = b"".join(self._cite(index, raw) for raw in (part.opaque or {}).get("citations", ()))
            if index == self._text:
                self._text_ended = True
                return data
        elif isinstance(part, Reasoning) and (signature := (part.opaque or {}).get("signature")):
            data = self._delta(index, {"type": "signature_delta", "signature": signature})
        data += self._stop(index)
        if isinstance(part, HostedTool) and not lone_block(part) and (result := result_block(part)):
            data += self._start(None, result) + self._stop(None)
        return data

    def _cite(self, index: int, raw: Any) -> bytes:
        self._cited.append(raw)
        return self._delta(index, {"type": "citations_delta", "citation": raw})

    def _source(self, citation: Citation) -> bytes:
        """A source stands at the text that was said last, once; one of no text cannot be said."""
        if self._text is None or any(same_source(raw, citation) for raw in self._cited):
            return b""
        return self._cite(self._text, citation_document(citation))

    def _settle(self) -> bytes:
        """Stops the text that has ended."""
        if self._text is None or not self._text_ended:
            return b""
        index, self._text = self._text, None
        return self._stop(index)

    def _start(self, index: int | None, block: Mapping[str, Any]) -> bytes:
        place, self._count = self._count, self._count + 1
        if index is not None:
            self._places[index] = place
        document = {"type": "content_block_start", "index": place, "content_block": block}
        return frame("content_block_start", document)

    def _delta(self, index: int, delta: dict[str, Any]) -> bytes:
        document = {"type": "content_block_delta", "index": self._places[index], "delta": delta}
        return frame("content_block_delta", document)

    def _stop(self, index: int | None) -> bytes:
        place = self._count - 1 if index is None else self._places[index]
        return frame("content_block_stop", {"type": "content_block_stop", "index": place})

    def _finished(self, event: Finished) -> bytes:
        if event.truncated:
            return self._used()
        return (
            (b"" if self._begun else self._head())
            + self._last(ending(event, self._refusal))
            + frame("message_stop", {"type": "message_stop"})
        )

    def _used(self) -> bytes:
        return self._last(ending(None, "")) if self._usage else b""

    def _last(self, delta: dict[str, Any]) -> bytes:
        document = {"type": "message_delta", "delta": delta, "usage": usage_document(self._usage)}
        return frame("message_delta", document)


def message_document(id: str, model: str) -> dict[str, Any]:
    return {
        "id": id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage_document(None),
    }


def opening(part: Part) -> dict[str, Any] | None:
    """The block that a part opens, without what its deltas say; None where the format has none."""
    match part:
        case Text():
            return {"type": "text", "text": ""}
        case Reasoning():
            redacted = (part.opaque or {}).get("redacted")
            if isinstance(redacted, str):
                return {"type": "redacted_thinking", "data": redacted}
            return {"type": "thinking", "thinking": "", "signature": ""}
        case ToolCall():
            return tool_block(part) | {"input": {}}
        case HostedTool():
            return lone_block(part) or call_block(part, {})
        case Image():
            return image_block(part)
    return None


def ending(event: Finished | None, refusal: str) -> dict[str, Any]:
    """Why it ended, as `message_delta` and the whole message say it."""
    reason = word_of(event.reason, event.raw) if event else None
    delta: dict[str, Any] = {"stop_reason": reason, "stop_sequence": None}
    if refusal:
        details = {"type": "refusal", "category": None, "explanation": refusal}
        delta |= {"stop_reason": reason and "refusal", "stop_details": details}
    return delta


def error_document(failed: Failed) -> dict[str, Any]:
    more = {name: value for name, value in (("code", failed.code), ("param", failed.param)) if value}
    return {"type": "error", "error": {"type": failed.type or "api_error", "message": failed.message, **more}}


def frame(event: str, document: dict[str, Any]) -> bytes:
    return b"event: " + event.encode() + b"\ndata: " + dumps(document) + b"\n\n"


def whole(part: Part, end: Part | None) -> Part:
    """The part with what its end brought."""
    if end is None:
        return part
    new = {name: value for name, value in structs.asdict(end).items() if value not in ("", None)}
    return structs.replace(part, **new)
