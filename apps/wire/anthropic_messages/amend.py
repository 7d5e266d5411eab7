"""What can be left away when an upstream refuses it, told from its words: gateways hide the rest."""

import re
from typing import Any

from msgspec.structs import replace

from ..amending import loosened, with_parts
from ..events import Failed
from ..messages import GenerationRequest, HostedTool, Message, Part, Reasoning, Text

FINAL = frozenset({401, 402, 403, 404, 413, 429})
THINKING = ("thinking", "thinking_budget", "thinking_display")
_STREAM = re.compile(r"\bstream(ing|ed)?\b")
CONTINUE = Message("user", (Text("Continue."),))


def amend(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """The request without what was refused; None if nothing of it can be left away."""
    if failed.status in FINAL:
        return None
    words = failed.message.lower()
    for change in (_unsigned, _other_thinking, _one_sampling, _no_prefill, _unstreamed):
        if amended := change(request, words):
            return amended
    return loosened(request, failed)


def _unsigned(request: GenerationRequest, words: str) -> GenerationRequest | None:
    """Signatures are bound to the vendor that made them: without thoughts where another's are refused.

    In the middle of a tool loop thoughts are demanded wherever thinking is enabled, so it goes with them.
    """
    refused = ("signature" in words and "thinking" in words) or "encrypted_" in words
    refused = refused or "redacted_thinking" in words or ("thinking" in words and "cannot be modified" in words)
    if not refused or not any(_is_bound(part) for message in request.messages for part in message.parts):
        return None
    amended = with_parts(request, lambda part: None if _is_bound(part) else part)
    loops = bool(request.messages) and request.messages[-1].role == "tool"
    return _with(amended, None) if loops and request.parameters.get("thinking") == "enabled" else amended


def _is_bound(part: Part) -> bool:
    opaque = getattr(part, "opaque", None) or {}
    if isinstance(part, Reasoning):
        return "signature" in opaque or "redacted" in opaque
    return isinstance(part, HostedTool) and "tool_result" in opaque


def _other_thinking(request: GenerationRequest, words: str) -> GenerationRequest | None:
    """Newer models refuse `enabled` and take `adaptive`, older ones the reverse; some always think."""
    kind = request.parameters.get("thinking") or ("enabled" if "thinking_budget" in request.parameters else "")
    if not kind or "thinking" not in words:
        return None
    if "expected" in words and "found" in words and "`thinking`" in words:
        return _with(request, None)
    if kind not in words:
        return None
    if kind == "enabled":
        return _with(request, "adaptive") if "adaptive" in words or "not supported" in words else None
    return _with(request, "enabled" if kind == "adaptive" else None)


def _with(request: GenerationRequest, thinking: str | None) -> GenerationRequest:
    left = ("thinking_budget",) if thinking == "adaptive" else () if thinking else THINKING
    given: dict[str, Any] = {name: value for name, value in request.parameters.items() if name not in left}
    return replace(request, parameters=given | ({"thinking": thinking} if thinking else {}))


def _one_sampling(request: GenerationRequest, words: str) -> GenerationRequest | None:
    """Newer models take the temperature or top_p, not both: the temperature stays."""
    both = ("temperature", "top_p")
    if not all(name in words and name in request.parameters for name in both):
        return None
    return replace(request, parameters={name: value for name, value in request.parameters.items() if name != "top_p"})


def _no_prefill(request: GenerationRequest, words: str) -> GenerationRequest | None:
    """Newer models cannot go on from an answer's own words: they are asked to."""
    ends = bool(request.messages) and request.messages[-1].role == "assistant"
    refused = "prefill" in words or "must end with a user message" in words
    return replace(request, messages=(*request.messages, CONTINUE)) if ends and refused else None


def _unstreamed(request: GenerationRequest, words: str) -> GenerationRequest | None:
    refused = _STREAM.search(words) and any(hint in words for hint in ("support", "not allowed", "must be false"))
    return replace(request, stream=False) if request.stream and refused else None
