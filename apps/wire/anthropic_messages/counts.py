"""The end of an answer: why it ended and what it used."""

from collections.abc import Mapping
from typing import Any

from ..counting import count_of
from ..messages import Usage

WORDS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
    "pause_turn": "paused",
}
REASONS = WORDS | {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "safety": "content_filter",
}
OURS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
    "paused": "pause_turn",
}
HOUR = "ephemeral_1h_input_tokens"  # within `cache_creation`: what of it is kept for an hour
COUNTS = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    HOUR,
    "output_tokens",
    "output_tokens_details",
    "cost",
)
REQUIRED = ("input_tokens", "output_tokens")
LEAKED = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}


def reason_of(raw: str) -> str:
    """Ours for the upstream's word, OpenAI's words included: converters leak them. An unknown one counts as stop."""
    return REASONS.get(raw.lower(), "stop")


def word_of(reason: str, raw: str) -> str:
    """The format's word: the upstream's own where it was of this format."""
    return raw if raw in WORDS else OURS.get(reason, "end_turn")


def merge_counts(counted: dict[str, Any], found: Mapping[str, Any], started: bool = False) -> None:
    """Lays a usage object over those before: they are cumulative. A zero takes nothing back: converters send them.

    In `message_start` (`started`) the output is a stub, and an input of zero says only that it is not known yet.
    """
    kept = found.get("cache_creation")
    found = {**found, HOUR: kept.get(HOUR)} if isinstance(kept, dict) else found
    for name, ours in (*((name, name) for name in COUNTS), *LEAKED.items()):
        value = found.get(name)
        if value and not (started and ours == "output_tokens"):
            counted[ours] = value
        elif value == 0 and not (started and ours in REQUIRED):
            counted.setdefault(ours, value)


def usage_of(counted: Mapping[str, Any]) -> Usage | None:
    """Usage with all of the input: the wire's `input_tokens` leaves out what was read from or written to a cache."""
    plain, output = count_of(counted.get("input_tokens")), count_of(counted.get("output_tokens"))
    read, written = (count_of(counted.get(f"cache_{what}_input_tokens")) for what in ("read", "creation"))
    details, cost = counted.get("output_tokens_details"), counted.get("cost")
    thinking = count_of(details.get("thinking_tokens")) if isinstance(details, dict) else None
    known = [count for count in (plain, read, written) if count is not None]
    if not any((*known, output, thinking)):
        return None
    return Usage(
        input_tokens=sum(known) if known else None,
        output_tokens=output,
        cached_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=thinking,
        cost=float(cost) if isinstance(cost, int | float) and 0 <= cost < 1e9 else None,
        hour_write_tokens=count_of(counted.get(HOUR)) or None,
    )


def usage_document(usage: Usage | None) -> dict[str, Any]:
    """The usage object; the counts that the format requires are 0 where they are not known."""
    if usage is None:
        return {"input_tokens": 0, "output_tokens": 0}
    document: dict[str, Any] = {"output_tokens": usage.output_tokens or 0}
    if usage.input_tokens is not None:
        apart = (usage.cached_tokens or 0) + (usage.cache_write_tokens or 0)
        document["input_tokens"] = max(0, usage.input_tokens - apart)
    if usage.cached_tokens is not None:
        document["cache_read_input_tokens"] = usage.cached_tokens
    if usage.cache_write_tokens is not None:
        document["cache_creation_input_tokens"] = usage.cache_write_tokens
    if usage.hour_write_tokens:
        rest = max(0, (usage.cache_write_tokens or 0) - usage.hour_write_tokens)
        document["cache_creation"] = {"ephemeral_5m_input_tokens": rest, HOUR: usage.hour_write_tokens}
    if usage.reasoning_tokens is not None:
        document["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    if usage.cost is not None:
        document["cost"] = usage.cost
    return document
