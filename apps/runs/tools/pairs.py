"""Which result belongs to which call, among the parts of one message.

By order too, not by id alone: some gateways number the calls of each round from the beginning again.
"""

from collections.abc import Sequence

from apps.wire.messages import Part, ToolCall, ToolResult


def results_of(parts: Sequence[Part]) -> dict[int, int]:
    """The place of a call to the place of its result."""
    waiting: list[int] = []
    found: dict[int, int] = {}
    for place, part in enumerate(parts):
        if isinstance(part, ToolCall):
            waiting.append(place)
        elif isinstance(part, ToolResult):
            call = next((each for each in waiting if _id(parts[each]) == part.call_id), None)
            if call is not None:
                waiting.remove(call)
                found[call] = place
    return found


def unanswered(parts: Sequence[Part]) -> list[int]:
    """The places of the calls that have no result yet."""
    answered = results_of(parts)
    return [place for place, part in enumerate(parts) if isinstance(part, ToolCall) and place not in answered]


def _id(part: Part) -> str:
    return part.id if isinstance(part, ToolCall) else ""
