"""Open WebUI's export: a list of chats, each with `history.messages` by id, and `currentId`, the last one on show.

What a model thought and which tools it called stands in `output` of newer ones, and as `<details>` in the text of all.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from apps.wire import messages as wire

from .. import schema
from ..bringing import Files
from .files import missing, of_data_uri, of_text
from .grown import About, Node, counted, grown, mapping, objects, text_of, time_of

NAME = "Open WebUI"
_DETAILS = re.compile(r"<details\s+type=\"([a-z_]+)\"([^>]*)>(.*?)</details>\n*", re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-z_]+)=\"([^\"]*)\"")
_SUMMARY = re.compile(r"\s*<summary>.*?</summary>\s*", re.DOTALL)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def id_of(record: Any) -> str:
    return text_of(mapping(record).get("id"))


def read(record: Any, files: Files) -> schema.Conversation:
    record = mapping(record)
    chat = mapping(record.get("chat")) or record
    history, models = mapping(chat.get("history")), chat.get("models")
    tags = mapping(record.get("meta")).get("tags") or chat.get("tags") or ()
    about = About(
        upstream=NAME,
        title=text_of(record.get("title") or chat.get("title")),
        created_at=time_of(record.get("created_at") or chat.get("timestamp")),
        updated_at=time_of(record.get("updated_at")),
        head=text_of(history.get("currentId")),
        model=text_of(models[0]) if isinstance(models, list) and models else "",
        system=text_of(mapping(chat.get("params")).get("system") or chat.get("system")),
        archived=record.get("archived") is True,
        pinned=record.get("pinned") is True,
        tags=[text_of(mapping(tag).get("name") or tag) for tag in tags] if isinstance(tags, list) else (),
    )
    return grown(about, _nodes(mapping(history.get("messages")), files))


def _nodes(messages: dict[str, Any], files: Files) -> Iterator[Node]:
    found = [(id, mapping(message)) for id, message in messages.items()]
    for id, message in sorted(found, key=lambda each: _placed(each[1], messages)):
        is_user = message.get("role") == "user"
        error = message.get("error")
        yield Node(
            id=id,
            parent=text_of(message.get("parentId")),
            role="user" if is_user else "assistant",
            at=time_of(message.get("timestamp")),
            parts=[] if message.get("role") == "system" else [*_files(message, files), *_said(message, is_user)],
            model="" if is_user else text_of(message.get("model") or message.get("modelName")),
            error=text_of(mapping(error).get("content") or error) if error and not is_user else "",
            calls=_calls(message),
        )


def _placed(message: dict[str, Any], messages: dict[str, Any]) -> int:
    """Where it stands among the versions that its parent names."""
    versions = mapping(messages.get(text_of(message.get("parentId")))).get("childrenIds")
    id = message.get("id")
    return versions.index(id) if isinstance(versions, list) and id in versions else 0


def _files(message: dict[str, Any], files: Files) -> Iterator[wire.Part]:
    for each in objects(message.get("files")):
        name = text_of(each.get("name")) or "image"
        url, words = text_of(each.get("url")), mapping(mapping(each.get("file")).get("data")).get("content")
        if url.startswith("data:"):
            yield of_data_uri(files, url, name)
        elif url.startswith(("http://", "https://")) and each.get("type") == "image":
            yield wire.Image(url=url)
        else:
            yield of_text(files, words, name) if isinstance(words, str) and words else missing(name)


def _said(message: dict[str, Any], is_user: bool) -> Iterator[wire.Part]:
    output = [part for each in objects(message.get("output")) for part in _output(each)]
    text = text_of(message.get("content"))
    if is_user:
        yield from [wire.Text(text)] if text else []
    elif output:
        yield from output
    else:
        yield from _written(text)
    for source in objects(message.get("sources")) + objects(message.get("citations")):
        yield from _source(source)


def _output(each: dict[str, Any]) -> Iterator[wire.Part]:
    words = "".join(text_of(piece.get("text")) for piece in objects(each.get("content")))
    id = text_of(each.get("call_id") or each.get("id"))
    match each.get("type"):
        case "message" if words:
            yield wire.Text(words)
        case "reasoning" if words:
            seconds = each.get("duration")
            yield wire.Reasoning(text=words, seconds=float(seconds) if isinstance(seconds, int | float) else None)
        case "function_call":
            yield wire.ToolCall(id=id, name=text_of(each.get("name"))[:64], arguments=text_of(each.get("arguments")))
        case "function_call_output":
            given = each.get("output")
            words = "\n".join(text_of(piece.get("text")) for piece in objects(given)) or text_of(given)
            yield wire.ToolResult(call_id=id, content=words)


def _written(text: str) -> Iterator[wire.Part]:
    """The text, with what stands folded away in it as parts of their own."""
    at = 0
    for found in _DETAILS.finditer(text):
        if before := text[at : found.start()].strip():
            yield wire.Text(before)
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(found[2])}
        yield from _folded(found[1], attributes, html.unescape(_SUMMARY.sub("", found[3], count=1)).strip())
        at = found.end()
    if rest := text[at:].strip():
        yield wire.Text(rest)


def _folded(kind: str, attributes: dict[str, str], body: str) -> Iterator[wire.Part]:
    if kind == "reasoning":
        seconds = attributes.get("duration", "")
        text = _QUOTED.sub("", body)
        yield wire.Reasoning(text=text, seconds=float(seconds) if seconds.isdecimal() else None)
    elif kind == "tool_calls":
        id, name = attributes.get("id", "call"), attributes.get("name", "tool")[:64]
        yield wire.ToolCall(id=id, name=name, arguments=attributes.get("arguments", ""))
        yield wire.ToolResult(call_id=id, content=attributes.get("result") or body, name=name)
    elif body:
        yield wire.Text(body)


def _source(source: dict[str, Any]) -> Iterator[wire.Part]:
    named = mapping(source.get("source"))
    about = (objects(source.get("metadata")) or [{}])[0]
    url = text_of(named.get("url") or about.get("source") or about.get("url"))
    if url.startswith(("http://", "https://")):
        yield wire.Citation(url=url, title=text_of(named.get("name") or about.get("title") or about.get("name")))


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    usage = mapping(message.get("usage") or mapping(message.get("info")).get("usage"))
    tokens = {
        "input_tokens": counted(usage.get("prompt_tokens") or usage.get("input_tokens")),
        "output_tokens": counted(usage.get("completion_tokens") or usage.get("output_tokens")),
    }
    return [{**tokens, "tokens_source": "reported"}] if any(tokens.values()) else []
