"""Reads the frames of an exchange again, as a browser would apply them, and holds each against the text that was sent.

`Reading` says when how many tokens were on the page; a frame that shows anything but a beginning of the text raises
`Wrong`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import orjson

from apps.conversations.render import Stream, render
from tests.bench.upstream import pieces_of
from tests.bench.users import Exchange

PARTIAL = re.compile(r'<hx-partial hx-target="#([\w-]+)" hx-swap="(\w+)">(.*?)</hx-partial>', re.DOTALL)
OPEN = re.compile(r'<div class="prose__open" id="o-[\w-]+">(.*)</div>', re.DOTALL)
PART = re.compile(r'<div class="prose" id="p-[\w-]+">(.*)</div>', re.DOTALL)
SAME = "0" * 36


class Wrong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Reading:
    """(arrival, tokens on the page) each time that the number grew; `frames` counts all that carried text."""

    steps: list[tuple[float, int]]
    frames: int


def read_relay(exchange: Exchange, count: int) -> Reading:
    ends, total = {}, 0
    for number, piece in enumerate(pieces_of(count), 1):
        total += len(piece)
        ends[total] = number
    steps, shown = [], 0
    text = "".join(pieces_of(count))
    for arrival, frame in exchange.frames:
        if piece := orjson.loads(frame).get("c"):
            if not text.startswith(piece, shown):
                raise Wrong(f"at {shown}: {piece!r}")
            shown += len(piece)
            steps.append((arrival, ends[shown]))
    if shown != total:
        raise Wrong(f"{shown} of {total} characters came")
    return Reading(steps, len(steps))


@lru_cache(maxsize=4)
def states(count: int) -> dict[str, int]:
    """The HTML of the page after each token, by our own renderer: what a reader may see at any moment."""
    stream, seen = Stream(f"{SAME}-0"), {"": 0}
    for number, piece in enumerate(pieces_of(count), 1):
        stream.feed(piece)
        seen[("".join(stream.sealed) + stream.open_html()).strip()] = number
    seen["".join(render(stream.text, f"{SAME}-0")).strip()] = count
    return seen


class Page:
    """The one text part of an answer, as far as frames have built it."""

    def __init__(self, answer: str):
        self.answer = answer
        self.sealed = self.open = ""

    @property
    def html(self) -> str:
        return self.sealed + self.open

    def apply(self, frame: str) -> bool:
        """Applies what concerns the answer's body; False if nothing did."""
        before = self.html
        for target, swap, html in PARTIAL.findall(frame):
            if target in (f"body-{self.answer}", f"p-{self.answer}-0"):
                self._whole(html)
            elif target == f"o-{self.answer}-0" and swap == "beforebegin":
                self.sealed += html
            elif target == f"o-{self.answer}-0":
                self.open = html
            elif target == f"m-{self.answer}":
                self._ended(html)
        return self.html != before

    def _whole(self, html: str) -> None:
        part = PART.search(html)
        inside = part[1] if part else ""
        found = OPEN.search(inside)
        self.sealed, self.open = (inside[: found.start()], found[1]) if found else (inside, "")

    def _ended(self, html: str) -> None:
        """The finished turn: its body ends where the template closes it before the sources."""
        body = html.partition(f'id="body-{self.answer}">')[2].partition('<div class="turn__sources"')[0]
        self._whole(body.rstrip().removesuffix("</div>"))


def read_page(exchange: Exchange, count: int) -> Reading:
    page, known, steps, shown, frames = Page(exchange.answer), states(count), [], 0, 0
    for arrival, frame in exchange.frames:
        if not page.apply(frame.decode()):
            continue
        frames += 1
        tokens = known.get(page.html.replace(exchange.answer, SAME).strip())
        if tokens is None or tokens < shown:
            raise Wrong(f"after {shown} tokens the page shows {page.html[-300:]!r}")
        if tokens > shown:
            steps.append((arrival, tokens))
        shown = tokens
    if shown != count:
        raise Wrong(f"{shown} of {count} tokens came")
    return Reading(steps, frames)
