"""Markdown parsed: events by flat names, and the top-level blocks of a text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyromark
from pyromark import Options

from .raw_html import opened_details

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS

_STEPS = {"Start": 1, "End": -1}

# Name ("Text", "StartList", …), value, first and last byte in the source, and 1 for a start, -1 for an end, else 0.
Event = tuple[str, Any, int, int, int]
Definitions = dict[str, tuple[str, str]]  # a reference in lower case → address and title


@dataclass(slots=True)
class Block:
    """One top-level block: its bytes in the source, its events, and whether a <details> in it is still open."""

    start: int
    end: int
    events: list[Event]
    is_open: bool = False


def blocks(markdown: str, definitions: Definitions) -> list[Block]:
    """The top-level blocks in order; what a <details> of the text encloses is one block with it."""
    found: list[Block] = []
    depth = details = 0
    html = ""
    for event in _events(markdown, definitions):
        if depth == 0:
            if details <= 0:
                found.append(Block(event[2], event[3], []))
            found[-1].end = max(event[3], found[-1].end)
        found[-1].events.append(event)
        depth += event[4]
        if event[0] == "Html":
            html += event[1]
        elif event[0] in ("InlineHtml", "EndHtmlBlock"):
            details = max(details + opened_details(event[1] or html), 0)
            html = ""
    if details:
        found[-1].is_open = True
    return found


def definitions_in(markdown: str) -> Definitions:
    """The addresses that a text gives to its references, as in `[name]: https://…`."""
    if "]:" not in markdown:
        return {}
    found = pyromark.reference_definitions(markdown, options=_OPTIONS)
    return {name.casefold(): (link["dest"], link["title"] or "") for name, link in found.items()}


def _events(markdown: str, definitions: Definitions) -> Iterator[Event]:
    """The parser's events with flat names: `{"Start": {"List": 3}}` is `("StartList", 3, …)`."""
    parsed = pyromark.events_with_range(
        markdown, options=_OPTIONS, merge_text=True, broken_link_callback=_resolver(definitions)
    )
    for event, span in parsed:
        if type(event) is str:
            yield event, None, span["start"], span["end"], 0
            continue
        ((name, value),) = event.items()
        step = _STEPS.get(name, 0)
        if step:
            tag, value = (value, None) if type(value) is str else next(iter(value.items()))
            name += tag
        yield name, value, span["start"], span["end"], step


def _resolver(definitions: Definitions) -> Callable[[Any], tuple[str, str] | None] | None:
    if not definitions:
        return None
    return lambda link: definitions.get(link["reference"].casefold())
