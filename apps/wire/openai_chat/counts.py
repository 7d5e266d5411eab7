"""The end of an answer: why it ended and what it used, under the names that different vendors give."""

from typing import Any

from ..messages import Usage

REASONS = {
    "stop": "stop",
    "end_turn": "stop",
    "eos": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "image_safety": "content_filter",
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "sensitive": "content_filter",
    "insufficient_system_resource": "other",
}
FIRST_OF = {
    "input_tokens": ("prompt_tokens", "input_tokens"),
    "output_tokens": ("completion_tokens", "output_tokens"),
}
CACHED = ("prompt_cache_hit_tokens", "cached_tokens")
INPUT_DETAILS = ("prompt_tokens_details", "input_tokens_details")
CACHE_WRITES = ("cache_write_tokens", "cached_creation_tokens", "cache_creation_tokens")
CACHE_WRITES_BESIDE = ("cache_creation_input_tokens", "cached_creation_tokens")


def reason_of(raw: str) -> str:
    """Ours for the upstream's word. An unknown one counts as stop, its own word is kept beside it."""
    return REASONS.get(raw.lower(), "stop")


def usage_of(found: Any) -> Usage | None:
    """Tokens as counted by OpenAI, DeepSeek (cache hits), new-api, LiteLLM and OpenRouter (cache writes, cost).

    None if nothing is counted.
    """
    if not isinstance(found, dict):
        return None
    counted = {ours: _first(found, names) for ours, names in FIRST_OF.items()}
    cached = _nested(found, INPUT_DETAILS, ("cached_tokens",))
    counted["cached_tokens"] = cached if cached is not None else _first(found, CACHED)
    written = _nested(found, INPUT_DETAILS, CACHE_WRITES)
    counted["cache_write_tokens"] = written if written is not None else _first(found, CACHE_WRITES_BESIDE)
    counted["reasoning_tokens"] = _nested(
        found, ("completion_tokens_details", "output_tokens_details"), ("reasoning_tokens",)
    )
    usage = Usage(**counted, cost=_cost(found.get("cost")))
    return None if usage == Usage() else usage


def usage_document(usage: Usage) -> dict[str, Any]:
    """The usage object as the format writes it; what is not known is left out, save the required counts."""
    document: dict[str, Any] = {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": (usage.input_tokens or 0) + (usage.output_tokens or 0),
    }
    inputs = {"cached_tokens": usage.cached_tokens, "cache_write_tokens": usage.cache_write_tokens}
    if details := {name: count for name, count in inputs.items() if count is not None}:
        document["prompt_tokens_details"] = details
    if usage.reasoning_tokens is not None:
        document["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning_tokens}
    if usage.cost is not None:
        document["cost"] = usage.cost
    return document


def _first(found: dict[str, Any], names: tuple[str, ...]) -> int | None:
    """The first count that is not zero, or zero if that is all there is: new-api sends both names, one of them 0."""
    counts = [count for name in names if (count := _count(found.get(name))) is not None]
    return next((count for count in counts if count), counts[0] if counts else None)


def _nested(found: dict[str, Any], places: tuple[str, ...], names: tuple[str, ...]) -> int | None:
    for place in places:
        details = found.get(place)
        count = _first(details, names) if isinstance(details, dict) else None
        if count is not None:
            return count
    return None


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return None
    return int(value)


def _cost(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return float(value)
