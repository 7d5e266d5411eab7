"""Claude's export: `conversations.json`, each with `chat_messages` of content blocks.

Newer ones say `parent_message_uuid` and so have branches; older ones are a line. Of attachments the export has the
words, of other files only the names.
"""

from collections.abc import Iterator
from typing import Any

from apps.wire import messages as wire

from .. import schema
from ..bringing import Files
from .files import missing, of_text
from .grown import About, Node, grown, mapping, objects, text_of, time_of

NAME = "Claude"


def id_of(record: Any) -> str:
    return text_of(mapping(record).get("uuid"))


def read(record: Any, files: Files) -> schema.Conversation:
    record = mapping(record)
    messages = objects(record.get("chat_messages"))
    about = About(
        upstream=NAME,
        title=text_of(record.get("name")),
        created_at=time_of(record.get("created_at")),
        updated_at=time_of(record.get("updated_at")),
        format="anthropic_messages",
        head=text_of(record.get("current_leaf_message_uuid")),
        model=text_of(record.get("model")),
        pinned=record.get("is_starred") is True,
        folder=text_of(mapping(record.get("project")).get("name")),
    )
    return grown(about, _nodes(messages, files))


def _nodes(messages: list[dict[str, Any]], files: Files) -> Iterator[Node]:
    before = ""
    for number, message in enumerate(messages):
        id = text_of(message.get("uuid")) or f"#{number}"
        parent = text_of(message["parent_message_uuid"]) if message.get("parent_message_uuid") else before
        is_user = message.get("sender") == "human"
        yield Node(
            id=id,
            parent=parent,
            role="user" if is_user else "assistant",
            at=time_of(message.get("created_at")),
            parts=[*_attached(message, files), *_blocks(message)],
        )
        before = id


def _attached(message: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    for each in objects(message.get("attachments")):
        name = text_of(each.get("file_name")) or "attachment.txt"
        words = text_of(each.get("extracted_content"))
        yield of_text(files, words, name) if words else missing(name)
    for each in (*objects(message.get("files")), *objects(message.get("files_v2"))):
        yield missing(text_of(each.get("file_name")) or "file")


def _blocks(message: dict[str, Any]) -> Iterator[wire.Part]:
    blocks = objects(message.get("content"))
    found = [part for block in blocks for part in _block(block)]
    if not found and (text := text_of(message.get("text"))):
        found = [wire.Text(text)]
    yield from found


def _block(block: dict[str, Any]) -> Iterator[wire.Part]:
    match block.get("type"):
        case "text":
            if text := text_of(block.get("text")):
                yield wire.Text(text)
            for each in objects(block.get("citations")):
                yield from _citation(each)
        case "thinking":
            if thought := text_of(block.get("thinking")):
                yield wire.Reasoning(text=thought, seconds=_seconds(block))
        case "tool_use":
            id, name = text_of(block.get("id")), text_of(block.get("name"))[:64]
            yield wire.ToolCall(id=id or name, name=name, arguments=text_of(block.get("input") or {}))
        case "tool_result":
            name = text_of(block.get("name"))[:64]
            id = text_of(block.get("tool_use_id")) or name
            is_error = block.get("is_error") is True
            yield wire.ToolResult(call_id=id, content=_given(block.get("content")), is_error=is_error, name=name)


def _citation(each: dict[str, Any]) -> Iterator[wire.Part]:
    details = mapping(each.get("details"))
    if url := text_of(each.get("url") or details.get("url")):
        yield wire.Citation(url=url, title=text_of(each.get("title")))


def _given(content: Any) -> str:
    """What a tool gave, in words."""
    if isinstance(content, list):
        return "\n\n".join(text_of(each.get("text") or each) for each in objects(content))
    return text_of(content)


def _seconds(block: dict[str, Any]) -> float | None:
    began, ended = time_of(block.get("start_timestamp")), time_of(block.get("stop_timestamp"))
    return (ended - began).total_seconds() if began and ended and ended >= began else None
