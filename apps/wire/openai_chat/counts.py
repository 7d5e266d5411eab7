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


def reason_of(raw: str) -> str:
    """Ours for the upstream's word. An unknown one counts as stop, its own word is kept beside it."""
    return REASONS.get(raw.lower(), "stop")


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
