"""Tokens as the audio endpoints write them."""

from typing import Any

from ..messages import Usage


def tokens_document(usage: Usage) -> dict[str, Any] | None:
    """None where nothing was counted."""
    counts = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
    told = {name: count for name, count in counts.items() if count is not None}
    return {"type": "tokens", **told, "total_tokens": sum(told.values())} if told else None
