"""HTML that a model wrote into its Markdown: a few bare tags live on, the rest is shown as the text it is."""

import re

from .escape import escape

VOID = frozenset({"br", "hr", "wbr"})
INLINE = frozenset({"b", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small", "strong", "sub", "sup", "u"})
BLOCK = frozenset({"details", "summary"})
KEPT = VOID | INLINE | BLOCK
NESTING = 16

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])[^<>]*>|<[a-zA-Z/!?]")


class RawTags:
    """Tags of one block. Attributes never survive, so a model cannot forge ours; depth is bounded."""

    def __init__(self) -> None:
        self.depth = 0

    def tag(self, source: str) -> str:
        """One tag as the parser found it: bare, or escaped to be seen."""
        match = _TAG.fullmatch(source)
        name = (match[2] or "").lower() if match else ""
        if name not in KEPT:
            return escape(source)
        if name in VOID:
            return f"<{name}>"
        self.depth = max(self.depth + (-1 if match[1] else 1), 0)
        return f"<{match[1]}{name}>" if self.depth <= NESTING else ""

    def block(self, source: str) -> str:
        """A block whose tags are all kept ones; `is_plain` tells which those are."""
        out, end = [], 0
        for match in _TAG.finditer(source):
            out += [escape(source[end : match.start()]), self.tag(match[0])]
            end = match.end()
        return "".join(out) + escape(source[end:])


def is_kept(source: str) -> bool:
    """Whether every tag of this HTML block is one that lives on; otherwise the block is shown as source."""
    return all((match[2] or "").lower() in KEPT for match in _TAG.finditer(source))


def opened_details(source: str) -> int:
    """How many <details> this HTML leaves open (negative: closes); none if it is shown as source."""
    names = [(match[1], (match[2] or "").lower()) for match in _TAG.finditer(source)]
    if not all(name in KEPT for _slash, name in names):
        return 0
    return names.count(("", "details")) - names.count(("/", "details"))
