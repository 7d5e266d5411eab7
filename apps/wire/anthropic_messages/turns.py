"""Messages of a conversation in the words of the format: users and assistants in turn, the user first."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from ..messages import Audio, File, Image, Message, Part, Text, ToolResult
from .content import replayed_blocks
from .hosted import wire_id
from .pieces import file_block, image_block

FIRST = "."
UNANSWERED = "This tool gave no result."


def write_turns(messages: Iterable[Message], cite: bool = False) -> list[dict[str, Any]]:
    """Turns with blocks: neighbours of one role are merged, results stand first in the user's turn.

    A call without a result is told so; a conversation that an assistant begins gets a first word before it.
    """
    kept = [message for message in messages if message.role != "system"]
    turns: list[dict[str, Any]] = []
    for place, message in enumerate(kept):
        content = _write(message, place == len(kept) - 1, cite)
        role = "assistant" if message.role == "assistant" else "user"
        if content and turns and turns[-1]["role"] == role:
            turns[-1]["content"] += content
        elif content:
            turns.append({"role": role, "content": content})
    if not turns or turns[0]["role"] != "user":
        turns.insert(0, {"role": "user", "content": [{"type": "text", "text": FIRST}]})
    for turn, following in pairwise(turns):
        following["content"] = _answered(turn, following["content"])
    _trim(turns[-1])
    return turns


def write_system(system: str, messages: Iterable[Message]) -> str:
    """There is no system turn: what stands as one in the conversation is told with the system prompt."""
    said = [
        "".join(part.text for part in message.parts if isinstance(part, Text))
        for message in messages
        if message.role == "system"
    ]
    return "\n\n".join(text for text in (system, *said) if text.strip())


def shortened(turn: dict[str, Any]) -> dict[str, Any]:
    """A turn that is one plain text needs no blocks."""
    content = turn["content"]
    if len(content) == 1 and content[0].keys() == {"type", "text"}:
        return {**turn, "content": content[0]["text"]}
    return turn


def _write(message: Message, last: bool, cite: bool) -> list[dict[str, Any]]:
    if message.role == "assistant":
        return replayed_blocks(message.parts, running=last)
    return [block for part in message.parts if (block := _write_part(part, cite))]


def _write_part(part: Part, cite: bool) -> dict[str, Any] | None:
    match part:
        case Text() if part.text.strip():
            return {"type": "text", "text": part.text}
        case Image():
            return image_block(part)
        case File():
            block = file_block(part)
            return block | {"citations": {"enabled": True}} if block and cite else block
        case Audio() if part.transcript.strip():
            return {"type": "text", "text": part.transcript}
        case ToolResult():
            return _result_block(part)
    return None


def _result_block(part: ToolResult) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "tool_result", "tool_use_id": wire_id(part.call_id), "content": part.content}
    return block | {"is_error": True} if part.is_error else block


def _answered(turn: dict[str, Any], content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The user's content with a result for every call, before anything else: all else is refused."""
    results = [block for block in content if block["type"] == "tool_result"]
    rest = [block for block in content if block["type"] != "tool_result"]
    answered = {block["tool_use_id"] for block in results}
    called = [block["id"] for block in turn["content"] if block["type"] == "tool_use"]
    missing = [ToolResult(call_id=id, content=UNANSWERED, is_error=True) for id in called if id not in answered]
    return results + [_result_block(part) for part in missing] + rest


def _trim(turn: dict[str, Any]) -> None:
    """An answer to go on from must not end in white space."""
    last = turn["content"][-1]
    if turn["role"] == "assistant" and last["type"] == "text":
        last["text"] = last["text"].rstrip()
