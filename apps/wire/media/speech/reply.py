"""The server's answer: the bytes of the sound, whole or as events."""

import base64
from typing import Any

from ..reading import answer, error_document, event, refusal
from ..shapes import HttpReply, MediaEvent, MediaReply, MediaRequest, Replied, SoundChunk
from ..usages import tokens_document
from .formats import TYPES, samples_of

NAMES = {"audio/ogg": TYPES["opus"]}


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """The sound itself; where only its address is known, a document that tells it, as some gateways answer."""
    if reply.state != "succeeded" or not reply.made:
        return refusal(reply.error)
    made = reply.made[0]
    if not made.data:
        return answer({"url": made.url})
    if request.parameters.get("response_format") == "pcm":
        return HttpReply(samples_of(made.data), TYPES["pcm"])
    return HttpReply(made.data, NAMES.get(made.media_type, made.media_type))


def encode(found: MediaEvent, request: MediaRequest) -> bytes:
    if isinstance(found, SoundChunk):
        return event({"type": "speech.audio.delta", "audio": base64.b64encode(found.data).decode()})
    if not isinstance(found, Replied):
        return b""
    reply = found.reply
    if reply.state == "failed":
        return event({"type": "error", **error_document(reply.error)})
    done: dict[str, Any] = {"type": "speech.audio.done"}
    if usage := tokens_document(reply.usage):
        done["usage"] = usage
    return event(done)
