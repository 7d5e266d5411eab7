"""Messages of a conversation in the words of Chat Completions, both ways."""

from typing import Any

from ..exceptions import InvalidRequest
from ..messages import Audio, Image, Message, Part, Reasoning, Refusal, Role, Text, ToolCall, ToolResult
from ..tolerant import shown
from .encoder import call_document
from .pieces import image_of, url_of

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}
AUDIO_FORMATS = {"audio/wav": "wav", "audio/x-wav": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3"}
AUDIO_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}


def write_turn(message: Message) -> list[dict[str, Any]]:
    """A message as the format has it; tool results are one message each.

    An assistant's images and thoughts stay behind: pictures are paid for again, and DeepSeek refuses thoughts. Only
    signed thoughts go back, as their vendor checks them. Its audio goes back as what it said.
    """
    if message.role == "tool":
        results = [part for part in message.parts if isinstance(part, ToolResult)]
        return [{"role": "tool", "tool_call_id": part.call_id, "content": part.content} for part in results]
    if message.role == "assistant":
        return [_write_answer(message.parts)]
    return [{"role": message.role, "content": _write_content(message.parts)}]


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


def _write_content(parts: tuple[Part, ...]) -> Any:
    if not parts:
        return ""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [document for part in parts if (document := _write_part(part))]


def _write_part(part: Part) -> dict[str, Any] | None:
    match part:
        case Text() | Refusal():
            return {"type": "text", "text": part.text}
        case Image():
            return {"type": "image_url", "image_url": {"url": url_of(part)}}
        case Audio():
            audio = {"data": part.data, "format": AUDIO_FORMATS.get(part.media_type, "wav")}
            return {"type": "input_audio", "input_audio": audio}
    return None


def _write_answer(parts: tuple[Part, ...]) -> dict[str, Any]:
    texts = tuple(Text(part.transcript) if isinstance(part, Audio) else part for part in parts)
    texts = tuple(part for part in texts if isinstance(part, Text))
    calls = [call_document(part) for part in parts if isinstance(part, ToolCall)]
    refusals = [part.text for part in parts if isinstance(part, Refusal)]
    document: dict[str, Any] = {"role": "assistant", "content": _write_content(texts)}
    if refusals:
        document["refusal"] = "".join(refusals)
    if calls:
        document |= {"content": document["content"] or None, "tool_calls": calls}
    for part in parts:
        if isinstance(part, Reasoning) and part.opaque and "reasoning_details" in part.opaque:
            document["reasoning_details"] = part.opaque["reasoning_details"]
    return document


def _read_turn(document: Any) -> Message:
    role = ROLES.get(str(document.get("role"))) if isinstance(document, dict) else None
    if role is None:
        raise InvalidRequest("A message must have a role: system, user, assistant or tool.", "messages")
    parts = tuple(_read_content(document.get("content")))
    if role == "tool":
        text = "".join(part.text for part in parts if isinstance(part, Text))
        return Message(role="tool", parts=(ToolResult(call_id=str(document.get("tool_call_id") or ""), content=text),))
    if role == "assistant":
        parts = _read_thoughts(document) + parts + _read_refusal(document) + _read_calls(document.get("tool_calls"))
    return Message(role=role, parts=parts)


def _read_content(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [Text(content)] if content else []
    if content is None:
        return []
    if not isinstance(content, list):
        raise InvalidRequest("A message's content must be a text or a list of parts.", "messages")
    return [_read_part(entry) for entry in content]


def _read_part(entry: Any) -> Part:
    kind = entry.get("type") if isinstance(entry, dict) else None
    found = entry.get(kind) if isinstance(kind, str) else None
    if kind == "text" and isinstance(found, str):
        return Text(found)
    if kind == "refusal" and isinstance(found, str):
        return Refusal(found)
    if kind == "image_url" and (image := image_of(entry)):
        return image
    if kind == "input_audio" and isinstance(found, dict) and isinstance(found.get("data"), str):
        return Audio(media_type=AUDIO_TYPES.get(str(found.get("format")), "audio/wav"), data=found["data"])
    raise InvalidRequest(f"This part of a message is not understood: {shown(entry)[:200]}", "messages")


def _read_thoughts(document: dict[str, Any]) -> tuple[Part, ...]:
    details = document.get("reasoning_details")
    return (Reasoning(opaque={"reasoning_details": details}),) if details else ()


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
    return ToolCall(id=id if isinstance(id, str) else "", name=name, arguments=arguments or "")
