"""Tools that a request brings along, and which of them may or must be called."""

from typing import Any

from ..exceptions import InvalidRequest
from ..messages import GenerationRequest, Tool
from . import fields
from .parameters import BUILT_IN
from .schema import is_plain

SEARCH = ("googleSearch", "googleSearchRetrieval")
MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY"}
CHOICES = {mode: choice for choice, mode in MODES.items()}


def write_tools(request: GenerationRequest) -> list[dict[str, Any]]:
    tools: list[dict[str, Any]] = []
    if request.tools:
        tools.append({"functionDeclarations": [_write_tool(tool) for tool in request.tools]})
    if request.web_search:
        tools.append({"googleSearch": {}})
    return tools + [{name: {}} for name in BUILT_IN if request.parameters.get(name)]


def write_choice(choice: str) -> dict[str, Any]:
    named = {} if choice in MODES else {"allowedFunctionNames": [choice]}
    return {"functionCallingConfig": {"mode": MODES.get(choice, "ANY")} | named}


def read_tools(found: Any) -> tuple[tuple[Tool, ...], set[str], list[Any]]:
    """The functions, the names of Google's own tools, and what we do not know of. Raises InvalidRequest."""
    if not isinstance(found, list | None):
        raise InvalidRequest("Tools must be a list.", "tools")
    tools: list[Tool] = []
    own: set[str] = set()
    strange: list[Any] = []
    for entry in found or ():
        entry = fields.camelled(entry) if isinstance(entry, dict) else {"": entry}
        tools += [_read_tool(tool) for tool in _declared(entry.pop("functionDeclarations", None))]
        plain = {name for name, value in entry.items() if name in (*SEARCH, *BUILT_IN) and value == {}}
        own |= {"googleSearch" if name in SEARCH else name for name in plain}
        if rest := {name: value for name, value in entry.items() if name not in plain}:
            strange.append(rest)
    return tuple(tools), own, strange


def read_choice(found: Any) -> str | None:
    """Our word for it; None where we have none for all that it says."""
    config = found.get("functionCallingConfig") if isinstance(found, dict) and len(found) == 1 else None
    if not isinstance(config, dict) or not {"mode", "allowedFunctionNames"}.issuperset(config):
        return None
    mode, named = str(config.get("mode")).upper(), config.get("allowedFunctionNames")
    if not named:
        return CHOICES.get(mode)
    one = named[0] if isinstance(named, list) and len(named) == 1 else None
    return one if mode == "ANY" and isinstance(one, str) and one not in MODES else None


def _write_tool(tool: Tool) -> dict[str, Any]:
    declared: dict[str, Any] = {"name": tool.name}
    if tool.description:
        declared["description"] = tool.description
    if tool.schema:
        declared["parameters" if is_plain(tool.schema) else "parametersJsonSchema"] = tool.schema
    return declared


def _declared(found: Any) -> list[Any]:
    if not isinstance(found, list | None):
        raise InvalidRequest("Function declarations must be a list.", "tools")
    return found or []


def _read_tool(found: Any) -> Tool:
    found = fields.camelled(found) if isinstance(found, dict) else {}
    if not isinstance(found.get("name"), str):
        raise InvalidRequest("A function must have a name.", "tools")
    description = found.get("description")
    schema = found.get("parameters") or found.get("parametersJsonSchema")
    return Tool(
        name=found["name"],
        description=description if isinstance(description, str) else "",
        schema=schema if isinstance(schema, dict) else {},
    )
