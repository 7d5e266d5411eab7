"""The reply that is not streamed, in both directions."""

from collections.abc import Iterable
from typing import Any

from ..events import Event
from ..messages import Audio, Citation, HostedTool, Part, Text
from ..tolerant import dumps
from ..transcript import Transcript
from .counts import BLOCKED, usage_document, word_of
from .encoder import error_document
from .grounding import beside
from .hosted import own_parts
from .pieces import write_said
from .stream import Decoder


def parse_reply(body: bytes, content_type: str = "application/json") -> list[Event]:
    """The events of a whole reply: the same as those of its stream, each text in one delta. Never raises."""
    decoder = Decoder(content_type)
    return decoder.feed(body) + decoder.finish()


def build_reply(events: Iterable[Event]) -> bytes:
    """The GenerateContentResponse that says what the events say, or the error object if they failed."""
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    if transcript.failed:
        return dumps(error_document(transcript.failed))
    started = transcript.started
    document = _answer(transcript)
    if transcript.usage:
        document["usageMetadata"] = usage_document(transcript.usage)
    if started:
        document |= {"modelVersion": started.model, "responseId": started.id}
    return dumps(document)


def _answer(transcript: Transcript) -> dict[str, Any]:
    finished = transcript.finished
    if finished and finished.raw.startswith(BLOCKED):
        return {"promptFeedback": {"blockReason": finished.raw.removeprefix(BLOCKED)}}
    parts = transcript.parts
    candidate: dict[str, Any] = {"content": {"parts": _parts(parts), "role": "model"}}
    if finished and not finished.truncated:
        candidate["finishReason"] = word_of(finished.reason, finished.raw)
    tools = [part for part in parts if isinstance(part, HostedTool) and not own_parts(part)]
    citations = [part for part in parts if isinstance(part, Citation)]
    candidate |= {"index": 0} | beside(tools, citations, "".join(part.text for part in parts if isinstance(part, Text)))
    return {"candidates": [candidate]}


def _parts(parts: list[Part]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = []
    for part in parts:
        if isinstance(part, HostedTool):
            documents += own_parts(part)
        elif document := write_said(part):
            spoken = isinstance(part, Audio) and part.transcript
            documents.append(document | ({"audioTranscription": {"text": spoken}} if spoken else {}))
    return documents
