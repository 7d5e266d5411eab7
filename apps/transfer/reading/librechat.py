"""LibreChat's export: one conversation a file, its messages a tree of `children` or a list with `parentMessageId`."""

from collections.abc import Iterator
from typing import Any

from apps.wire import messages as wire

from .. import schema
from ..bringing import Files
from .files import missing
from .grown import About, Node, counted, grown, mapping, objects, text_of, time_of

NAME = "LibreChat"
FORMATS = {"anthropic": "anthropic_messages", "google": "gemini"}


def id_of(record: Any) -> str:
    return text_of(mapping(record).get("conversationId"))


def read(record: Any, files: Files) -> schema.Conversation:
    record = mapping(record)
    options = mapping(record.get("options"))
    messages = list(_flat(objects(record.get("messagesTree")) or objects(record.get("messages"))))
    newest = max(reversed(messages), key=lambda each: text_of(each.get("createdAt")), default={})
    about = About(
        upstream=NAME,
        title=text_of(record.get("title")),
        created_at=time_of(record.get("createdAt")),
        updated_at=time_of(record.get("updatedAt")),
        format=FORMATS.get(text_of(record.get("endpoint") or options.get("endpoint")), "openai_chat"),
        head=text_of(newest.get("messageId")),
        model=text_of(options.get("model") or record.get("model")),
        system=text_of(options.get("promptPrefix") or options.get("system")),
        tags=[text_of(tag) for tag in record.get("tags") or ()] if isinstance(record.get("tags"), list) else (),
    )
    return grown(about, _nodes(messages))


def _flat(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each message with the id of its parent, without recursion: a long talk is deep."""
    waiting = [(message, "") for message in reversed(tree)]
    while waiting:
        message, parent = waiting.pop()
        id = text_of(message.get("messageId"))
        yield {**message, "parentMessageId": parent or message.get("parentMessageId"), "children": None}
        waiting += [(child, id) for child in reversed(objects(message.get("children")))]


def _nodes(messages: list[dict[str, Any]]) -> Iterator[Node]:
    before = ""
    is_line = not any(message.get("parentMessageId") for message in messages)
    for number, message in enumerate(messages):
        id = text_of(message.get("messageId")) or f"#{number}"
        is_user = message.get("isCreatedByUser") is True
        failed = message.get("error") is True
        parts = [*_files(message), *_said(message)]
        model = message.get("model") or message.get("sender")
        yield Node(
            id=id,
            parent=before if is_line else text_of(message.get("parentMessageId")),
            role="user" if is_user else "assistant",
            at=time_of(message.get("createdAt")),
            parts=[] if failed and not is_user else parts,
            model="" if is_user else text_of(model),
            error=wire.said(parts) or "error" if failed and not is_user else "",
            calls=_calls(message, is_user),
        )
        before = id


def _files(message: dict[str, Any]) -> Iterator[wire.Part]:
    for each in objects(message.get("files")):
        yield missing(text_of(each.get("filename")) or "file")


def _said(message: dict[str, Any]) -> list[wire.Part]:
    blocks = [part for block in objects(message.get("content")) for part in _block(block)]
    text = text_of(message.get("text"))
    return blocks or ([wire.Text(text)] if text else [])


def _block(block: dict[str, Any]) -> Iterator[wire.Part]:
    match block.get("type"):
        case "text":
            if text := _words(block.get("text")):
                yield wire.Text(text)
        case "think":
            if text := _words(block.get("think")):
                yield wire.Reasoning(text=text)
        case "tool_call":
            call = mapping(block.get("tool_call"))
            call = mapping(call.get("function")) | call
            id, name = text_of(call.get("id")), text_of(call.get("name"))[:64]
            yield wire.ToolCall(id=id, name=name, arguments=text_of(call.get("args") or call.get("arguments")))
            if call.get("output") is not None:
                yield wire.ToolResult(call_id=id, content=text_of(call["output"]), name=name)
        case "image_file" | "image_url":
            url = text_of(mapping(block.get("image_url")).get("url"))
            yield wire.Image(url=url) if url.startswith(("http://", "https://")) else missing("image")
        case "error":
            if text := text_of(block.get("error")):
                yield wire.Text(text)


def _words(value: Any) -> str:
    return text_of(mapping(value).get("value") if isinstance(value, dict) else value)


def _calls(message: dict[str, Any], is_user: bool) -> list[dict[str, Any]]:
    tokens = None if is_user else counted(message.get("tokenCount"))
    return [{"output_tokens": tokens, "tokens_source": "estimated"}] if tokens else []
