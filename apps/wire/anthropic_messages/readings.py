"""Messages of a client's request, read into ours."""

from typing import Any

from ..exceptions import InvalidRequest
from ..messages import Message, Part, Reasoning, Text, ToolResult
from ..tolerant import shown
from .hosted import CALLS, hosted_tool, is_result, kept
from .pieces import call_of, file_of, image_of

MARK = "cache_control"


def read_system(system: Any) -> str:
    """A text, or blocks of text. Raises InvalidRequest."""
    if system is None or isinstance(system, str):
        return system or ""
    parts = _read_blocks(system, "system")
    return "\n\n".join(part.text for part in parts if isinstance(part, Text))


def read_turns(documents: list[Any]) -> tuple[Message, ...]:
    """A user's turn with results of tools in it is two messages of ours. Raises InvalidRequest."""
    messages: list[Message] = []
    for document in documents:
        role = document.get("role") if isinstance(document, dict) else None
        if role not in ("user", "assistant", "system"):
            raise InvalidRequest("A message must have a role: user or assistant.", "messages")
        parts = _read_blocks(document.get("content"), "messages")
        results = tuple(part for part in parts if isinstance(part, ToolResult))
        rest = tuple(part for part in parts if not isinstance(part, ToolResult))
        if results:
            messages.append(Message(role="tool", parts=results))
        if rest or not results:
            messages.append(Message(role=role, parts=rest))
    return tuple(messages)


def read_marks(body: dict[str, Any]) -> dict[str, Any]:
    """Whether the client marked anything to be cached, and for how long: parameters of ours."""
    marks = [entry.get(MARK) for entry in _marked(body) if isinstance(entry, dict)]
    mark = next((mark for mark in marks if isinstance(mark, dict)), None)
    if mark is None:
        return {}
    ttl = mark.get("ttl")
    return {"cache_control": True} | ({"cache_ttl": ttl} if isinstance(ttl, str) else {})


def reads_citations(messages: Any) -> bool:
    """Whether the client wants passages of its documents named."""
    blocks = [entry for entry in _contents(messages) if isinstance(entry, dict) and entry.get("type") == "document"]
    return any(isinstance(entry.get("citations"), dict) and entry["citations"].get("enabled") for entry in blocks)


def _contents(messages: Any) -> list[Any]:
    found: list[Any] = []
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, dict) else None
        found += content if isinstance(content, list) else []
    return found


def _marked(body: dict[str, Any]) -> list[Any]:
    lists = (body.get("system"), body.get("tools"))
    return [entry for entries in lists if isinstance(entries, list) for entry in entries] + _contents(body["messages"])


def _read_blocks(content: Any, field: str) -> tuple[Part, ...]:
    if isinstance(content, str):
        return (Text(content),) if content else ()
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise InvalidRequest("A message's content must be a text or a list of blocks.", field)
    blocks = [{name: value for name, value in entry.items() if name != MARK} for entry in content]
    results = {
        str(entry.get("tool_use_id")): place for place, entry in enumerate(blocks) if is_result(entry.get("type"))
    }
    parts: list[Part] = []
    for place, block in enumerate(blocks):
        if block.get("type") in CALLS:
            after = results.pop(str(block.get("id")), None)
            parts.append(hosted_tool(block, blocks[after] if after is not None else None, (after or 0) - place))
        elif not is_result(block.get("type")):
            parts.append(_read_block(block, field))
    if results:
        raise InvalidRequest("A tool's result must follow its call.", field)
    return tuple(parts)


def _read_block(block: dict[str, Any], field: str) -> Part:
    part: Part | None = None
    match block.get("type"):
        case "text" if isinstance(block.get("text"), str):
            citations = block.get("citations")
            part = Text(
                block["text"], opaque={"citations": citations} if isinstance(citations, list) and citations else None
            )
        case "thinking" if isinstance(block.get("thinking"), str):
            signature = block.get("signature")
            opaque = {"signature": signature} if isinstance(signature, str) and signature else None
            part = Reasoning(block["thinking"], opaque=opaque)
        case "redacted_thinking" if isinstance(block.get("data"), str):
            part = Reasoning(opaque={"redacted": block["data"]})
        case "image":
            part = image_of(block)
        case "document":
            part = file_of(block)
        case "tool_use" if isinstance(block.get("name"), str):
            part = call_of(block)
        case "container_upload":
            part = kept(block)
        case "tool_result":
            part = _read_result(block)
    if part is None:
        raise InvalidRequest(f"This block of a message is not understood: {shown(block)[:200]}", field)
    return part


def _read_result(block: dict[str, Any]) -> ToolResult:
    content = block.get("content")
    if isinstance(content, list):
        texts = [entry.get("text") for entry in content if isinstance(entry, dict)]
        content = "".join(text for text in texts if isinstance(text, str))
    return ToolResult(
        call_id=str(block.get("tool_use_id") or ""),
        content=content if isinstance(content, str) else "",
        is_error=block.get("is_error") is True,
    )
