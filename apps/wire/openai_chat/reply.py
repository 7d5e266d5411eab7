"""The reply that is not streamed, in both directions."""

from collections.abc import Iterable
from typing import Any

from ..events import Event
from ..messages import Audio, Citation, Image, Part, Reasoning, Refusal, Text, ToolCall
from ..tolerant import dumps
from ..transcript import Transcript
from .counts import usage_document
from .encoder import AUDIO_LASTS, audio_document, call_document, error_document, image_document
from .pieces import annotation_of
from .stream import Decoder


def parse_reply(body: bytes, content_type: str = "application/json") -> list[Event]:
    """The events of a whole reply: the same as those of its stream, each text in one delta. Never raises."""
    decoder = Decoder(content_type)
    return decoder.feed(body) + decoder.finish()


def build_reply(events: Iterable[Event], created: int = 0) -> bytes:
    """The completion object that says what the events say, or the error object if they failed."""
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    if transcript.failed:
        return dumps(error_document(transcript.failed))
    started, finished = transcript.started, transcript.finished
    reason = (finished.raw or finished.reason) if finished and not finished.truncated else None
    choice = {"index": 0, "message": _message(transcript.parts, created), "logprobs": None, "finish_reason": reason}
    document: dict[str, Any] = {
        "id": started.id if started else "",
        "object": "chat.completion",
        "created": created,
        "model": started.model if started else "",
        "choices": [choice],
    }
    if started and started.fingerprint:
        document["system_fingerprint"] = started.fingerprint
    if transcript.usage:
        document["usage"] = usage_document(transcript.usage)
    return dumps(document)


def _message(parts: list[Part], created: int) -> dict[str, Any]:
    texts = [part.text for part in parts if isinstance(part, Text)]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts) if texts else None, "refusal": None}
    lists: dict[str, list[Any]] = {}
    for part in parts:
        match part:
            case Reasoning():
                message["reasoning_content"] = message.get("reasoning_content", "") + part.text
                message |= {name: value for name, value in (part.opaque or {}).items() if name == "reasoning_details"}
            case Refusal():
                message["refusal"] = (message["refusal"] or "") + part.text
            case ToolCall():
                lists.setdefault("tool_calls", []).append(call_document(part))
            case Image():
                lists.setdefault("images", []).append(image_document(part))
            case Citation():
                lists.setdefault("annotations", []).append(annotation_of(part))
            case Audio():
                message["audio"] = audio_document(part) | {"expires_at": created + AUDIO_LASTS}
    return message | lists
