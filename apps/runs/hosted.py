"""A tool that the upstream ran itself, in the reader's words: what it does, then what it did."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.conversations.render.escape import fit
from apps.wire.findings import found_by
from apps.wire.messages import HostedTool, Part

from .cards import pretty

SHOWN = 200
MOST_FOUND = 20_000
_ASKED = ("query", "queries", "q", "url", "urls", "pattern", "input", "code", "prompt")


def state(part: HostedTool) -> str:
    return {"completed": "ok", "failed": "error"}.get(part.status, "running")


def settled(parts: Sequence[Part], *, well: bool, paused: bool) -> list[Part]:
    """The parts of an answer that has ended: with it has ended what the upstream ran, unless that only pauses."""
    if paused:
        return list(parts)
    status = "completed" if well else "failed"
    return [msgspec.structs.replace(part, status=status) if _is_running(part) else part for part in parts]


def _is_running(part: Part) -> bool:
    return isinstance(part, HostedTool) and state(part) == "running"


def found(part: HostedTool) -> str:
    """What it gave, cut where it is long; a search's sources are listed elsewhere."""
    if part.name == "web_search":
        return ""
    text = pretty(found_by(part))
    return text if len(text) <= MOST_FOUND else f"{text[:MOST_FOUND]}…"


def sentence(part: HostedTool) -> str:
    """One line, such as `Searched: weather in Oslo`."""
    asked = "; ".join(_asked(part.arguments))
    words = {"name": fit(part.name)[:80] or _("a tool"), "asked": fit(" ".join(asked.split()))[:SHOWN]}
    kind = "search" if part.name == "web_search" else "other"
    return _templates(bool(asked))[kind, state(part)].format(**words)


def _templates(with_words: bool) -> dict[tuple[str, str], str]:
    if with_words:
        return {
            ("search", "running"): _("Searching the web: {asked}"),
            ("search", "ok"): _("Searched the web: {asked}"),
            ("search", "error"): _("The web search failed: {asked}"),
            ("other", "running"): _("Running {name} at the upstream: {asked}"),
            ("other", "ok"): _("Ran {name} at the upstream: {asked}"),
            ("other", "error"): _("{name} failed at the upstream: {asked}"),
        }
    return {
        ("search", "running"): _("Searching the web…"),
        ("search", "ok"): _("Searched the web"),
        ("search", "error"): _("The web search failed"),
        ("other", "running"): _("Running {name} at the upstream…"),
        ("other", "ok"): _("Ran {name} at the upstream"),
        ("other", "error"): _("{name} failed at the upstream"),
    }


def _asked(arguments: str) -> Iterator[str]:
    """What it was asked: out of JSON that may still be growing, then nothing."""
    try:
        told = json.loads(arguments)
    except (ValueError, RecursionError):
        return
    for name in _ASKED if isinstance(told, dict) else ():
        if found := list(_texts(told.get(name))):
            yield from found
            return


def _texts(value: Any) -> Iterator[str]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text.strip():
            yield text.strip()
