"""Events into the chunks that Gemini streams: the server half, for the sandbox and for members' own keys."""

import re
from typing import Any

import msgspec

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
from ..messages import Audio, Citation, File, HostedTool, Image, Part, Reasoning, Refusal, Text, ToolCall, Usage
from ..sound import RATE, samples_rate
from ..tolerant import dumps
from .counts import BLOCKED, usage_document, word_of
from .grounding import beside
from .hosted import own_parts
from .pieces import SIGNATURE, signature_of, write_said

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
PROSE = (Text, Reasoning, Refusal)


class Encoder:
    """`encode` each event, then `finish`. Texts go as they come; a call, a picture or a file once it is whole.

    Searches and sources go with the last chunk. What the format cannot say (Unrecognized) leaves no bytes.
    """

    def __init__(self) -> None:
        self._head: dict[str, str] = {}
        self._parts: dict[int, Part] = {}
        self._grown: dict[int, list[str]] = {}
        self._signatures: dict[int, dict[str, Any]] = {}
        self._sent: dict[int, int] = {}
        self._said: list[str] = []
        self._tools: list[HostedTool] = []
        self._citations: list[Citation] = []
        self._usage: Usage | None = None

    def encode(self, event: Event) -> bytes:
        match event:
            case PartDelta():
                return self._grow(event)
            case PartStarted():
                return self._begin(event)
            case AudioDelta():
                return self._play(event)
            case PartUpdated():
                self._lay_over(event.index, event.part)
            case PartEnded():
                return self._end(event)
            case Started():
                self._head = {"modelVersion": event.model, "responseId": event.id}
                return self._chunk([])
            case UsageReported():
                self._usage = event.usage
            case Finished():
                return self._last(event)
            case Failed():
                return self._last(Finished(truncated=True)) + _event(error_document(event))
        return b""

    def finish(self) -> bytes:
        """Nothing: the end of the bytes is the end, this format has no mark of it."""
        return b""

    def _begin(self, event: PartStarted) -> bytes:
        index, part = event.index, event.part
        self._parts[index] = part
        if isinstance(part, PROSE):
            self._signatures[index] = signature_of(part)
            return self._say(index, part.text) if part.text else b""
        if isinstance(part, HostedTool):
            return self._ran(index, part)
        return b""

    def _grow(self, event: PartDelta) -> bytes:
        part = self._parts.get(event.index)
        if isinstance(part, PROSE):
            return self._say(event.index, event.text)
        if isinstance(part, Audio):
            return self._chunk([{"audioTranscription": {"text": event.text}}])
        self._grown.setdefault(event.index, []).append(event.text)
        return b""

    def _say(self, index: int, text: str) -> bytes:
        part = self._parts[index]
        if isinstance(part, Text):
            self._said.append(text)
        return self._chunk([{"text": text} | thought_of(part) | self._signatures.pop(index, {})])

    def _play(self, event: AudioDelta) -> bytes:
        self._sent[event.index] = 1
        rate = samples_rate(getattr(self._parts.get(event.index), "media_type", "")) or RATE
        blob = {"mimeType": f"audio/L16;codec=pcm;rate={rate}", "data": event.data}
        return self._chunk([{"inlineData": blob}])

    def _end(self, event: PartEnded) -> bytes:
        index = event.index
        part = self._lay_over(index, event.part)
        match part:
            case Text() | Reasoning() | Refusal():
                unsent = self._signatures.pop(index, {}) or (signature_of(event.part) if event.part else {})
                return self._chunk([{"text": ""} | thought_of(part) | unsent]) if unsent.get(SIGNATURE) else b""
            case HostedTool() if own_parts(part):
                return self._ran(index, part)
            case HostedTool():
                self._tools.append(part)
            case Citation():
                self._citations.append(part)
            case ToolCall() | Image() | File() | Audio():
                return b"" if self._sent.get(index) else self._whole(part)
        return b""

    def _whole(self, part: Part) -> bytes:
        document = write_said(part)
        empty = isinstance(part, Image | File | Audio) and not part.data and not getattr(part, "url", "")
        return self._chunk([document]) if document and not empty else b""

    def _ran(self, index: int, tool: HostedTool) -> bytes:
        """The parts of a hosted tool as Google said them, those that were not sent yet."""
        parts = own_parts(tool)
        new = parts[self._sent.get(index, 0) :]
        self._sent[index] = len(parts)
        return self._chunk(new) if new else b""

    def _lay_over(self, index: int, new: Part | None) -> Part | None:
        part = self._parts.get(index)
        changes: dict[str, Any] = {}
        if new is not None and type(new) is type(part):
            changes = {name: value for name, value in msgspec.structs.asdict(new).items() if value not in ("", None)}
        if isinstance(part, ToolCall | HostedTool) and (pieces := self._grown.pop(index, None)):
            changes.setdefault("arguments", part.arguments + "".join(pieces))
        if part is not None and changes:
            part = self._parts[index] = msgspec.structs.replace(part, **changes)
        return part

    def _last(self, event: Finished) -> bytes:
        raw = "" if event.truncated else event.raw
        if raw.startswith(BLOCKED):
            feedback = {"promptFeedback": {"blockReason": raw.removeprefix(BLOCKED)}}
            return _event(feedback | self._used() | self._head)
        candidate = beside(self._tools, self._citations, "".join(self._said))
        if not event.truncated:
            candidate["finishReason"] = word_of(event.reason, raw)
        return self._chunk([], candidate) if candidate or self._usage else b""

    def _used(self) -> dict[str, Any]:
        return {"usageMetadata": usage_document(self._usage)} if self._usage else {}

    def _chunk(self, parts: list[dict[str, Any]], candidate: dict[str, Any] | None = None) -> bytes:
        content = {"content": {"parts": parts, "role": "model"}}
        document = {"candidates": [content | (candidate or {}) | {"index": 0}]}
        return _event(document | self._used() | self._head)


def thought_of(part: Part) -> dict[str, Any]:
    return {"thought": True} if isinstance(part, Reasoning) else {}


def error_document(failed: Failed) -> dict[str, Any]:
    """Google's error: the code is a number, its name is the `status`."""
    named = next((code for code, status in STATUSES.items() if status == failed.type), 500)
    code = int(failed.code) if re.fullmatch("[0-9]{3}", failed.code) else failed.status or named
    status = failed.type if failed.type.isupper() else STATUSES.get(code, "UNKNOWN")
    return {"error": {"code": code, "message": failed.message, "status": status}}


def _event(document: dict[str, Any]) -> bytes:
    """Google ends its lines with CRLF."""
    return b"data: " + dumps(document) + b"\r\n\r\n"
