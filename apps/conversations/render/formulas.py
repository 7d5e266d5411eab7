"""Formulas in the source: found before Markdown is parsed, for Markdown would read `_`, `*` and `\\[` as its own.

Each one gives its place to a mark (a number between two noncharacters), which Markdown carries along as text. Where a
mark turns up in code or in an address it was no formula, and its source is put back. A formula over several lines leaves
one mark a line, so that line structure stays as it was. Nothing reaches over a blank line, so that a text may be cut
between two blocks and gives the same marks.
"""

import re
from dataclasses import dataclass, field

OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
LINES = 200  # of one formula

_PREFIX = r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?"
_FORMULA = re.compile(
    r"""
    (?P<code>(?<![`\\])(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))
  | (?<!\\)\\\((?P<paren>[^\n]{1,1000}?)\\\)
  | (?<!\\)\\\[(?P<bracket>[^\n]{1,2000}?)\\\]
  | (?<!\\)\$\$(?P<dollars>(?:[^\n$\\]|\\[^\n]){1,2000})\$\$
  | (?<![\\$A-Za-z0-9])\$(?P<dollar>(?![\s$])(?:[^\n$\\]|\\[^\n]){0,1000}?(?<!\s))\$(?![A-Za-z0-9$])
  | ^(?P<prefix>PREFIX)(?P<lines>
        \\\[[^\n]*(?:\n(?!FENCE)[^\n]*?){1,LINES}?\\\]
      | \$\$[^\n]*(?:\n(?!FENCE)[^\n]*?){1,LINES}?\$\$ )
""".replace("PREFIX", _PREFIX).replace("LINES", str(LINES)).replace("FENCE", r"[ \t>]*(?:\n|\Z|```|~~~)"),
    re.VERBOSE | re.MULTILINE,
)
_STARTED = re.compile(rf"^{_PREFIX}(?:\$\$|\\\[)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t>]*(?=\n)")
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

    def restore(self, text: str) -> str:
        """The text with the source in the place of each mark."""
        return MARK.sub(lambda mark: self.formulas[int(mark[1])].source, text) if OPEN in text else text


def mark(text: str) -> Marked:
    """The text with its formulas marked; marks that a stranger wrote become U+FFFD."""
    text = text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    marked = Marked(text)
    if "$" in text or "\\(" in text or "\\[" in text:
        marked.text = _FORMULA.sub(lambda match: _replace(match, marked.formulas), text)
    if "**" in text and not text.isascii():
        marked.text = _STRONG.sub(lambda match: _parted(match[0], marked.formulas), marked.text)
    return marked


def unfinished(text: str) -> int:
    """Where the line begins on which a formula of several lines starts that may still be closed; -1 if there is none."""
    if "$$" not in text and "\\[" not in text:
        return -1
    paragraph = max((match.end() for match in _BLANK.finditer(text)), default=0)
    started = _STARTED.search(text, paragraph)
    if started is None or text.count("\n", started.start()) > LINES or re.search("```|~~~", text[started.start() :]):
        return -1
    return started.start()


def _replace(match: re.Match[str], formulas: list[Formula]) -> str:
    kind = match.lastgroup
    if kind == "ticks" or kind == "code" or (kind == "dollar" and _is_money(match["dollar"])):
        return match[0]
    if kind == "lines":
        return match["prefix"] + _by_line(match["lines"], formulas)
    return _put(formulas, Formula(match[0], match[kind].strip(), kind in ("bracket", "dollars")))


def _by_line(source: str, formulas: list[Formula]) -> str:
    first, *rest = source.split("\n")
    tex = re.sub(r"\n[ \t>]+", "\n", source)[2:-2].strip()
    out = [_put(formulas, Formula(first, tex, True))]
    for line in rest:
        body = line.lstrip(" \t>")
        out.append(line[: len(line) - len(body)] + _put(formulas, Formula(body)))
    return "\n".join(out)


def _parted(strong: str, formulas: list[Formula]) -> str:
    """`**注意：**这` is no strong text to CommonMark, for a full stop stands before the stars and a letter after them.
    An empty mark inside the stars makes it one; Chinese is written without the spaces that the rule counts on.
    """
    is_wide = any(not (edge.isalnum() or edge.isascii()) for edge in (strong[2], strong[-3]))
    empty = _put(formulas, Formula("")) if is_wide else ""
    return f"**{empty}{strong[2:-2]}{empty}**"


def _put(formulas: list[Formula], formula: Formula) -> str:
    formulas.append(formula)
    return f"{OPEN}{len(formulas) - 1}{CLOSE}"


def _is_money(inner: str) -> bool:
    """`$5 or 10$` speaks of prices: it begins with a digit, holds words and nothing that only a formula has."""
    return inner[0].isdigit() and not re.search(r"[\\^_={}<>]", inner) and bool(_WORD.search(inner) or "," in inner)
