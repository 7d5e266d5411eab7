"""What to try once more with, where an upstream refused something that can be left away."""

import re

from msgspec.structs import replace

from ..amending import loosened, read_out
from ..events import Failed
from ..messages import GenerationRequest, Message, Reasoning
from .pieces import own

REFUSED = (0, 400, 403, 404, 405, 415, 422)
_STREAM = re.compile(r"\bstream", re.IGNORECASE)
_UNWANTED = re.compile(r"support|unrecogni|unknown|allow|permit|disabled|verified|unexpected|extra", re.IGNORECASE)
_THOUGHT = re.compile(
    r"encrypted.?content|without its required|\b(rs|msg|fc|ctc|ws|ci|mcp\w?)_\w+\W* not found|reasoning item",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"encrypted content is not supported|\binclude\b", re.IGNORECASE)
_PREVIOUS = re.compile(r"previous.?response", re.IGNORECASE)


def amend(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """The request without what was refused: what another account knows, encrypted reasoning, streaming, a text file."""
    if failed.status not in REFUSED:
        return None
    amended = (change(request, failed) for change in _CHANGES)
    return next((found for found in amended if found is not None and found != request), None)


def _whole_history(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Behind a gateway the next call may reach another account, which does not have the answer before."""
    told = failed.code + failed.param + failed.message
    return replace(request, previous_id="") if request.previous_id and _PREVIOUS.search(told) else None


def _not_included(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """What `build` asks for by itself, where the upstream does not have it. What is extra overrides it."""
    refused = failed.param.startswith("include") or _INCLUDED.search(failed.message)
    asked = request.web_search or request.parameters.get("store") is False
    if not refused or not asked or "include" in request.extra:
        return None
    return replace(request, extra={**request.extra, "include": list(request.parameters.get("include") or ())})


def _thoughtless(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Encrypted reasoning is bound to the account that gave it; what has an id goes only along with it."""
    if not _THOUGHT.search(" ".join((failed.code, failed.param, failed.message))):
        return None
    return replace(request, messages=tuple(_unthought(message) for message in request.messages))


def _unthought(message: Message) -> Message:
    """With the reasoning left empty, its message is written without ids."""
    if not any(isinstance(part, Reasoning) and own(part.opaque) for part in message.parts):
        return message
    parts = (replace(part, opaque=None) if isinstance(part, Reasoning) else part for part in message.parts)
    return replace(message, parts=tuple(parts))


def _whole(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Some pro models do not stream, and some organisations may not."""
    named = failed.param == "stream" or (_STREAM.search(failed.message) and _UNWANTED.search(failed.message))
    return replace(request, stream=False) if named and request.stream else None


_CHANGES = (_whole_history, _not_included, _thoughtless, _whole, loosened, read_out)
