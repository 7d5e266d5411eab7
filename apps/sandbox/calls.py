"""Models that call tools: the ones that were given with the request, with arguments made from their schemas."""

import json
from collections.abc import Callable

from apps.wire.messages import GenerationRequest, HostedTool, Part, Reasoning, Text, Tool, ToolCall, ToolResult

from .arguments import arguments
from .library import SOURCES
from .script import Script
from .signatures import sign

WEATHER = Tool(
    name="get_weather",
    schema={
        "type": "object",
        "properties": {"city": {"const": "Oslo"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    },
)
FOUND = [
    {"type": "web_search_result", "url": url, "title": title, "encrypted_content": sign(url), "page_age": None}
    for url, title in SOURCES.items()
]
SEARCH_ID = "srvtoolu_sandbox"
THOUGHT = "I need to look that up before I can say anything about it."


def tools(request: GenerationRequest) -> Script:
    """Calls two tools at once; with their results at hand it answers."""
    if results(request) or request.tool_choice == "none":
        return _answer(request)
    calls: tuple[ToolCall, ...] = tuple(
        ToolCall(id=f"call_{city.lower()}", name="get_weather", arguments=f'{{"city": "{city}", "unit": "celsius"}}')
        for city in ("Oslo", "Bergen")
    )
    if request.tools and all(tool.name != "get_weather" for tool in request.tools):
        calls = tuple(_call(request, number) for number in (1, 2))
    return Script(parts=(Text("I will look up the weather in both cities."), *calls), reason="tool_calls")


def rounds(wanted: int, *, thinking: bool = False) -> Callable[[GenerationRequest], Script]:
    """One call a round, that many rounds, and then the answer."""

    def calling(request: GenerationRequest) -> Script:
        done = len(results(request))
        if done >= wanted or request.tool_choice == "none":
            return _answer(request, (Reasoning("Now I know enough."),) if thinking else (), signed=thinking)
        said: tuple[Part, ...] = (Reasoning(THOUGHT),) if thinking else (Text(f"Round {done + 1}. "),)
        parts = (*said, _call(request, done + 1))
        return Script(parts=parts, reason="tool_calls", signed=thinking)

    return calling


def results(request: GenerationRequest) -> list[ToolResult]:
    """What the tools gave since the last prompt."""
    found: list[ToolResult] = []
    for message in request.messages:
        if message.role == "user" and any(not isinstance(part, ToolResult) for part in message.parts):
            found = []
        found += [part for part in message.parts if isinstance(part, ToolResult)]
    return found


def searched(request: GenerationRequest) -> HostedTool:
    """A search of the web for what was asked last."""
    asked = next((message for message in reversed(request.messages) if message.role == "user"), None)
    query = "".join(part.text for part in (asked.parts if asked else ()) if isinstance(part, Text))
    arguments = {"query": query[:200]}
    as_anthropic = {
        "server_tool_use": {"type": "server_tool_use", "id": SEARCH_ID, "name": "web_search", "input": arguments},
        "tool_result": {"type": "web_search_tool_result", "tool_use_id": SEARCH_ID, "content": FOUND},
    }
    return HostedTool(SEARCH_ID, "web_search", json.dumps(arguments, ensure_ascii=False), opaque=as_anthropic)


def _answer(request: GenerationRequest, before: tuple[Part, ...] = (), signed: bool = False) -> Script:
    found = "\n".join(f"- {result.content}" for result in results(request))
    said = f"This is what the tools found:\n\n{found}" if found else "I answer without any tool."
    return Script(parts=(*before, Text(said)), signed=signed)


def _call(request: GenerationRequest, number: int) -> ToolCall:
    """The tool that was asked for by name, or the next of those that were given."""
    offered = [tool for tool in request.tools if tool.name == request.tool_choice] or list(request.tools) or [WEATHER]
    tool = offered[(number - 1) % len(offered)]
    told = json.dumps(arguments(tool, number), ensure_ascii=False)
    return ToolCall(id=f"call_{number}", name=tool.name, arguments=told)
