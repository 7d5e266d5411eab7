"""What to try once more with, where an upstream refused something that can be left away or said otherwise."""

import re

from msgspec.structs import replace

from ..amending import loosened, read_out, with_parts
from ..events import Failed
from ..messages import GenerationRequest, Part, Reasoning, ToolCall

REFUSED = (400, 403, 404, 405, 415, 422)
_STREAM = re.compile(r"stream", re.IGNORECASE)
_UNWANTED = re.compile(r"support|unrecogni|unknown|allow|permit|disabled|verified|unexpected|extra", re.IGNORECASE)
_THOUGHT = re.compile(r"reasoning_(content|details)|thought.?signature|thinking.*signature|encrypted", re.IGNORECASE)


def amend(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """The request without what was refused: its streaming, old thoughts, the old name of a limit, a file of text."""
    if failed.status not in REFUSED:
        return None
    amended = (change(request, failed) for change in _CHANGES)
    return next((found for found in amended if found is not None and found != request), None)


def _limit(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """OpenAI's reasoning models know the limit by its new name alone."""
    if "max_completion_tokens" not in failed.message or "max_tokens" not in request.parameters:
        return None
    parameters = dict(request.parameters)
    limit = parameters.pop("max_tokens")
    return replace(request, parameters={"max_completion_tokens": limit, **parameters})


def _sound(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Only PCM can be streamed."""
    audio = request.parameters.get("audio")
    if failed.param != "audio.format" or not request.stream or not isinstance(audio, dict):
        return None
    return replace(request, parameters={**request.parameters, "audio": {**audio, "format": "pcm16"}})


def _whole(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    named = failed.param.startswith("stream") or (_STREAM.search(failed.message) and _UNWANTED.search(failed.message))
    return replace(request, stream=False) if named and request.stream else None


def _thoughtless(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    if not (_THOUGHT.search(failed.message) or _THOUGHT.search(failed.param) or _THOUGHT.search(failed.code)):
        return None
    return with_parts(request, _unsigned)


def _unsigned(part: Part) -> Part | None:
    if isinstance(part, Reasoning):
        return None
    return replace(part, opaque=None) if isinstance(part, ToolCall) else part


_CHANGES = (_limit, _sound, _whole, _thoughtless, loosened, read_out)
