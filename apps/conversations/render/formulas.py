"""Formulas in the source: found before Markdown is parsed, for Markdown would read `_`, `*` and `\\[` as its own.

Each one gives its place to a mark (a number between two noncharacters), which Markdown carries along as text. Where a
mark turns up in code or in an address it was no formula, and its source is put back. A formula over several lines
leaves one mark a line, so that the lines stay as they were. Nothing reaches over a blank line, so that a text may be
cut between two blocks and gives the same marks.
"""

import re
from dataclasses import dataclass, field

OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{OPEN}([0-9]{{1,9}}){CLOSE}")
LINES = 200  # of one formula
_INLINE = 2_000  # characters of one within a line

_PREFIX = r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?"
_START = re.compile(
    r"""
    (?<![`\\])(?P<code>`{1,8})(?!`)[^\n]*?(?<!`)(?P=code)(?!`)
  | ^(?P<prefix>PREFIX)(?P<line>\\\[|\$\$)
  | (?<!\\)(?P<open>\\[(\[]|\$\$)
  | (?<![\\$A-Za-z0-9])\$(?P<dollar>(?![\s$])(?:[^\n$\\]|\\[^\n]){0,1000}?(?<!\s))\$(?![A-Za-z0-9$])
""".replace("PREFIX", _PREFIX),
    re.VERBOSE | re.MULTILINE,
)
_CLOSER = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_PARAGRAPH_END = re.compile(r"\n[ \t>]*(?:\n|```|~~~)|\Z")
_STARTED = re.compile(rf"^{_PREFIX}(?:\$\$|\\\[)", re.MULTILINE)
_NO_FORMULA_OVER = re.compile(r"\n[ \t>]*(?:(?=\n)|```|~~~)")
_STRONG = re.compile(r"(?<![*\\])\*\*(?=[^\s*])[^*\n]+(?<=[^\s*])\*\*(?!\*)")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Formula:
    """What a mark stands for. The lines after the first of a long formula hold no TeX, only their source."""

    source: str
    tex: str = ""
    display: bool = False


@dataclass(slots=True)
class Marked:
    """Markdown with marks in the place of its formulas."""

    text: str
    formulas: list[Formula] = field(default_factory=list)

    def formula(self, mark: re.Match[str]) -> Formula:
        """What a mark stands for; one that a stranger wrote as an entity may stand for nothing."""
        number = int(mark[1])
        return self.formulas[number] if number < len(self.formulas) else Formula("\ufffd")

    def restore(self, text: str) -> str:
        """The text with the source in the place of each mark."""
        return MARK.sub(lambda mark: self.formula(mark).source, text) if OPEN in text else text

    def put(self, formula: Formula) -> str:
        self.formulas.append(formula)
        return f"{OPEN}{len(self.formulas) - 1}{CLOSE}"


class _Next:
    """The next place of something after a position; asked in rising order it reads a text once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, int] = {}

    def find(self, what: str, after: int) -> int:
        if self._found.get(what, -1) < after:
            at = self._text.find(what, after)
            self._found[what] = len(self._text) if at < 0 else at
        return self._found[what]

    def paragraph_end(self, after: int) -> int:
        if self._found.get("", -1) < after:
            match = _PARAGRAPH_END.search(self._text, after)
            self._found[""] = match.start() if match else len(self._text)
        return self._found[""]


def mark(text: str) -> Marked:
    """The text with its formulas marked; marks that a stranger wrote become U+FFFD."""
    text = text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    marked = Marked(text)
    if "$" in text or "\\(" in text or "\\[" in text:
        marked.text = _mark_formulas(text, marked)
    if "**" in text and not text.isascii():
        marked.text = _STRONG.sub(lambda match: _parted(match[0], marked), marked.text)
    return marked


def unfinished(text: str) -> int:
    """Where the line begins on which a formula over lines starts that may still be closed; -1 if there is none."""
    if "$$" not in text and "\\[" not in text:
        return -1
    ended = max((match.end() for match in _NO_FORMULA_OVER.finditer(text)), default=0)
    started = _STARTED.search(text, ended)
    return -1 if started is None or text.count("\n", started.start()) > LINES else started.start()


def _mark_formulas(text: str, marked: Marked) -> str:
    out, end, at, ahead = [], 0, 0, _Next(text)
    while match := _START.search(text, at):
        at = match.end()
        found = None if match["code"] else _formula(text, match, marked, ahead)
        if found:
            stop, marks = found
            out += [text[end : match.start()], marks]
            end = at = stop
    return "".join(out) + text[end:]


def _formula(text: str, match: re.Match[str], marked: Marked, ahead: _Next) -> tuple[int, str] | None:
    """Where the formula that starts here ends and the marks for it."""
    if match["dollar"] is not None:
        return None if _is_money(match["dollar"]) else (match.end(), marked.put(Formula(match[0], match["dollar"])))
    opener = match["line"] or match["open"]
    start, inner = match.end() - 2, match.end()
    closer = ahead.find(_CLOSER[opener], inner)
    stop = closer + 2
    if closer < ahead.find("\n", inner):
        tex = text[inner:closer].strip()
        mark = marked.put(Formula(text[start:stop], tex, opener != "\\(")) if tex and len(tex) <= _INLINE else ""
        return (stop, (match["prefix"] or "") + mark) if mark else None
    if not match["line"] or stop > ahead.paragraph_end(inner) or text.count("\n", start, stop) > LINES:
        return None
    return stop, match["prefix"] + _by_line(text[start:stop], marked)


def _by_line(source: str, marked: Marked) -> str:
    first, *rest = source.split("\n")
    tex = re.sub(r"\n[ \t>]+", "\n", source)[2:-2].strip()
    out = [marked.put(Formula(first, tex, True))]
    for line in rest:
        body = line.lstrip(" \t>")
        out.append(line[: len(line) - len(body)] + marked.put(Formula(body)))
    return "\n".join(out)


def _parted(strong: str, marked: Marked) -> str:
    """`**注意：**这` is no strong text to CommonMark, for a full stop stands before the stars and a letter after them.
    An empty mark inside the stars makes it one; Chinese is written without the spaces that the rule counts on.
    """
    is_wide = any(not (edge.isalnum() or edge.isascii()) for edge in (strong[2], strong[-3]))
    empty = marked.put(Formula("")) if is_wide else ""
    return f"**{empty}{strong[2:-2]}{empty}**"


def _is_money(inner: str) -> bool:
    """`$5 or 10$` speaks of prices: it begins with a digit, holds words and nothing that only a formula has."""
    return inner[0].isdigit() and not re.search(r"[\\^_={}<>]", inner) and bool(_WORD.search(inner) or "," in inner)
