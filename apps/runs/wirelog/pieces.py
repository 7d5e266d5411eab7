"""A reply's raw bytes cut into its events, none of them lost; and what each event is called."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from apps.wire.sse import ServerSentEvent

# Atomic: "\r\n" is one end of a line, and must not be tried as two.
_BLANK_LINES = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)+")
_FIELD = re.compile(rb"^\s*(data|event|id|retry|)\s*:")
UNNAMED = ("", "message")


def is_stream(content_type: str, reply: bytes) -> bool:
    """The declared type is often wrong: the first bytes tell."""
    start = reply[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(_FIELD.match(start)) or ("event-stream" in content_type and start[:1] not in b"{<[")


def cut(reply: bytes) -> list[tuple[int, int]]:
    """Where each event begins and ends, its blank line included."""
    spans, start = [], 0
    for blank in _BLANK_LINES.finditer(reply):
        if reply[start : blank.start()].strip():
            spans.append((start, blank.end()))
            start = blank.end()
    if reply[start:].strip() or not spans:
        spans.append((start, len(reply)))
    return spans


def document(event: ServerSentEvent) -> Any:
    """The event's JSON; None for anything else."""
    try:
        return msgspec.json.decode(event.data)
    except (ValueError, RecursionError):
        return None


def name_of(found: Sequence[ServerSentEvent]) -> str:
    """What a reader would call it: the name it came with, its JSON's type, or what its JSON brings."""
    if not found:
        return "comment"
    first = found[0]
    if first.event not in UNNAMED:
        return first.event
    if first.data.strip() == b"[DONE]":
        return "[DONE]"
    content = document(first)
    return _content_name(content) if isinstance(content, dict) else "data"


def _content_name(content: dict) -> str:
    if isinstance(content.get("type"), str):
        return content["type"]
    if content.get("error"):
        return "error"
    if isinstance(content.get("choices"), list):
        return _chat_name(content)
    if isinstance(content.get("candidates"), list):
        return _gemini_name(content)
    known = ("usage", "usageMetadata", "promptFeedback", "object")
    return next((name for name in known if content.get(name)), "data")


def _chat_name(content: dict) -> str:
    choice = _first(content["choices"])
    delta = choice.get("delta") or choice.get("message")
    told = [key for key, value in delta.items() if value and key != "role"] if isinstance(delta, dict) else []
    if told:
        return f"delta.{told[0]}"
    if choice.get("finish_reason"):
        return "finish_reason"
    if isinstance(delta, dict) and delta.get("role"):
        return "delta.role"
    return "usage" if content.get("usage") else "chunk"


def _gemini_name(content: dict) -> str:
    candidate = _first(content["candidates"])
    body = candidate.get("content")
    part = _first(body.get("parts")) if isinstance(body, dict) else {}
    if part.get("thought") is True:
        return "thought"
    named = next((key for key, value in part.items() if value and key != "thoughtSignature"), "")
    return named or ("finishReason" if candidate.get("finishReason") else "candidates")


def _first(items: Any) -> dict:
    return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}


def brief(found: Sequence[ServerSentEvent], limit: int = 90) -> str:
    """The words that an event brings, or the beginning of its data."""
    if not found:
        return ""
    words = _words(document(found[0]))
    if words:
        return f"“{words[:limit]}”"
    return " ".join(found[0].data[: limit * 4].decode("utf-8", "replace").split())[:limit]


_SPOKEN = ("content", "text", "reasoning_content", "reasoning", "thinking", "refusal", "partial_json", "arguments")
_ENDINGS = ("finish_reason", "finishReason", "stop_reason")
_WITHIN = ("delta", "choices", "candidates", "content", "parts", "tool_calls", "function", "error", "message")


def _words(value: Any, depth: int = 0) -> str:
    if isinstance(value, list):
        value = _first(value)
    if not isinstance(value, dict) or depth > 6:
        return ""
    for key in (*_SPOKEN, *_ENDINGS):
        if isinstance(value.get(key), str) and value[key]:
            return value[key]
    for key in _WITHIN:
        within = value.get(key)
        if key in ("delta", "message") and isinstance(within, str) and within:
            return within
        if words := _words(within, depth + 1):
            return words
    return ""
