"""ChatGPT's export: `conversations.json`, each with a `mapping` of nodes, and the files beside it in the archive.

Nobody documents it; what is read here was seen in exports and in other readers of them. What was never shown there, of
weight 0 or marked as hidden, is left out. Calls of tools are messages to a `recipient`, their results messages of the
role tool.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.wire import messages as wire

from .. import schema
from ..bringing import Files
from ..refusals import NotTaken
from ..writing.markdown import fenced
from .files import part_of
from .grown import About, Node, grown, mapping, objects, text_of, time_of

NAME = "ChatGPT"
# Marks of citations and of widgets in the text, between characters for private use.
_MARK = re.compile("\ue200[^\ue201]*\ue201|[\ue200-\ue2ff]")
_HIDDEN = ("is_visually_hidden_from_conversation", "is_user_system_message")
_CONTEXT = ("user_editable_context", "model_editable_context")


def id_of(record: Any) -> str:
    record = mapping(record)
    return text_of(record.get("conversation_id") or record.get("id"))


def read(record: Any, files: Files) -> schema.Conversation:
    nodes = mapping(mapping(record).get("mapping"))
    if not nodes:
        raise NotTaken(_("This record has no messages."))
    about = About(
        upstream=NAME,
        title=text_of(record.get("title")),
        created_at=time_of(record.get("create_time")),
        updated_at=time_of(record.get("update_time")),
        head=text_of(record.get("current_node")),
        model=text_of(record.get("default_model_slug")),
        archived=record.get("is_archived") is True,
        pinned=record.get("is_starred") is True,
    )
    return grown(about, [_node(id, nodes[id], files) for id in _in_order(nodes)])


def _in_order(nodes: dict[str, Any]) -> list[str]:
    """Each node once; of one parent in the order in which it names them."""
    order = dict.fromkeys(id for id, node in nodes.items() if mapping(node).get("parent") not in nodes)
    waiting = list(order)
    for id in waiting:  # grows while it is walked
        for child in mapping(nodes[id]).get("children") or ():
            if isinstance(child, str) and child in nodes and child not in order:
                order[child] = None
                waiting.append(child)
    return [*order, *(id for id in nodes if id not in order)]


def _node(id: str, node: Any, files: Files) -> Node:
    node = mapping(node)
    message = mapping(node.get("message"))
    author, metadata = mapping(message.get("author")), mapping(message.get("metadata"))
    role = author.get("role")
    found = Node(
        id=id,
        parent=text_of(node.get("parent")),
        role="user" if role == "user" else "assistant",
        at=time_of(message.get("create_time")),
        model=text_of(metadata.get("model_slug")) if role == "assistant" else "",
    )
    if role not in ("user", "assistant", "tool") or _is_hidden(message, metadata):
        return found
    found.parts = list(_parts(id, message, metadata, files))
    if role == "tool":
        found.parts = _result(node, author, found.parts)
    return found


def _is_hidden(message: dict[str, Any], metadata: dict[str, Any]) -> bool:
    is_context = mapping(message.get("content")).get("content_type") in _CONTEXT
    return is_context or message.get("weight") == 0 or any(metadata.get(name) is True for name in _HIDDEN)


def _parts(id: str, message: dict[str, Any], metadata: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    content = mapping(message.get("content"))
    recipient = message.get("recipient") or "all"
    if recipient != "all":
        arguments = text_of(content.get("text")) or "\n".join(filter(None, map(text_of, content.get("parts") or ())))
        yield wire.ToolCall(id=f"call-{id}", name=str(recipient)[:64], arguments=arguments)
        return
    if mapping(message.get("author")).get("role") == "user":
        yield from _attachments(content, metadata, files, time_of(message.get("create_time")))
    yield from _content(content, metadata, files)


def _content(content: dict[str, Any], metadata: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    kind = content.get("content_type")
    if kind == "thoughts":
        thoughts = objects(content.get("thoughts"))
        said = [
            "\n\n".join(filter(None, (text_of(each.get("summary")), text_of(each.get("content"))))) for each in thoughts
        ]
        if any(said):
            yield wire.Reasoning(text="\n\n".join(said))
    elif kind == "reasoning_recap":
        return
    elif kind == "code":
        language = text_of(content.get("language"))
        name = language if language.isalnum() and language != "unknown" else ""
        yield wire.Text(fenced(text_of(content.get("text")), name))
    elif isinstance(content.get("parts"), list):
        yield from _pieces(content["parts"], metadata, files)
    else:
        said = next((content[name] for name in ("text", "result", "content") if isinstance(content.get(name), str)), "")
        title = text_of(content.get("title") or content.get("url"))
        if text := said or ("" if kind in (None, "text") else fenced(text_of(content), "json")):
            yield wire.Text(f"{title}\n\n{text}" if title else text)


def _pieces(pieces: list[Any], metadata: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    for piece in pieces:
        if isinstance(piece, str):
            if piece:
                yield wire.Text(_cited(piece, metadata))
                yield from _citations(metadata)
        elif isinstance(piece, dict):
            yield from _piece(piece, files)


def _piece(piece: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    sound = piece.get("audio_asset_pointer")
    pointer = text_of(piece.get("asset_pointer") or mapping(sound).get("asset_pointer"))
    if pointer:
        prompt = mapping(mapping(piece.get("metadata")).get("dalle")).get("prompt")
        yield part_of(files, pointer.rpartition("//")[2], text_of(prompt)[:80] or "image")
    elif text := text_of(piece.get("text")):
        yield wire.Text(text)


def _attachments(content: dict[str, Any], metadata: dict[str, Any], files: Files, at) -> Iterator[wire.Part]:
    """What was attached, without pictures that stand among the words."""
    shown = " ".join(text_of(piece.get("asset_pointer")) for piece in objects(content.get("parts")))
    for each in objects(metadata.get("attachments")):
        id = text_of(each.get("id"))
        if not id or id not in shown:
            yield part_of(files, id, text_of(each.get("name")) or "file", at)


def _cited(text: str, metadata: dict[str, Any]) -> str:
    """Marks of citations become the links that they stand for."""
    for each in objects(metadata.get("content_references")):
        mark, link = each.get("matched_text"), each.get("alt")
        if isinstance(mark, str) and mark.strip() and isinstance(link, str):
            text = text.replace(mark, link)
    return _MARK.sub("", text)


def _citations(metadata: dict[str, Any]) -> Iterator[wire.Part]:
    for each in objects(metadata.get("citations")):
        source = mapping(each.get("metadata"))
        if url := text_of(source.get("url")):
            yield wire.Citation(url=url, title=text_of(source.get("title")), quote=text_of(source.get("text")))


def _result(node: dict[str, Any], author: dict[str, Any], parts: list[wire.Part]) -> list[wire.Part]:
    """What a tool gave: its words with their call, which is the message before; its pictures by themselves."""
    said = "\n\n".join(part.text for part in parts if isinstance(part, wire.Text | wire.Reasoning))
    others = [part for part in parts if not isinstance(part, wire.Text | wire.Reasoning)]
    call = f"call-{text_of(node.get('parent'))}"
    name = text_of(author.get("name"))[:64]
    return ([wire.ToolResult(call_id=call, content=said, name=name)] if said else []) + others
