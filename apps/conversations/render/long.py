"""An open block that grows very long: its finished lines or items are sealed while it goes on.

Without this each look at a file of 2,000 lines would render and send all of it again.
"""

from dataclasses import dataclass

from . import code
from .events import Block, Event
from .formulas import Marked

LONG = 4_000  # characters


@dataclass(frozen=True, slots=True)
class Part:
    """The first part of a block: up to which character, its HTML or its events, and what the rest begins with."""

    end: int
    lead: str = ""
    html: str = ""
    block: Block | None = None


def split(marked: Marked, block: Block, lead: str) -> Part | None:
    """The part of an open code block or list that is finished. `lead` is the fence if earlier parts were taken."""
    name = block.events[0][0]
    if name == "StartCodeBlock" and isinstance(block.events[0][1], dict):
        return _lines(marked, block, lead)
    return _items(marked, block) if name == "StartList" else None


def rest(marked: Marked, block: Block) -> str:
    """The lines of a code block after those that are sealed."""
    return code.part(_info(block), _text(marked, block), first=False)


def ends_in_code(marked: Marked, found: list[Block], size: int) -> bool:
    """Whether the text, of `size` bytes, ends inside a code block."""
    for block in found[-1:]:
        for name, _value, start, end, step in reversed(block.events):
            if name == "EndCodeBlock":
                return end == size and code.is_open(marked.text.encode()[start:end].decode())
            if step >= 0:
                return False
    return False


def _lines(marked: Marked, block: Block, lead: str) -> Part | None:
    if not ends_in_code(marked, [block], len(marked.text.encode())):
        return None
    fence = marked.restore(marked.text.encode()[block.start :].decode().partition("\n")[0])
    return Part(len(marked.text), lead or fence + "\n", code.part(_info(block), _text(marked, block), first=not lead))


def _items(marked: Marked, block: Block) -> Part | None:
    """All items but the last."""
    depth, last = 0, -1
    for at, event in enumerate(block.events):
        if event[0] == "StartItem" and depth == 1:
            last = at
        depth += event[4]
    if last <= 1:
        return None
    data = marked.text.encode()
    start = data.rfind(b"\n", 0, block.events[last][2]) + 1
    events: list[Event] = [*block.events[:last], block.events[-1]]
    return Part(len(data[:start].decode()), block=Block(block.start, start, events))


def _info(block: Block) -> str:
    return block.events[0][1]["Fenced"]


def _text(marked: Marked, block: Block) -> str:
    return marked.restore("".join(event[1] for event in block.events if event[0] == "Text"))
