"""Tools, the choice among them and the web search, both ways."""

from collections.abc import Mapping
from typing import Any

from ..exceptions import InvalidRequest
from ..messages import GenerationRequest, Tool

CHOICES = {"auto": "auto", "none": "none", "required": "any"}
WEB_SEARCH = "web_search_20250305"
SEARCH_FIELDS = {
    "max_uses": "web_search_max_uses",
    "allowed_domains": "web_search_allowed_domains",
    "blocked_domains": "web_search_blocked_domains",
    "user_location": "web_search_location",
}


def write_tools(request: GenerationRequest) -> dict[str, Any]:
    """`tools` and `tool_choice`; a choice without tools would be refused."""
    given = request.parameters
    tools = [_write_tool(tool) for tool in request.tools]
    if request.web_search:
        fields = {name: given[ours] for name, ours in SEARCH_FIELDS.items() if ours in given}
        tools.append({"type": given.get("web_search_version", WEB_SEARCH), "name": "web_search", **fields})
    servers = given.get("server_tools")
    tools += servers if isinstance(servers, list) else [servers] if servers else []
    if not tools:
        return {}
    choice = _write_choice(request.tool_choice, given.get("parallel_tool_calls"))
    return {"tools": tools, **({"tool_choice": choice} if choice else {})}


def read_tools(entries: Any) -> tuple[tuple[Tool, ...], bool, dict[str, Any]]:
    """Our tools, whether the web may be searched, and the parameters that say the rest. Raises InvalidRequest."""
    tools: list[Tool] = []
    servers: list[Any] = []
    given: dict[str, Any] = {}
    searches = False
    if entries is not None and not isinstance(entries, list):
        raise InvalidRequest("Tools must be a list.", "tools")
    for entry in entries or ():
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str | None):
            raise InvalidRequest("A tool must be an object with a name.", "tools")
        entry = {name: value for name, value in entry.items() if name != "cache_control"}
        if entry.get("type", "custom") in ("custom", None):
            tools.append(_read_tool(entry))
        elif not searches and (search := _read_search(entry)) is not None:
            searches, given = True, search
        else:
            servers.append(entry)
    return tuple(tools), searches, given | ({"server_tools": servers} if servers else {})


def read_choice(choice: Any) -> tuple[str, dict[str, Any]]:
    """The choice, and the parameter that goes with it. Raises InvalidRequest."""
    if choice is None:
        return "", {}
    kind = choice.get("type") if isinstance(choice, dict) else None
    ours = {theirs: ours for ours, theirs in CHOICES.items()}.get(kind) if isinstance(kind, str) else None
    if ours is None and kind == "tool" and isinstance(choice.get("name"), str):
        ours = choice["name"]
    if ours is None:
        raise InvalidRequest("The tool choice must be auto, any, none or a tool with its name.", "tool_choice")
    single = choice.get("disable_parallel_tool_use")
    return ours, {"parallel_tool_calls": not single} if isinstance(single, bool) else {}


def _write_tool(tool: Tool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    strict = {"strict": True} if tool.strict else {}
    return {"name": tool.name, **described, "input_schema": {"type": "object", **tool.schema}, **strict}


def _read_tool(entry: dict[str, Any]) -> Tool:
    name, description, schema = entry.get("name"), entry.get("description"), entry.get("input_schema")
    if not isinstance(name, str) or not isinstance(schema, dict):
        raise InvalidRequest("A tool must have a name and an input_schema.", "tools")
    return Tool(
        name=name,
        description=description if isinstance(description, str) else "",
        schema=schema,
        strict=entry.get("strict") is True,
    )


def _read_search(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The search in our parameters; None if it says more than they can."""
    kind = entry["type"]
    if not isinstance(kind, str) or not kind.startswith("web_search_") or entry.get("name") != "web_search":
        return None
    if entry.keys() - SEARCH_FIELDS.keys() - {"type", "name"}:
        return None
    found = {ours: entry[name] for name, ours in SEARCH_FIELDS.items() if entry.get(name) is not None}
    return found | ({} if kind == WEB_SEARCH else {"web_search_version": kind})


def _write_choice(choice: str, parallel: Any) -> dict[str, Any]:
    """Whether calls may be parallel is part of the choice here, which none has not."""
    written: dict[str, Any] = {}
    if choice or parallel is not None:
        kind = CHOICES.get(choice or "auto")
        written = {"type": kind} if kind else {"type": "tool", "name": choice}
    if parallel is not None and choice != "none":
        written["disable_parallel_tool_use"] = not parallel
    return written
