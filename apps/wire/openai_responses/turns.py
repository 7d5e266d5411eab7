"""Messages of a conversation as items of the input, both ways."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from ..exceptions import InvalidRequest
from ..messages import Audio, HostedTool, Message, Part, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from ..tolerant import shown
from .content import read_content, write_content
from .hosted import RETURNED, tool_of
from .pieces import own

ROLES: dict[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
OUTPUTS = {"function_call_output": "function_call", "custom_tool_call_output": "custom_tool_call"}
CALL = ("type", "id", "call_id", "name", "arguments", "input", "status")


def write_turns(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """The items of all messages, each answer's in the order in which it was given."""
    items: list[dict[str, Any]] = []
    custom: set[str] = set()
    for message in messages:
        if message.role == "assistant":
            items += _write_answer(message.parts)
            custom |= {part.id for part in message.parts if isinstance(part, ToolCall) and _is_custom(part)}
        elif message.role == "tool":
            results = (part for part in message.parts if isinstance(part, ToolResult))
            items += [_write_result(result, result.call_id in custom) for result in results]
        else:
            items.append({"role": message.role, "content": write_content(message.parts)})
    return items


def since_last_answer(messages: Sequence[Message]) -> Sequence[Message]:
    """What the upstream does not have yet, if it keeps the conversation up to its last answer."""
    last = max((place for place, message in enumerate(messages) if message.role == "assistant"), default=-1)
    return messages[last + 1 :]


def read_turns(items: Any) -> tuple[Message, ...]:
    """The messages that a list of items tells: all items of one answer are one message. Raises InvalidRequest."""
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    if not isinstance(items, list):
        raise InvalidRequest("The input must be a text or a list of items.", "input")
    messages: list[Message] = []
    for item in items:
        message = _read_item(item)
        if messages and messages[-1].role == message.role and message.role in ("assistant", "tool"):
            message = replace(message, parts=messages.pop().parts + message.parts)
        messages.append(message)
    return tuple(messages)


def _write_answer(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Items that have ids are known to the upstream by them, and refused without the reasoning they came from.

    So ids, and the tools that the upstream ran, go back only where all reasoning does. Images stay behind: they are
    paid for again; sound goes back as what it says.
    """
    thoughts = [part for part in parts if isinstance(part, Reasoning)]
    named = all(own(thought.opaque) for thought in thoughts)
    spoken = (Text(part.transcript) if isinstance(part, Audio) else part for part in parts if _goes_back(part))
    items: list[dict[str, Any]] = []
    for item, run in groupby(spoken, key=lambda part: _message_of(part, named)):
        if item is None:
            items += [document for part in run if (document := _write_part(part, named))]
        elif contents := [_write_content(part) for part in run]:
            status = {"status": "completed"} if "id" in item else {}
            items.append({"type": "message", "role": "assistant", "content": contents, **item, **status})
    return items


def _goes_back(part: Part) -> bool:
    """Sources stand between texts of one message, and are no part of it."""
    return isinstance(part, Text | Refusal | Reasoning | ToolCall | HostedTool | Audio)


def _message_of(part: Part, named: bool) -> dict[str, Any] | None:
    """The item of which a text is a content: neighbours of one item are one message. None if it is no text."""
    if not isinstance(part, Text | Refusal):
        return None
    item = own(part.opaque) if isinstance(part, Text) else {}
    return {name: value for name, value in item.items() if name == "phase" or (named and name == "id")}


def _write_content(part: Any) -> dict[str, Any]:
    if isinstance(part, Refusal):
        return {"type": "refusal", "refusal": part.text}
    return {"type": "output_text", "text": part.text, "annotations": []}


def _write_part(part: Part, named: bool) -> dict[str, Any] | None:
    match part:
        case Reasoning():
            return own(part.opaque) or None
        case ToolCall():
            return _write_call(part, named)
        case HostedTool():
            item = own(part.opaque)
            return item if named and item.get("type") in RETURNED else None
    return None


def _write_call(call: ToolCall, named: bool) -> dict[str, Any]:
    custom = _is_custom(call)
    given = {name: value for name, value in own(call.opaque).items() if name != "type" and (named or name != "id")}
    document = {"type": "custom_tool_call" if custom else "function_call", "call_id": call.id, "name": call.name}
    return document | {"input" if custom else "arguments": call.arguments} | given


def _write_result(result: ToolResult, custom: bool) -> dict[str, Any]:
    kind = "custom_tool_call_output" if custom else "function_call_output"
    return {"type": kind, "call_id": result.call_id, "output": result.in_words}


def _is_custom(call: ToolCall) -> bool:
    return own(call.opaque).get("type") == "custom_tool_call"


def _read_item(item: Any) -> Message:
    kind = str(item.get("type", "message")) if isinstance(item, dict) else ""
    if kind == "message":
        return _read_message(item)
    if kind in ("function_call", "custom_tool_call"):
        return Message(role="assistant", parts=(_read_call(item, kind),))
    if kind in OUTPUTS:
        return Message(role="tool", parts=(_read_result(item),))
    if kind == "reasoning":
        return Message(role="assistant", parts=(Reasoning(text=_thought(item), opaque={"item": item}),))
    if isinstance(item, dict) and (tool := tool_of(item)):
        return Message(role="assistant", parts=(tool,))
    raise InvalidRequest(f"This item of the input is not understood: {shown(item)[:200]}", "input")


def _read_message(item: dict[str, Any]) -> Message:
    role = ROLES.get(str(item.get("role")))
    if role is None:
        raise InvalidRequest("A message must have a role: system, developer, user or assistant.", "input")
    parts = tuple(read_content(item.get("content")))
    named = {name: item[name] for name in ("id", "phase") if item.get(name)}
    if role == "assistant" and named:
        given = {"item": named}
        parts = tuple(replace(part, opaque=given) if isinstance(part, Text) else part for part in parts)
    return Message(role=role, parts=parts)


def _read_call(item: dict[str, Any], kind: str) -> ToolCall:
    call_id, name = item.get("call_id"), item.get("name")
    arguments = item.get("input" if kind == "custom_tool_call" else "arguments") or ""
    if not isinstance(call_id, str) or not isinstance(name, str) or not isinstance(arguments, str):
        raise InvalidRequest("A call must have a call_id, a name and its arguments as text.", "input")
    given = {field: value for field, value in item.items() if field == "id" or field not in CALL}
    if kind == "custom_tool_call":
        given["type"] = kind
    return ToolCall(id=call_id, name=name, arguments=arguments, opaque={"item": given} if given else None)


def _read_result(item: dict[str, Any]) -> ToolResult:
    call_id, output = item.get("call_id"), item.get("output")
    if not isinstance(call_id, str):
        raise InvalidRequest("A result must name the call_id of its call.", "input")
    texts = (part.text for part in read_content(output) if isinstance(part, Text))
    return ToolResult(call_id=call_id, content="".join(texts))


def _thought(item: dict[str, Any]) -> str:
    texts = []
    for name in ("summary", "content"):
        entries = item.get(name)
        for entry in entries if isinstance(entries, list) else ():
            text = entry.get("text") if isinstance(entry, dict) else None
            if isinstance(text, str) and text and text not in texts:
                texts.append(text)
    return "\n\n".join(texts)
