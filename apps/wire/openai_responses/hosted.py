"""Tools that the upstream runs itself: their names, states and arguments, out of their items and back."""

from collections.abc import Mapping
from typing import Any

from ..exceptions import Undecodable
from ..messages import HostedTool
from ..tolerant import loads, shown
from .pieces import own

TOOLS = {
    "web_search_call": "web_search",
    "file_search_call": "file_search",
    "code_interpreter_call": "code_interpreter",
    "image_generation_call": "image_generation",
    "mcp_call": "mcp",
    "mcp_list_tools": "mcp_list_tools",
    "mcp_approval_request": "mcp_approval_request",
    "computer_call": "computer",
    "computer_call_output": "computer_output",
    "local_shell_call": "local_shell",
    "local_shell_call_output": "local_shell_output",
    "shell_call": "shell",
    "shell_call_output": "shell_output",
    "apply_patch_call": "apply_patch",
    "apply_patch_call_output": "apply_patch_output",
    "tool_search_call": "tool_search",
    "tool_search_output": "tool_search_output",
    "additional_tools": "additional_tools",
    "program": "program",
    "program_output": "program_output",
    "function_call_output": "function_output",
    "custom_tool_call_output": "custom_tool_output",
    "mcp_approval_response": "mcp_approval_response",
    "compaction": "compaction",
}
TYPES = {name: type for type, name in TOOLS.items()}
# What the API takes back as it gave it. An image's item would need the image, a call of the client's own its output.
RETURNED = frozenset(
    {"web_search_call", "file_search_call", "code_interpreter_call", "mcp_call", "mcp_list_tools", "compaction"}
)
STATES = {"completed": "completed", "failed": "failed", "incomplete": "failed"}
ARGUMENTS = ("queries", "code", "action", "operation", "server_label")


def state_of(item: dict[str, Any]) -> str:
    """The state of an item that is done. Some kinds have none: they failed if they have an error."""
    status = item.get("status")
    return STATES.get(status if type(status) is str else "", "failed" if item.get("error") else "completed")


def arguments_of(item: dict[str, Any]) -> str:
    """What the tool was asked, as JSON text; the sources that a search found are no part of it."""
    if item.get("arguments") is not None:
        return item["arguments"] if type(item["arguments"]) is str else shown(item["arguments"])
    action = item.get("action")
    if item.get("type") == "web_search_call":
        asked = action if type(action) is dict else {}
        asked = {name: value for name, value in asked.items() if name not in ("sources", "type") and value is not None}
    elif item.get("type") == "image_generation_call":
        asked = {"prompt": item["revised_prompt"]} if item.get("revised_prompt") else {}
    else:
        asked = {name: item[name] for name in ARGUMENTS if item.get(name) is not None}
    return shown(asked) if asked else ""


def sources_of(item: dict[str, Any]) -> list[str]:
    """The addresses that a web search looked at; told where `web_search_call.action.sources` is included."""
    action = item.get("action")
    sources = action.get("sources") if type(action) is dict else None
    urls = [source.get("url") for source in sources if type(source) is dict] if type(sources) is list else []
    return [url for url in urls if type(url) is str and url]


def tool_of(item: dict[str, Any]) -> HostedTool | None:
    """The whole tool call that an item of a conversation tells; None if it is no hosted tool's."""
    kind = item.get("type")
    if type(kind) is not str or kind not in TOOLS:
        return None
    id = item.get("id")
    return HostedTool(
        id=id if type(id) is str else "",
        name=TOOLS[kind],
        arguments=arguments_of(item),
        status=state_of(item),
        opaque={"item": item},
    )


def item_of(tool: HostedTool, id: str) -> dict[str, Any]:
    """The item that tells this: the vendor's own, or one made of what we know (a tool of another format)."""
    if given := own(tool.opaque):
        return given
    kind = TYPES.get(tool.name, f"{tool.name}_call")
    item: dict[str, Any] = {"id": tool.id or id, "type": kind, "status": tool.status or "completed"}
    asked = _object(tool.arguments)
    if kind == "web_search_call":
        return item | {"action": {"type": "search", "query": "", **asked}}
    if kind == "image_generation_call":
        return item | ({"revised_prompt": asked["prompt"]} if "prompt" in asked else {})
    if kind.startswith("mcp"):
        return item | {"arguments": tool.arguments, "name": tool.name, "server_label": "mcp"}
    return item | asked


def _object(text: str) -> dict[str, Any]:
    try:
        found = loads(text.encode())
    except Undecodable:
        return {}
    return found if isinstance(found, dict) else {}


def findings(opaque: Mapping[str, Any]) -> list[str]:
    """What came of the tool: output of code or of an MCP server, passages of files, or why it failed."""
    item = own(opaque)
    texts = [_output(entry) for entry in _list(item.get("outputs"))]
    texts += [_passage(entry) for entry in _list(item.get("results"))]
    texts += [_output(entry) for name in ("output", "error") for entry in _list(item.get(name))]
    return texts


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _output(found: Any) -> str:
    """Logs of code, a shell's output, a text, or whatever else as JSON; of pictures their address."""
    if not isinstance(found, dict):
        return found if isinstance(found, str) else shown(found)
    texts = [
        found[name] for name in ("logs", "text", "stdout", "stderr", "message") if isinstance(found.get(name), str)
    ]
    url = found.get("url")
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        texts.append(url)
    return "\n".join(filter(None, texts)) if texts or found.get("type") == "image" else shown(found)


def _passage(found: Any) -> str:
    """A passage of a file behind the file's name."""
    if not isinstance(found, dict):
        return shown(found)
    return "\n".join(str(found[name]) for name in ("filename", "text") if found.get(name))
