"""Content blocks in the making: numbers our parts in order of appearance, and ends each exactly once."""

from collections import deque
from typing import Any

from ..events import Event, PartDelta, PartEnded, PartStarted
from ..exceptions import Undecodable
from ..messages import Citation, HostedTool, Part, Reasoning, Text, ToolCall
from ..tolerant import loads, shown
from .citations import citation_of
from .hosted import name_of, opaque_of, status_of
from .pieces import call_extras

KINDS = {
    "text": "text",
    "thinking": "thinking",
    "tool_use": "tool",
    "server_tool_use": "hosted",
    "mcp_tool_use": "hosted",
}


class Block:
    """A block of the wire. `place` counts blocks in order of arrival, `index` is our part's.

    `length` counts the characters of its text, or the deltas of a block that we do not know.
    """

    __slots__ = ("citations", "index", "input", "kind", "length", "open", "place", "raw", "signature")

    def __init__(self, kind: str, index: int, place: int, raw: dict[str, Any]):
        self.kind, self.index, self.place, self.raw = kind, index, place, raw
        self.open = True
        self.length = 0
        self.input: list[str] = []
        self.signature = ""
        self.citations: list[Any] = []


class Blocks:
    """Blocks may overlap. A tool that the upstream runs goes on after its block stopped, until its result came."""

    def __init__(self) -> None:
        self.out: list[Event] = []
        self.count = 0
        self._place = -1
        self._open: list[Block] = []
        self._running: list[Block] = []
        self._texts: deque[Block] = deque()
        self._offset = 0
        self._cited: set[Citation] = set()

    def begin(self, raw: dict[str, Any]) -> Block:
        """Opens a block and says what it brings already."""
        kind = KINDS.get(str(raw.get("type")), "other")
        self._place += 1
        block = Block(kind, self._part(_part_of(kind, raw, self.count)), self._place, raw)
        self._open.append(block)
        if kind == "text":
            self._texts.append(block)
            self.grow(block, _text(raw, "text"))
        elif kind == "thinking":
            self.grow(block, _text(raw, "thinking"))
            block.signature = _text(raw, "signature")
        elif kind == "hosted":
            self._running.append(block)
        return block

    def grow(self, block: Block, text: str) -> None:
        if not text:
            return
        if block.kind in ("tool", "hosted"):
            block.input.append(text)
        block.length += len(text)
        self.out.append(PartDelta(block.index, text))

    def add(self, part: Part, is_block: bool = True) -> None:
        """A part that comes whole."""
        self._place += is_block
        self.out.append(PartEnded(self._part(part)))

    def result(self, raw: dict[str, Any]) -> None:
        """What the upstream's tool gave: ends the tool that it belongs to, or is a tool of its own."""
        self._place += 1
        id = _text(raw, "tool_use_id")
        call = next((block for block in self._running if _text(block.raw, "id") == id), None)
        if call is None:
            part = HostedTool(id=id, name=name_of(raw), status=status_of(raw), opaque=opaque_of(None, raw))
            self.out.append(PartEnded(self._part(part)))
            return
        self.stop(call)
        self._running.remove(call)
        opaque = opaque_of(_whole_call(call), raw, self._place - call.place)
        self.out.append(PartEnded(call.index, HostedTool(status=status_of(raw), opaque=opaque)))

    def stop(self, block: Block) -> None:
        """The end of the block, if it has not ended."""
        if not block.open:
            return
        block.open = False
        self._open.remove(block)
        if block.kind in ("tool", "hosted") and not block.input:
            self._say_input(block)
        if block.kind != "hosted":
            self.out.append(PartEnded(block.index, _end_of(block)))
        if block.kind == "text":
            self._cite()

    def close(self) -> None:
        """Ends what has not ended."""
        for block in list(self._open):
            self.stop(block)
        for block in self._running:
            call = _whole_call(block)
            self.out.append(PartEnded(block.index, HostedTool(opaque=opaque_of(call, None)) if call else None))
        self._running = []

    def _part(self, part: Part) -> int:
        self.out.append(PartStarted(self.count, part))
        self.count += 1
        return self.count - 1

    def _say_input(self, block: Block) -> None:
        """Converters send the whole input with the start; no input at all means none, which is an object too."""
        input = block.raw.get("input")
        if input or block.kind == "tool":
            self.grow(block, input if isinstance(input, str) and input else shown(input or {}))

    def _cite(self) -> None:
        """Sources, once it is known where in the whole answer their text stands: all texts before it have ended."""
        while self._texts and not self._texts[0].open:
            block = self._texts.popleft()
            end = self._offset + block.length
            for raw in block.citations:
                citation = citation_of(raw, self._offset, end)
                if citation and citation not in self._cited:
                    self._cited.add(citation)
                    self.add(citation, is_block=False)
            self._offset = end


def _part_of(kind: str, raw: dict[str, Any], index: int) -> Part:
    if kind == "text":
        return Text()
    if kind == "thinking":
        return Reasoning()
    if kind == "tool":
        return ToolCall(id=_text(raw, "id") or f"call_{index}", name=_text(raw, "name"), opaque=call_extras(raw))
    if kind == "hosted":
        return HostedTool(id=_text(raw, "id"), name=name_of(raw), status="running")
    return HostedTool(name=name_of(raw), status="completed")


def _end_of(block: Block) -> Part | None:
    """What only the end knows: the signature of a thought, the sources of a text, a block to hand back."""
    if block.kind == "thinking" and block.signature:
        return Reasoning(opaque={"signature": block.signature})
    if block.kind == "text" and block.citations:
        return Text(opaque={"citations": block.citations})
    if block.kind == "other" and block.length == 0:
        return HostedTool(opaque={"content_block": block.raw})
    return None


def _whole_call(block: Block) -> dict[str, Any] | None:
    """The call with its input, to be handed back; None where the input never became whole."""
    if not block.input:
        return block.raw
    try:
        input = loads("".join(block.input).encode("utf-8", "replace"))
    except Undecodable:
        return None
    return {**block.raw, "input": input} if isinstance(input, dict) else None


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""
