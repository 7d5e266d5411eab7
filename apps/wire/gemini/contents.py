"""Messages of a conversation in the words of Gemini: roles are user and model, results of tools are the user's."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..exceptions import Undecodable
from ..messages import Audio, GenerationRequest, HostedTool, Message, Part, Reasoning, Text, ToolCall, ToolResult
from ..tolerant import loads
from .hosted import own_parts
from .pieces import SIGNATURE, is_made, signature_of, write_part

# Google takes this for a signature where a call was not made by Gemini 3, which refuses calls of its own without one.
UNSIGNED = "skip_thought_signature_validator"
OPENING = "…"
_SIGNS = re.compile(r"gemini-(?:[3-9]|[1-9]\d)")


def write_contents(request: GenerationRequest) -> list[dict[str, Any]]:
    """The conversation as Google takes it: it begins with the user, and no two turns of the model follow each other."""
    names = _names(request.messages)
    signs = bool(_SIGNS.search(request.model.lower()))
    contents: list[dict[str, Any]] = []
    for message in request.messages:
        role = "model" if message.role == "assistant" else "user"
        parts = _write(message, names, signs)
        if not parts or message.role == "system":
            continue
        if role == "model" and contents and contents[-1]["role"] == "model":
            contents[-1]["parts"] += parts
        else:
            contents.append({"role": role, "parts": parts})
    opened = bool(contents) and contents[0]["role"] == "model"
    return [{"role": "user", "parts": [{"text": OPENING}]}, *contents] if opened else contents


def write_system(request: GenerationRequest) -> list[dict[str, Any]]:
    """The system prompt, and what else was said as the system: there is one place for all of it."""
    said = [part for message in request.messages if message.role == "system" for part in message.parts]
    texts = [request.system, *(part.text for part in said if isinstance(part, Text))]
    return [{"text": text} for text in texts if text]


def _names(messages: Iterable[Message]) -> dict[str, str]:
    """The tools' names by the ids of their calls."""
    return {part.id: part.name for message in messages for part in message.parts if isinstance(part, ToolCall)}


def _write(message: Message, names: Mapping[str, str], signs: bool) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [_write_result(part, names) for part in message.parts if isinstance(part, ToolResult)]
    if message.role == "assistant":
        parts = [document for part in message.parts for document in _write_answer(part)]
        return _signed(parts) if signs else parts
    return [document for part in message.parts if (document := write_part(part))]


def _write_answer(part: Part) -> list[dict[str, Any]]:
    """What the model said goes back as it came. Thoughts that Google did not sign are of no use to it."""
    match part:
        case HostedTool():
            return own_parts(part)
        case Reasoning() if SIGNATURE not in signature_of(part):
            return []
        case Audio():
            return [{"text": part.transcript}] if part.transcript else []
    document = write_part(part)
    return [document] if document else []


def _signed(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of parallel calls the first one is signed: where none is, they are another model's."""
    calls = [part for part in parts if "functionCall" in part]
    if calls and not any(SIGNATURE in part for part in calls):
        calls[0][SIGNATURE] = UNSIGNED
    return parts


def _write_result(result: ToolResult, names: Mapping[str, str]) -> dict[str, Any]:
    id = {} if is_made(result.call_id) else {"id": result.call_id}
    name = result.name or names.get(result.call_id) or result.call_id
    return {"functionResponse": id | {"name": name, "response": _response(result)}}


def _response(result: ToolResult) -> dict[str, Any]:
    """An object, as it must be: what a tool gave as anything else is wrapped."""
    if result.is_error:
        return {"error": result.content}
    try:
        found = loads(result.content.encode())
    except Undecodable:
        found = None
    return found if isinstance(found, dict) else {"result": result.content}
