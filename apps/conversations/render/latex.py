"""LaTeX to MathML, cleaned."""

import re
import threading
from functools import lru_cache

import nh3
from math_core import LatexError, LatexToMathML

from .escape import escape

LIMIT = 4_000  # characters of one formula
_NARROW = 30  # characters: a longer one on a line of its own may have to be scrolled, by keyboard too

# A macro may double its argument each time it is expanded: a line of TeX would fill the memory, so none is expanded.
_converter = LatexToMathML(fancy_error=False, max_expansions=0)
# The converter descends into each brace and each command, and where its stack ends the whole process ends. It takes at
# most 5 KB a level (measured): so many levels fit everywhere, and more are given a stack for as many as LIMIT allows.
_SHALLOW = 60
_DEEP_STACK = 64 * 1024 * 1024
TAGS = """
math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle
msub msubsup msup mtable mtd mtext mtr munder munderover none
"""
ATTRIBUTES = """
accent accentunder columnalign depth display displaystyle fence form height largeop linethickness lspace mathvariant
maxsize minsize movablelimits notation rspace scriptlevel separator stretchy symmetric voffset width
"""
_cleaner = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={"*": set(ATTRIBUTES.split())},
    allowed_classes={"mtd": {"start", "end"}},
    link_rel=None,
)
# The page's policy allows no style attribute, but columns of equations need their alignment.
_ALIGNED = re.compile(r'style="text-align: (?:(left)|(right));[^"]*"')


@lru_cache(maxsize=1024)
def mathml(tex: str, display: bool) -> str:
    """A <math> element, or an empty string if this is no LaTeX that we can read."""
    if len(tex) > LIMIT:
        return ""
    convert = _convert if tex.count("\\") + tex.count("{") <= _SHALLOW else _convert_deep
    raw = convert(tex, display)
    clean = _cleaner.clean(_ALIGNED.sub(lambda match: 'class="start"' if match[1] else 'class="end"', raw))
    return clean.replace("<math ", '<math tabindex="0" ', 1) if display and len(tex) > _NARROW else clean


def shown(source: str, tex: str, display: bool) -> str:
    """The formula, or its source where it cannot be read."""
    return mathml(tex, display) or f"<code>{escape(source)}</code>"


def _convert(tex: str, display: bool) -> str:
    try:
        return _converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError:
        return ""


def _convert_deep(tex: str, display: bool) -> str:
    result: list[str] = []
    before = threading.stack_size(_DEEP_STACK)
    try:
        thread = threading.Thread(target=lambda: result.append(_convert(tex, display)))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    return result[0]
