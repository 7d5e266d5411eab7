"""A request for speech: the text and how it is to sound."""

from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, model_of, parted, post, text_of
from ..shapes import MediaRequest
from .parameters import DEFAULT_VOICE, NAMES

PATH = "/v1/audio/speech"
TOLD = frozenset({"model", "input", "stream_format"})


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request. A voice must be named; gateways refuse the request without one. Raises InvalidRequest."""
    if not request.prompt.strip():
        raise InvalidRequest(sentences.NO_WORDS, "input")
    body = {"model": request.model, "input": request.prompt, "voice": DEFAULT_VOICE, **request.parameters}
    if request.stream:
        body["stream_format"] = "sse"
    return post(PATH, body, request.extra, "text/event-stream" if request.stream else "*/*")


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    body = body_of(request)
    model = model_of(body)
    prompt = text_of(body, "input", sentences.NO_WORDS)
    parameters, extra = parted(body, NAMES, TOLD)
    return MediaRequest(
        model=model,
        prompt=prompt,
        parameters=parameters | {"voice": _voice(body)},
        stream=body.get("stream_format") == "sse",
        extra=extra,
    )


def units(request: MediaRequest) -> tuple[str, float]:
    return "character", len(request.prompt)


def _voice(body: dict[str, Any]) -> str:
    """A voice of one's own is an object with its id."""
    voice = body.get("voice")
    named = voice.get("id") if isinstance(voice, dict) else voice
    return text_of({"voice": named}, "voice", "A voice must be named.")
