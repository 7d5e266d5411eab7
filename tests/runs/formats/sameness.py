"""What a message says, whatever its format: what must be equal where formats are.

Equal are the kinds of parts in their order, texts (neighbours joined: a format may cut a text where it is cited or
signed), thoughts, calls by name and arguments as JSON, results by their content, pictures by their bytes, and sources
by address and title, in a list of their own. Not compared: vendors' opaque data, times, where a source is laid in the
text (formats name places more or less exactly), and the state of a tool that the upstream ran: Chat cannot tell it.
"""

import json
from collections.abc import Iterable
from typing import Any

from apps.wire.formats import get
from apps.wire.messages import (
    Citation,
    GenerationRequest,
    HostedTool,
    HttpRequest,
    Image,
    Message,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
)

from .talking import content_of

Said = tuple[Any, ...]


def essence(parts: Iterable[Part]) -> list[Said]:
    return _joined(_said(part) for part in parts if not isinstance(part, Citation | HostedTool))


def sources(parts: Iterable[Part]) -> list[tuple[str, str]]:
    return [(part.url, part.title) for part in parts if isinstance(part, Citation)]


def _said(part: Part) -> Said:
    match part:
        case Text() | Reasoning():
            return type(part).__name__, part.text
        case ToolCall():
            return "ToolCall", part.name, json.loads(part.arguments)
        case ToolResult():
            return "ToolResult", part.content
        case Image():
            return "Image", part.data or content_of(part)
    raise TypeError(f"{part} is not compared yet")


def _joined(found: Iterable[Said]) -> list[Said]:
    joined: list[Said] = []
    for said in found:
        if said[0] == "Text" and joined and joined[-1][0] == "Text":
            joined[-1] = "Text", joined[-1][1] + said[1]
        else:
            joined.append(said)
    return joined


def sent(format: str, document: dict) -> list[Said]:
    """All that a request says of its conversation, in order: whose word it is, and what. Thoughts are left out: they
    are for the vendor that gave them, and go back in its own format alone."""
    return [said for message in _read(format, document) for said in _sent(message)]


def answered(format: str, document: dict) -> list[tuple[dict, str]]:
    """The arguments of each call in a request, and the result that is told to be its own."""
    parts = [part for message in _read(format, document) for part in message.parts]
    results = {part.call_id: part.content for part in parts if isinstance(part, ToolResult)}
    return [(json.loads(part.arguments), results[part.id]) for part in parts if isinstance(part, ToolCall)]


def _read(format: str, document: dict) -> tuple[Message, ...]:
    wire = get(format)
    asked = wire.build(GenerationRequest(model="any"))
    return wire.parse(HttpRequest("POST", asked.path, asked.headers, json.dumps(document).encode())).messages


def _sent(message: Message) -> list[Said]:
    whose = "user" if message.role == "user" else "assistant"
    return [(whose, *said) for said in essence(message.parts) if said[0] != "Reasoning"]
