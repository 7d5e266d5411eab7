"""Messages of a conversation in the words of Chat Completions, both ways."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from ..exceptions import InvalidRequest
from ..messages import Audio, Message, Part, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from .content import read_content, write_content
from .encoder import call_document
from .pieces import signature_of

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}


def write_turns(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as the format has them. What was thought since the last prompt is part of a tool loop."""
    last = max((place for place, message in enumerate(messages) if message.role == "user"), default=-1)
    return [
        document for place, message in enumerate(messages) for document in _write_turn(message, in_loop=place > last)
    ]


def read_turns(documents: list[Any]) -> tuple[str, tuple[Message, ...]]:
    """The system prompt that stands first, and the messages. Raises InvalidRequest."""
    messages: list[Message] = []
    for document in documents:
        message = _read_turn(document)
        if message.role == "tool" and messages and messages[-1].role == "tool":
            message = Message(role="tool", parts=messages.pop().parts + message.parts)
        messages.append(message)
    first = messages[0]
    if first.role == "system" and len(first.parts) == 1 and isinstance(first.parts[0], Text):
        return first.parts[0].text, tuple(messages[1:])
    return "", tuple(messages)


def _write_turn(message: Message, in_loop: bool) -> list[dict[str, Any]]:
    """Tool results are one message each, also those that stand between the rounds of one answer."""
    if message.role not in ("assistant", "tool"):
        return [{"role": message.role, "content": write_content(message.parts)}]
    documents: list[dict[str, Any]] = []
    for results, group in groupby(message.parts, lambda part: isinstance(part, ToolResult)):
        parts = tuple(group)
        documents += [_write_result(part) for part in parts] if results else [_write_answer(parts, in_loop)]
    return documents or [_write_answer((), in_loop)]


def _write_result(result: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": result.call_id, "content": result.in_words}


def _write_answer(parts: tuple[Part, ...], in_loop: bool) -> dict[str, Any]:
    """An assistant's images stay behind: they are paid for again. Its audio goes back as what it said."""
    texts = tuple(Text(part.transcript) if isinstance(part, Audio) else part for part in parts)
    texts = tuple(part for part in texts if isinstance(part, Text))
    calls = [call_document(part) for part in parts if isinstance(part, ToolCall)]
    refusals = [part.text for part in parts if isinstance(part, Refusal)]
    document: dict[str, Any] = {"role": "assistant", "content": write_content(texts)}
    if refusals:
        document["refusal"] = "".join(refusals)
    if calls:
        document |= {"content": document["content"] or None, "tool_calls": calls}
    return document | _write_thoughts(parts, aloud=in_loop and bool(calls))


def _write_thoughts(parts: tuple[Part, ...], aloud: bool) -> dict[str, Any]:
    """Signed thoughts, as their vendor checks them; plain ones only in a tool loop.

    DeepSeek and Kimi refuse a loop without its thoughts, and DeepSeek's older models any that are from before.
    """
    thoughts = [part for part in parts if isinstance(part, Reasoning)]
    details = [entry for part in thoughts for entry in (part.opaque or {}).get("reasoning_details", ())]
    if details:
        return {"reasoning_details": details}
    text = "".join(part.text for part in thoughts if not part.opaque)
    return {"reasoning_content": text} if text and aloud else {}


def _read_turn(document: Any) -> Message:
    role = ROLES.get(str(document.get("role"))) if isinstance(document, dict) else None
    if role is None:
        raise InvalidRequest("A message must have a role: system, user, assistant or tool.", "messages")
    parts = tuple(read_content(document.get("content")))
    if role == "tool":
        text = "".join(part.text for part in parts if isinstance(part, Text))
        return Message(role="tool", parts=(ToolResult(call_id=str(document.get("tool_call_id") or ""), content=text),))
    if role == "assistant":
        parts = _read_thoughts(document) + parts + _read_refusal(document) + _read_calls(document.get("tool_calls"))
    return Message(role=role, parts=parts)


def _read_thoughts(document: dict[str, Any]) -> tuple[Part, ...]:
    details, text = document.get("reasoning_details"), document.get("reasoning_content")
    text = text if isinstance(text, str) else ""
    opaque = {"reasoning_details": details} if isinstance(details, list) and details else None
    return (Reasoning(text, opaque),) if text or opaque else ()


def _read_refusal(document: dict[str, Any]) -> tuple[Part, ...]:
    refusal = document.get("refusal")
    return (Refusal(refusal),) if isinstance(refusal, str) and refusal else ()


def _read_calls(calls: Any) -> tuple[Part, ...]:
    if calls is not None and not isinstance(calls, list):
        raise InvalidRequest("Tool calls must be a list.", "messages")
    return tuple(_read_call(call) for call in calls or ())


def _read_call(call: Any) -> ToolCall:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict):
        raise InvalidRequest("A tool call must name its function.", "messages")
    id, name, arguments = call.get("id"), function.get("name"), function.get("arguments")
    if not isinstance(name, str) or not isinstance(arguments or "", str):
        raise InvalidRequest("A tool call must have a name and arguments as text.", "messages")
    return ToolCall(
        id=id if isinstance(id, str) else "",
        name=name,
        arguments=arguments or "",
        opaque=signature_of(call),
    )
