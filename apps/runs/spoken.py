"""A stored message as it is told to a model again: one answer with its tools becomes several messages on the wire."""

from collections.abc import Sequence

import msgspec

from apps.wire.messages import (
    Audio,
    HostedTool,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Text,
    ToolCall,
    ToolResult,
)

from .tools.pairs import results_of

NOT_ANSWERED = "No result: this call was not carried out."


def messages(role: Role, parts: Sequence[Part]) -> list[Message]:
    """A prompt as it is; an answer as it goes on the wire: assistant, tool, assistant, tool … assistant.

    Every call gets a result, as formats refuse a call without one. What the model showed is not handed back: pictures
    and sound would be paid for at every turn.
    """
    if role != "assistant":
        kept = tuple(part for part in parts if not (isinstance(part, Text) and not part.text.strip()))
        return [Message(role=role, parts=kept)] if kept else []
    return [message for round in _rounds(parts) for message in _told(*round) if message.parts]


def _rounds(parts: Sequence[Part]) -> list[tuple[list[Part], list[ToolResult]]]:
    """What was said in each round, and the results that came upon it, one for each of its calls."""
    answered = results_of(parts)
    rounds: list[tuple[list[Part], list[ToolResult]]] = []
    behind_results = True
    for place, part in enumerate(parts):
        if isinstance(part, ToolResult):
            behind_results = True
            continue
        if behind_results:
            rounds.append(([], []))
            behind_results = False
        said, results = rounds[-1]
        said.append(part)
        if isinstance(part, ToolCall):
            results.append(_result(part, parts, answered.get(place)))
    return rounds


def _result(call: ToolCall, parts: Sequence[Part], place: int | None) -> ToolResult:
    found = None if place is None else parts[place]
    if isinstance(found, ToolResult):
        return msgspec.structs.replace(found, name=found.name or call.name)
    return ToolResult(call_id=call.id, content=NOT_ANSWERED, is_error=True, name=call.name)


def _told(said: Sequence[Part], results: Sequence[ToolResult]) -> tuple[Message, Message]:
    kept = [again for part in said if (again := _again(part)) is not None]
    return Message(role="assistant", parts=tuple(kept)), Message(role="tool", parts=tuple(results))


def _again(part: Part) -> Part | None:
    match part:
        case Text():
            return part if part.text.strip() or part.opaque else None
        case Refusal():
            return Text(part.text) if part.text.strip() else None
        case Audio():
            return Text(part.transcript) if part.transcript.strip() else None
        case Reasoning() | ToolCall() | HostedTool():
            return part
    return None
