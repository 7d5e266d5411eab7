"""The end of an answer: why it ended and what it used."""

from typing import Any

from ..counting import count_of
from ..messages import Usage

FILTERED = (
    *("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "CONTENT_FILTER"),
    *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"),
)
FAULTY = (
    *("OTHER", "LANGUAGE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"),
    *("MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE", "IMAGE_OTHER", "NO_IMAGE", "ESCALATION"),
)
REASONS = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "LENGTH": "length",
    "TOOL_CALLS": "tool_calls",
    **dict.fromkeys(FILTERED, "content_filter"),
    **dict.fromkeys(FAULTY, "other"),
}
WORDS = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
UNSAID = "FINISH_REASON_UNSPECIFIED"
BLOCKED = "blockReason "

# Google counts thoughts beside the answer's tokens and what tools read beside the prompt's: totals are sums.
COUNTS = (
    *("promptTokenCount", "toolUsePromptTokenCount", "cachedContentTokenCount"),
    *("candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount"),
)


def reason_of(raw: str, calls: bool = False) -> str:
    """Ours for the upstream's word. Function calls end with STOP; a word that is new is as an error."""
    reason = REASONS.get(raw.upper(), "other")
    return "tool_calls" if reason == "stop" and calls else reason


def word_of(reason: str, raw: str) -> str:
    """The upstream's word, or this format's for our reason where the word is another format's."""
    return raw if raw.isupper() else WORDS.get(reason, "OTHER")


def counted(before: dict[str, int], found: Any) -> dict[str, int]:
    """The counts so far with those of a chunk laid over: they are cumulative, and a chunk may leave some out."""
    if not isinstance(found, dict):
        return before
    new = {name: count for name in COUNTS if (count := count_of(found.get(name))) is not None}
    return before | {name: count for name, count in new.items() if count or name not in before}


def usage_of(counts: dict[str, int]) -> Usage | None:
    """None where nothing is counted. Behind some gateways the thoughts are in the answer's count: the total tells."""
    if not counts:
        return None
    prompt = _sum(counts, "promptTokenCount", "toolUsePromptTokenCount")
    answer, thoughts = counts.get("candidatesTokenCount"), counts.get("thoughtsTokenCount")
    within = answer and thoughts and (prompt or 0) + answer == counts.get("totalTokenCount")
    output = answer if within else _sum(counts, "candidatesTokenCount", "thoughtsTokenCount")
    if output is None and prompt is not None and counts.get("totalTokenCount", 0) > prompt:
        output = counts["totalTokenCount"] - prompt
    usage = Usage(
        input_tokens=prompt,
        output_tokens=output,
        cached_tokens=counts.get("cachedContentTokenCount"),
        reasoning_tokens=thoughts,
    )
    return None if usage == Usage() else usage


def usage_document(usage: Usage) -> dict[str, int]:
    """The usage as the format writes it; what is not known is left out."""
    answer = None if usage.output_tokens is None else max(0, usage.output_tokens - (usage.reasoning_tokens or 0))
    known = {
        "promptTokenCount": usage.input_tokens,
        "candidatesTokenCount": answer,
        "thoughtsTokenCount": usage.reasoning_tokens,
        "cachedContentTokenCount": usage.cached_tokens,
    }
    if usage.input_tokens is not None and usage.output_tokens is not None:
        known["totalTokenCount"] = usage.input_tokens + usage.output_tokens
    return {name: count for name, count in known.items() if count is not None}


def _sum(counts: dict[str, int], *names: str) -> int | None:
    found = [counts[name] for name in names if name in counts]
    return sum(found) if found else None
