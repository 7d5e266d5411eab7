"""The names of events that come in families: texts, told as deltas and once more whole, and the states of a tool."""

from typing import Any, NamedTuple

from ..messages import Refusal, Text


class Told(NamedTuple):
    """A kind of text: of which items, under which name when it is done, and what tells it from others of its item."""

    kind: str
    field: str
    name: Any = None
    place: str = ""

    def section(self, event: dict[str, Any]) -> tuple[Any, Any]:
        return self.name, place_of(event, self.place)


def place_of(event: dict[str, Any], name: str) -> int:
    place = event.get(name)
    return place if type(place) is int else 0


THOUGHT = Told("reasoning", "text", "content", "content_index")
SUMMARY = Told("reasoning", "text", "summary", "summary_index")
TEXTS = {
    "output_text": Told("message", "text", Text, "content_index"),
    "refusal": Told("message", "refusal", Refusal, "content_index"),
    "reasoning_text": THOUGHT,
    "reasoning": THOUGHT,
    "reasoning_summary_text": SUMMARY,
    "reasoning_summary": SUMMARY,
    "function_call_arguments": Told("function_call", "arguments"),
    "custom_tool_call_input": Told("custom_tool_call", "input"),
    "code_interpreter_call_code": Told("code_interpreter_call", "code", "code"),
    "code_interpreter_call.code": Told("code_interpreter_call", "code", "code"),
    "mcp_call_arguments": Told("mcp_call", "arguments"),
    "mcp_call.arguments": Told("mcp_call", "arguments"),
}
STATES = {
    "web_search_call": ("in_progress", "searching", "completed", "failed"),
    "file_search_call": ("in_progress", "searching", "completed", "failed"),
    "code_interpreter_call": ("in_progress", "interpreting", "completed", "failed"),
    "image_generation_call": ("in_progress", "generating", "completed", "failed"),
    "mcp_call": ("in_progress", "completed", "failed"),
    "mcp_list_tools": ("in_progress", "completed", "failed"),
}
