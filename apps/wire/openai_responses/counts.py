"""The end of an answer: why it ended and what it used."""

from typing import Any

from ..events import Finished
from ..messages import Usage

UNDER_WAY = ("queued", "in_progress")
INCOMPLETE = {"max_output_tokens": "length", "max_tokens": "length", "content_filter": "content_filter"}
TERMINAL = ("completed", "incomplete", "failed", "cancelled")


def finished(response: dict[str, Any], status: str, called: bool) -> Finished:
    """How it ended. An incomplete answer is no error: its details say what cut it."""
    if status == "completed":
        return Finished(reason="tool_calls" if called else "stop", raw="completed")
    if status == "incomplete":
        details = response.get("incomplete_details")
        reason = details.get("reason") if type(details) is dict else None
        raw = reason if type(reason) is str and reason else "incomplete"
        return Finished(reason=INCOMPLETE.get(raw, "other"), raw=raw)
    return Finished(reason="other", raw=status)


def ending_of(finished: Finished) -> tuple[str, dict[str, Any] | None]:
    """Status and incomplete_details that say the same."""
    if finished.reason in ("length", "content_filter"):
        named = next(raw for raw, reason in INCOMPLETE.items() if reason == finished.reason)
        return "incomplete", {"reason": finished.raw if INCOMPLETE.get(finished.raw) == finished.reason else named}
    if finished.reason != "other":
        return "completed", None
    if finished.raw in TERMINAL:
        return finished.raw, None
    return "incomplete", {"reason": finished.raw or "other"}


def usage_document(usage: Usage) -> dict[str, Any]:
    """The usage object as the format writes it: all counts are named, those that nobody knows are null."""
    document: dict[str, Any] = {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {
            "cached_tokens": usage.cached_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": (usage.input_tokens or 0) + (usage.output_tokens or 0),
    }
    return document if usage.cost is None else document | {"cost": usage.cost}
