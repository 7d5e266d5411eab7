"""An answer's parts as content blocks: in a whole reply, and handed back with the next request."""

from collections.abc import Iterable
from typing import Any

from ..messages import Citation, HostedTool, Image, Part, Reasoning, Refusal, Text, ToolCall
from .citations import citation_document, same_source
from .hosted import call_block, is_ours, lone_block, lone_id, result_block
from .pieces import call_block as tool_block
from .pieces import image_block, input_of


def reply_blocks(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """All that the format can say of them; a refusal is said elsewhere."""
    content = _Content()
    for part in parts:
        match part:
            case Text():
                content.add(text_block(part))
            case Reasoning():
                content.add(_thought(part) or {"type": "thinking", "thinking": part.text, "signature": ""})
            case Image():
                content.add(image_block(part))
            case Citation():
                content.cite(part)
            case ToolCall():
                content.add(tool_block(part))
            case HostedTool():
                content.add_tool(part, running=True)
    return content.finished()


def replayed_blocks(parts: Iterable[Part], running: bool) -> list[dict[str, Any]]:
    """What may go back: thoughts only with their signature, no pictures, no text that is blank.

    A call of the upstream's own tool goes back with its result, which may have come after a pause; without one only if
    it is to go on from there (`running`).
    """
    content, parts = _Content(), list(parts)
    late = {lone_id(part) for part in parts if isinstance(part, HostedTool)} - {""}
    begun: set[str] = set()
    for part in parts:
        match part:
            case Text() | Refusal() if part.text.strip():
                content.add(text_block(part))
            case Reasoning():
                if thought := _thought(part):
                    content.add(thought)
            case ToolCall():
                content.add(tool_block(part))
            case HostedTool() if is_ours(part) or lone_id(part) in begun:
                content.add_tool(part, running or part.id in late)
                begun |= {part.id} - {""}
    return content.finished()


def text_block(part: Text | Refusal) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": part.text}
    citations = (part.opaque or {}).get("citations") if isinstance(part, Text) else None
    return block | {"citations": list(citations)} if citations else block


def _thought(part: Reasoning) -> dict[str, Any] | None:
    opaque = part.opaque or {}
    if isinstance(opaque.get("redacted"), str):
        return {"type": "redacted_thinking", "data": opaque["redacted"]}
    signature = opaque.get("signature")
    if not isinstance(signature, str) or not signature:
        return None
    return {"type": "thinking", "thinking": part.text, "signature": signature}


class _Content:
    """A result stands as many blocks behind its call as it came: the order is checked with the signatures."""

    def __init__(self) -> None:
        self._blocks: list[dict[str, Any]] = []
        self._later: list[tuple[int, dict[str, Any]]] = []

    def add(self, block: dict[str, Any]) -> None:
        self._blocks.append(block)
        due = [entry for entry in self._later if entry[0] <= len(self._blocks)]
        for entry in due:
            if entry in self._later:
                self._later.remove(entry)
                self.add(entry[1])

    def add_tool(self, tool: HostedTool, running: bool) -> None:
        if block := lone_block(tool):
            self.add(block)
            return
        call, result = call_block(tool, input_of(tool.arguments)), result_block(tool)
        if result is None and not running:
            return
        apart = (tool.opaque or {}).get("apart", 1)
        if result:
            place = len(self._blocks) + (apart if isinstance(apart, int) else 1)
            self._later.append((place, result))
        self.add(call)

    def cite(self, citation: Citation) -> None:
        """At the text before it, unless that text says so itself."""
        text = next((block for block in reversed(self._blocks) if block["type"] == "text"), None)
        if text is None or any(same_source(raw, citation) for raw in text.get("citations", ())):
            return
        text["citations"] = [*text.get("citations", ()), citation_document(citation)]

    def finished(self) -> list[dict[str, Any]]:
        return self._blocks + [block for _, block in self._later]
