"""A request that was refused, without what it was refused for."""

import re
from typing import Any

import msgspec

from ..amending import with_parts
from ..events import Failed
from ..messages import GenerationRequest, HostedTool, Part, ToolCall
from .contents import UNSIGNED
from .pieces import SIGNATURE

_SIGNED = re.compile(r"thought[ _-]?signature", re.IGNORECASE)
_LACKING = re.compile(r"missing|lack|require|must have|without a", re.IGNORECASE)
_STREAM = re.compile(r"stream", re.IGNORECASE)
_REFUSED = re.compile(
    r"not (?:be )?(?:support|allow|implement|available|found)|unsupported|disabled|不支持", re.IGNORECASE
)
REFUSALS = (400, 404, 405, 422, 501)


def amend(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Signatures belong to a model and an account: after a switch they are refused. Some models do not stream."""
    if failed.status not in (0, *REFUSALS):
        return None
    if _SIGNED.search(failed.message):
        lacking = _LACKING.search(failed.message)
        amended = with_parts(request, _sign if lacking else _unsign)
        return amended if amended != request else None
    if request.stream and _STREAM.search(failed.message) and _REFUSED.search(failed.message):
        return msgspec.structs.replace(request, stream=False)
    return None


def _unsign(part: Part) -> Part:
    opaque = getattr(part, "opaque", None)
    if not opaque:
        return part
    kept: dict[str, Any] = {name: value for name, value in opaque.items() if name != SIGNATURE}
    if isinstance(part, HostedTool) and isinstance(kept.get("parts"), list):
        kept["parts"] = [_without(entry) for entry in kept["parts"]]
    return msgspec.structs.replace(part, opaque=kept or None)


def _without(entry: Any) -> Any:
    return {name: value for name, value in entry.items() if name != SIGNATURE} if isinstance(entry, dict) else entry


def _sign(part: Part) -> Part:
    """Google's own stand-in, for calls that another model made."""
    if not isinstance(part, ToolCall) or (part.opaque or {}).get(SIGNATURE):
        return part
    return msgspec.structs.replace(part, opaque={**(part.opaque or {}), SIGNATURE: UNSIGNED})
