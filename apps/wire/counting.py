"""Tokens as upstreams count them."""

from typing import Any

from .messages import Usage

FIRST_OF = {
    "input_tokens": ("prompt_tokens", "input_tokens"),
    "output_tokens": ("completion_tokens", "output_tokens"),
}
CACHED = ("prompt_cache_hit_tokens", "cached_tokens")
INPUT_DETAILS = ("prompt_tokens_details", "input_tokens_details")
CACHE_WRITES = ("cache_write_tokens", "cached_creation_tokens", "cache_creation_tokens")
CACHE_WRITES_BESIDE = ("cache_creation_input_tokens", "cached_creation_tokens")


def usage_of(found: Any) -> Usage | None:
    """As OpenAI's formats have it, DeepSeek (cache hits), new-api, LiteLLM and OpenRouter (cache writes, cost).

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


def count_of(value: Any) -> int | None:
    """The count, None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return None
    return int(value)


def _first(found: dict[str, Any], names: tuple[str, ...]) -> int | None:
    """The first count that is not zero, or zero if that is all there is: new-api sends both names, one of them 0."""
    counts = [count for name in names if (count := count_of(found.get(name))) is not None]
    return next((count for count in counts if count), counts[0] if counts else None)


def _nested(found: dict[str, Any], places: tuple[str, ...], names: tuple[str, ...]) -> int | None:
    for place in places:
        details = found.get(place)
        count = _first(details, names) if isinstance(details, dict) else None
        if count is not None:
            return count
    return None


def _cost(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return float(value)
