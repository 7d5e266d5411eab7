"""Numbers of sources in a text: put among its Markdown events, so that no mark disturbs the Markdown itself.

A number stands where its passage ends, or behind the link, code or picture in which that would be; it never changes a
word of the text.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.utils.translation import gettext as _

from .escape import escape, repair
from .events import Block, Event
from .formulas import MARK, Marked
from .links import after_address

# Numbers wait until the outermost of these has ended.
_WHOLE = frozenset({"Link", "Image", "CodeBlock", "HtmlBlock", "MetadataBlock"})
# What holds text itself: a number may stand at its end, but not behind it.
_HOLDS_TEXT = frozenset({"EndParagraph", "EndHeading", "EndItem", "EndTableCell", "EndFootnoteDefinition"})
CITE = "Cite"


@dataclass(frozen=True, slots=True)
class Cite:
    """`at` counts characters of the text; the number leads to the source of that number, named by `title`."""

    at: int
    number: int
    target: str
    title: str = ""


def link(cite: Cite) -> str:
    label = escape(_("Source %(number)s") % {"number": cite.number})
    named = f' title="{escape(cite.title)}"' if cite.title else ""
    return f'<a class="cite" href="#{escape(cite.target)}" aria-label="{label}"{named}>{cite.number}</a>'


def repaired(cites: tuple[Cite, ...], text: str) -> tuple[Cite, ...]:
    """The numbers of a text as the repaired text counts their places."""
    if not cites or repair(text) == text:
        return cites
    return tuple(replace(cite, at=len(repair(text[: cite.at]))) for cite in cites)


def place(cites: tuple[Cite, ...], marked: Marked, blocks: list[Block]) -> None:
    """Puts an event for each citation into the blocks of a repaired text."""
    waiting = sorted(_in_bytes(cites, marked), key=lambda pair: (pair[0], pair[1].number), reverse=True)
    for block, following in zip_longest(blocks, blocks[1:]):
        mine = []
        while waiting and (following is None or waiting[-1][0] <= following.start):
            at, cite = waiting.pop()
            mine.append((min(at, block.end), cite))
        if mine:
            block.events = _Placing(mine).through(block)


def _in_bytes(cites: tuple[Cite, ...], marked: Marked) -> list[tuple[int, Cite]]:
    """Each citation with its place in bytes of the marked text; one inside a formula comes behind it."""
    pieces = list(_pieces(marked))
    starts = [piece[0] for piece in pieces]
    found = []
    for cite in cites:
        source, begin, plain, end = pieces[bisect_right(starts, cite.at) - 1]
        inside = begin if cite.at == source else end
        found.append((inside if plain is None else begin + len(plain[: cite.at - source].encode()), cite))
    return found


def _pieces(marked: Marked) -> Iterator[tuple[int, int, str | None, int]]:
    """Plain text and formulas in turn: first character of the source, first byte, the text if plain, last byte."""
    source = done = at = 0
    for match in MARK.finditer(marked.text):
        plain, formula = marked.text[at : match.start()], marked.formula(match).source
        size, mark = len(plain.encode()), len(match[0].encode())
        yield source, done, plain, done + size
        source, done, at = source + len(plain), done + size, match.end()
        if formula:
            yield source, done, None, done + mark
        source, done = source + len(formula), done + mark
    yield source, done, marked.text[at:], len(marked.text.encode())


class _Placing:
    """One block's events with its citations between them."""

    def __init__(self, waiting: list[tuple[int, Cite]]):
        self.waiting = waiting[::-1]
        self.out: list[Event] = []
        self.inside: list[str] = []

    def through(self, block: Block) -> list[Event]:
        for event in block.events:
            self._take(event)
        if self.waiting:
            self._leave(block.end)
        return self.out

    def _leave(self, end: int) -> None:
        """What found no text to stand in comes last: in the block's last line, or below the block."""
        place = max((place for place, event in enumerate(self.out) if event[0] in _HOLDS_TEXT), default=-1)
        tail = self.out[place:] if place >= 0 else [("EndParagraph", None, end, end, -1)]
        self.out = self.out[:place] if place >= 0 else [*self.out, ("StartParagraph", None, end, end, 1)]
        self._emit(end)
        self.out += tail

    def _take(self, event: Event) -> None:
        name, _value, start, end, step = event
        kind = name.removeprefix("Start").removeprefix("End")
        if self.inside:
            self._whole(event, kind)
        elif step > 0 and kind in _WHOLE:
            self._emit(start)
            self.inside.append(kind)
            self.out.append(event)
        elif name == "Text":
            self._text(event)
        elif step < 0 and name in _HOLDS_TEXT:
            self._emit(end)
            self.out.append(event)
        elif step:
            self.out.append(event)
        else:
            self._emit(start)
            self.out.append(event)
            if name in ("Code", "InlineHtml", "FootnoteReference"):
                self._emit(end)

    def _whole(self, event: Event, kind: str) -> None:
        """Inside a link or code: passed on as it is, and the numbers follow its end where text may stand."""
        self.out.append(event)
        if kind in _WHOLE:
            self.inside.append(kind) if event[4] > 0 else self.inside.pop()
        if not self.inside and kind in ("Link", "Image"):
            self._emit(event[3])

    def _text(self, event: Event) -> None:
        """Cut where numbers stand; a text with escapes or entities, whose source is longer, is not cut."""
        _name, value, start, end, _step = event
        data = value.encode()
        self._emit(start)
        while self.waiting and self.waiting[-1][0] < end and len(data) == end - start:
            cut = self.waiting[-1][0]
            text, head = data.decode(), data[: cut - start].decode("utf-8", "ignore")
            head = text[: after_address(text, len(head))]
            cut = start + len(head.encode())
            self._put_text(head, start, cut)
            data, start = data[cut - start :], cut
            self._emit(cut)
        self._put_text(data.decode(), start, end)
        self._emit(end)

    def _put_text(self, text: str, start: int, end: int) -> None:
        if text:
            self.out.append(("Text", text, start, end, 0))

    def _emit(self, upto: int) -> None:
        while self.waiting and self.waiting[-1][0] <= upto:
            at, cite = self.waiting.pop()
            self.out.append((CITE, cite, at, at, 0))
