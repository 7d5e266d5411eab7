"""Events into the chunks that Chat Completions streams: the server half, for the sandbox and for members' own keys."""

from typing import Any

from ..data_uris import url_of
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
from ..messages import Audio, Citation, Image, Part, Reasoning, Refusal, Text, ToolCall, Usage
from ..sound import pieces_of
from ..tolerant import dumps
from .counts import usage_document
from .pieces import annotation_of

AUDIO_LASTS = 3600
TEXT_FIELDS: dict[type, str] = {Text: "content", Reasoning: "reasoning_content", Refusal: "refusal"}


class Encoder:
    """`encode` each event, then `finish`. `created` is Unix time: this package has no clock.

    What the format cannot say (Unrecognized, where a text part ends, an image on its way) leaves no bytes.
    """

    def __init__(self, id: str = "", model: str = "", created: int = 0):
        self._id, self._model, self._created, self._fingerprint = id, model, created, ""
        self._parts: dict[int, Part] = {}
        self._calls: dict[int, int] = {}
        self._usage: Usage | None = None
        self._failed = self._heard = False

    def encode(self, event: Event) -> bytes:
        match event:
            case PartDelta():
                return self._grow(event)
            case PartStarted():
                return self._begin(event)
            case PartEnded():
                return self._end(event)
            case PartUpdated():
                self._parts[event.index] = event.part
            case Started():
                self._id, self._model, self._fingerprint = event.id, event.model, event.fingerprint
                return self._chunk({"role": "assistant", "content": ""})
            case AudioDelta():
                self._heard = True
                return self._chunk({"audio": {"data": event.data}})
            case UsageReported():
                self._usage = event.usage
            case Finished():
                return self._finished(event)
            case Failed():
                self._failed = True
                return self._used() + _event(error_document(event))
        return b""

    def finish(self) -> bytes:
        """The mark of the end; a failed stream has none."""
        return b"" if self._failed else b"data: [DONE]\n\n"

    def _begin(self, event: PartStarted) -> bytes:
        part = event.part
        self._parts[event.index] = part
        match part:
            case ToolCall():
                self._calls[event.index] = len(self._calls)
                return self._chunk({"tool_calls": [self._call(event.index, part)]})
            case Text(text) | Reasoning(text) | Refusal(text) if text:
                return self._chunk({TEXT_FIELDS[type(part)]: text})
            case Citation():
                return self._chunk({"annotations": [annotation_of(part)]})
            case Audio():
                return self._chunk({"audio": self._sound(part)})
        return b""

    def _grow(self, event: PartDelta) -> bytes:
        part = self._parts.get(event.index)
        if isinstance(part, ToolCall):
            call = {"index": self._calls[event.index], "function": {"arguments": event.text}}
            return self._chunk({"tool_calls": [call]})
        if isinstance(part, Audio):
            return self._chunk({"audio": {"transcript": event.text}})
        name = TEXT_FIELDS.get(type(part))
        return self._chunk({name: event.text}) if name else b""

    def _end(self, event: PartEnded) -> bytes:
        if isinstance(image := event.part or self._parts.get(event.index), Image):
            return self._chunk({"images": [image_document(image)]})
        if isinstance(event.part, Reasoning) and event.part.opaque and "reasoning_details" in event.part.opaque:
            return self._chunk({"reasoning_details": event.part.opaque["reasoning_details"]})
        if isinstance(event.part, Audio):
            return self._chunk({"audio": self._sound(event.part) | {"expires_at": self._created + AUDIO_LASTS}})
        if isinstance(event.part, ToolCall) and event.part.opaque:
            return self._chunk({"tool_calls": [{"index": self._calls[event.index], **signed(event.part)}]})
        return b""

    def _sound(self, audio: Audio) -> dict[str, Any]:
        """Its samples, unless they went out as they came."""
        document = audio_document(audio)
        data = document.pop("data", "")
        return document if self._heard or not data else {**document, "data": pieces_of(data)}

    def _call(self, index: int, call: ToolCall) -> dict[str, Any]:
        return {"index": self._calls[index], **call_document(call)}

    def _finished(self, event: Finished) -> bytes:
        return (b"" if event.truncated else self._chunk({}, event.raw or event.reason)) + self._used()

    def _used(self) -> bytes:
        return self._chunk(None, usage=usage_document(self._usage)) if self._usage else b""

    def _chunk(
        self, delta: dict[str, Any] | None, reason: str | None = None, usage: dict[str, Any] | None = None
    ) -> bytes:
        document: dict[str, Any] = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}],
        }
        if self._fingerprint:
            document["system_fingerprint"] = self._fingerprint
        if usage:
            document["usage"] = usage
        return _event(document)


def image_document(image: Image) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url_of(image)}}


def call_document(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function, **signed(call)}


def signed(call: ToolCall) -> dict[str, Any]:
    opaque = call.opaque or {}
    return {"extra_content": opaque["extra_content"]} if "extra_content" in opaque else {}


def audio_document(audio: Audio) -> dict[str, Any]:
    found = {"transcript": audio.transcript, "data": audio.data}
    return {"id": "audio_1", **{name: value for name, value in found.items() if value}}


def error_document(failed: Failed) -> dict[str, Any]:
    return {
        "error": {
            "message": failed.message,
            "type": failed.type or None,
            "param": failed.param or None,
            "code": failed.code or None,
        }
    }


def _event(document: dict[str, Any]) -> bytes:
    return b"data: " + dumps(document) + b"\n\n"
