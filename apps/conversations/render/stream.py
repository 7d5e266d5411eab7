"""A text that grows: its finished blocks are rendered once, only its end again and again."""

from dataclasses import replace

from . import code, long
from .blocks import parse, render, write
from .citations import Cite, place
from .escape import repair
from .events import Block, Definitions, blocks, definitions_in
from .formulas import Marked, mark, unfinished
from .heal import heal
from .notes import Notes

# An open block that is long is looked at again when it has grown by one part in so many.
LAG = 64
HUGE, HUGE_LAG = 100_000, 8
_GATHER = 256
_ENDED_BY_BLANK = frozenset({"StartParagraph", "StartHeading", "StartTable", "Rule"})


class Stream:
    """Markdown that arrives in pieces; `prefix` sets the ids of its footnotes apart from those of other texts.

    `cites` are numbers whose places count characters of `text`; more of them may come: see `cited`.

    Feeding only keeps the text, rendering happens when `sealed` or `open_html` is asked for. `sealed` only ever grows.
    A block is sealed when the next one has begun in a complete line. An open block that becomes very long is sealed in
    parts; then, and where a reference or a note was defined after its use, `settled` turns false in the end.
    """

    def __init__(self, prefix: str = "", cites: tuple[Cite, ...] = ()) -> None:
        self._prefix = prefix
        self._cites = cites
        self._waiting = cites  # those whose block is not sealed
        self._at = 0  # how many characters are in the sealed blocks
        self._new: list[str] = []
        self._held = ""  # half of a character, or a CR whose LF may follow
        self._done: list[str] = []  # the source of the sealed blocks
        self._tail = ""  # the source after them
        self._looked_at = 0  # how much of the tail sealing has seen
        self._lead = ""  # the fence of a code block whose first lines are sealed
        self._sealed: list[str] = []
        self._notes = Notes(prefix, guess=True)
        self._definitions: Definitions = {}
        self._shown = ("", 0)  # the open HTML and the length of the tail that it shows
        self._final: tuple[int, list[str]] = (-1, [])

    def feed(self, text: str) -> None:
        """Takes the next piece, cut anywhere."""
        text = self._held + text
        is_half = text[-1:] == "\r" or "\ud800" <= text[-1:] <= "\udbff"
        self._held = text[-1:] if is_half else ""
        self._new.append(repair(text[:-1] if is_half else text))
        if len(self._new) > _GATHER:
            self._gather()

    def cited(self, cites: tuple[Cite, ...]) -> "Stream":
        """The stream with all numbers that are known by now: itself, or another where a sealed block gets some."""
        new = [cite for cite in cites if cite not in self._cites]
        if all(cite.at > self._at for cite in new):
            self._cites = cites
            self._waiting += tuple(new)
            self._shown = ("", 0)
            return self
        other = Stream(self._prefix, cites)
        self._gather()
        other._new, other._held = ["".join(self._done) + self._tail], self._held
        return other

    @property
    def text(self) -> str:
        """The whole text so far, line ends as LF."""
        self._gather()
        return "".join(self._done) + self._tail + repair(self._held)

    @property
    def sealed(self) -> list[str]:
        """HTML of the finished blocks; only to be read."""
        self._seal()
        return self._sealed

    def open_html(self) -> str:
        """HTML of what is not sealed yet, as it would look if its last line were complete."""
        self._seal()
        html, length = self._shown
        if not length or len(self._tail) - length > self._patience(len(self._tail)):
            html = self._render_open()
            self._shown = (html, len(self._tail))
        return html

    def finish(self) -> list[str]:
        """HTML of all blocks of the whole text: what `render` gives."""
        text = self.text
        if self._final[0] != len(text):
            self._final = (len(text), render(text, self._prefix, self._cites))
        return self._final[1]

    def settled(self) -> bool:
        """Whether the sealed blocks are the first of `finish()`, so that a reader of them needs only those after."""
        sealed = self.sealed
        return self.finish()[: len(sealed)] == sealed

    def _gather(self) -> None:
        if self._new:
            self._tail += "".join(self._new)
            self._new.clear()

    def _patience(self, length: int) -> int:
        """How many characters more make it worth to look at a tail again."""
        return 0 if length <= long.LONG else length // (LAG if length <= HUGE else HUGE_LAG)

    def _seal(self) -> None:
        self._gather()
        lines = self._tail.rfind("\n") + 1
        if lines - self._looked_at <= self._patience(lines):
            return
        self._looked_at = lines
        marked, found = parse(self._lead + self._tail[:lines], self._definitions)
        ready = _finished(marked, found)
        if ready:
            after = found[len(ready)].start if len(ready) < len(found) else len(marked.text.encode())
            end = _line_start(marked, after, ready[-1].end)
            source = marked.restore(marked.text[:end])[len(self._lead) :]
            html = self._write(marked, ready, self._notes, cites=self._due(len(source)))
            self._take(html, source, "")
        elif len(found) == 1 and lines > long.LONG:
            self._seal_part(marked, found[0], self._tail[:lines])

    def _seal_part(self, marked: Marked, block: Block, lines: str) -> None:
        part = long.split(marked, block, self._lead)
        if part is None:
            return
        source = lines[: len(marked.restore(marked.text[: part.end])) - len(self._lead)]
        html = part.html or "".join(self._write(marked, [part.block], self._notes, cites=self._due(len(source))))
        self._take([html], source, part.lead)

    def _take(self, html: list[str], source: str, lead: str) -> None:
        """Moves the first part of the tail to what is done."""
        self._sealed += html
        self._done.append(source)
        self._definitions = definitions_in(source) | self._definitions
        self._tail = self._tail[len(source) :]
        self._looked_at -= len(source)
        self._at += len(source)
        self._lead = lead
        self._shown = ("", 0)

    def _render_open(self) -> str:
        marked = mark(self._lead + self._tail)
        if self._lead or "```" in marked.text or "~~~" in marked.text:
            found = blocks(marked.text, self._definitions)
            size = len(marked.text.encode())
            if long.ends_in_code(marked, found, size):
                return "".join(self._write(marked, found, self._notes.copy(), size, self._waiting))
        waiting, start = "", unfinished(marked.text)
        if start >= 0:
            waiting = code.source(marked.restore(marked.text[start:]))
        marked.text = marked.text[:start] if waiting else heal(marked.text)
        found = blocks(marked.text, self._definitions)
        return "".join(self._write(marked, found, self._notes.copy(), cites=self._waiting)) + waiting

    def _due(self, length: int) -> tuple[Cite, ...]:
        """The numbers that stand in the next so many characters; they wait no more."""
        due = tuple(cite for cite in self._waiting if cite.at <= self._at + length)
        if due:
            self._waiting = tuple(cite for cite in self._waiting if cite not in due)
        return due

    def _write(
        self, marked: Marked, found: list[Block], notes: Notes, open_at: int = -1, cites: tuple[Cite, ...] = ()
    ) -> list[str]:
        """HTML of blocks of the tail; the first may be the rest of a code block, and numbers in it stand below."""
        begun = long.rest(marked, found[0]) if self._lead and found else ""
        if begun:
            found = [Block(found[0].start, found[0].end, []), *found[1:]]
        if cites:
            shift = len(self._lead) - self._at
            place(tuple(replace(cite, at=max(cite.at + shift, 1)) for cite in cites), marked, found)
        html = write(marked, found, notes, open_at)
        return [begun + html[0], *html[1:]] if begun else html


def _finished(marked: Marked, found: list[Block]) -> list[Block]:
    """The blocks that no further line can change: those before the last, unless a formula may join them to it, and the
    last too if it ends at a blank line.
    """
    if found and found[-1].events[0][0] in _ENDED_BY_BLANK and not found[-1].is_open:
        data = marked.text.encode()
        rest = data[len(data.rstrip()) :]
        if rest.count(b"\n") > 1 and not data[found[-1].end :].strip():
            return found
    start = unfinished(marked.text)
    if start < 0:
        return found[:-1]
    limit = len(marked.text[:start].encode())
    return [block for block in found[:-1] if block.end <= limit]


def _line_start(marked: Marked, start: int, end: int) -> int:
    """The character at which the line of byte `start` begins, but not before byte `end`."""
    data = marked.text.encode()
    return len(data[: max(data.rfind(b"\n", 0, start) + 1, end)].decode())
