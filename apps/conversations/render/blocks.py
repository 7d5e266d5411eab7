"""A whole text to the safe HTML of its blocks."""

from .citations import Cite, place, repaired
from .escape import repair
from .events import Block, Definitions, blocks
from .formulas import Marked, mark
from .notes import Notes
from .writer import Writer


def parse(text: str, definitions: Definitions) -> tuple[Marked, list[Block]]:
    """The text with its formulas marked, and its top-level blocks, whose offsets are bytes of the marked text."""
    marked = mark(text)
    return marked, blocks(marked.text, definitions)


def write(marked: Marked, found: list[Block], notes: Notes, open_at: int = -1) -> list[str]:
    """Safe HTML of each block."""
    return [Writer(marked, notes, open_at).write(block) for block in found]


def render(markdown: str, prefix: str = "", cites: tuple[Cite, ...] = ()) -> list[str]:
    """Safe HTML of each top-level block of a text. `prefix` sets the ids of its footnotes apart from others'.

    `cites` are numbers that lead from the text to its sources.
    """
    marked, found = parse(repair(markdown), {})
    if cites:
        place(repaired(cites, markdown), marked, found)
    return write(marked, found, Notes(prefix))
