"""Tools that the upstream ran itself: the call and its result, two blocks of the wire, are one HostedTool of ours.

Its `opaque` holds both as they came, under `server_tool_use` and `tool_result`, to be handed back; `apart` says how
many blocks later the result came, where that is not the next one. A block of another kind that must be handed back is
kept under `content_block`.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..messages import HostedTool
from ..tolerant import shown

CALLS = ("server_tool_use", "mcp_tool_use")
RESULT = "_tool_result"
OUR_NAMES = {
    "code_execution": "code_interpreter",
    "bash_code_execution": "code_interpreter",
    "text_editor_code_execution": "code_interpreter",
    "container_upload": "code_interpreter",
    "tool_search_tool_regex": "tool_search",
    "tool_search_tool_bm25": "tool_search",
}
THEIR_NAMES = {"code_interpreter": "code_execution"}
# Where a result has its words.
TEXTS = ("stdout", "stderr", "text", "title", "url", "error_code")
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")


def is_result(kind: Any) -> bool:
    return isinstance(kind, str) and kind.endswith(RESULT) and kind != "tool_result"


def wire_id(id: str) -> str:
    """An id that the format accepts: calls of other formats have dots and colons in theirs."""
    return _FOREIGN.sub("_", id) or "call"


def name_of(block: Mapping[str, Any]) -> str:
    """Our name of the tool: each format calls the same tool otherwise."""
    kind = str(block.get("type"))
    if kind.startswith("mcp_"):
        return "mcp"
    name = kind.removesuffix(RESULT) if is_result(kind) else block.get("name")
    name = name if isinstance(name, str) and name else kind
    return OUR_NAMES.get(name, name)


def status_of(result: Mapping[str, Any]) -> str:
    """Failed where the result is an error object, at HTTP 200 (web search), or says so (MCP)."""
    content = result.get("content")
    kind = content.get("type") if isinstance(content, dict) else ""
    failed = result.get("is_error") is True or (isinstance(kind, str) and kind.endswith("_error"))
    return "failed" if failed else "completed"


def opaque_of(call: Mapping[str, Any] | None, result: Mapping[str, Any] | None, apart: int = 1) -> dict[str, Any]:
    opaque: dict[str, Any] = {}
    if call is not None:
        opaque["server_tool_use"] = dict(call)
    if result is not None:
        opaque["tool_result"] = dict(result)
    if apart > 1:
        opaque["apart"] = apart
    return opaque


def hosted_tool(call: Mapping[str, Any], result: Mapping[str, Any] | None, apart: int = 1) -> HostedTool:
    """The whole tool of its two blocks."""
    return HostedTool(
        id=str(call.get("id") or ""),
        name=name_of(call),
        arguments=shown(call.get("input")) if call.get("input") else "",
        status=status_of(result) if result else "running",
        opaque=opaque_of(call, result, apart),
    )


def kept(block: Mapping[str, Any]) -> HostedTool:
    """A block that says nothing to a reader and must be handed back."""
    return HostedTool(name=name_of(block), status="completed", opaque={"content_block": dict(block)})


def call_block(tool: HostedTool, input: Any) -> dict[str, Any]:
    """The call as it came, or one made of what is known: for a tool that another format ran."""
    call = (tool.opaque or {}).get("server_tool_use")
    if isinstance(call, Mapping):
        return {**call, "input": input}
    name = THEIR_NAMES.get(tool.name, tool.name)
    return {"type": "server_tool_use", "id": wire_id(tool.id), "name": name, "input": input}


def lone_block(tool: HostedTool) -> dict[str, Any] | None:
    """The block of a tool that has but one: a result without its call, or a block that is kept as it came."""
    opaque = tool.opaque or {}
    block = opaque.get("content_block", None if "server_tool_use" in opaque else opaque.get("tool_result"))
    return dict(block) if isinstance(block, Mapping) else None


def lone_id(tool: HostedTool) -> str:
    """The id of the call that a result without its call belongs to; '' for anything else."""
    block = lone_block(tool) or {}
    return str(block.get("tool_use_id") or "") if is_result(block.get("type")) else ""


def is_ours(tool: HostedTool) -> bool:
    """Whether there is something to hand back that stands by itself."""
    return tool.opaque is not None and ("server_tool_use" in tool.opaque or "content_block" in tool.opaque)


def result_block(tool: HostedTool) -> dict[str, Any] | None:
    """The result as it came, or an empty one; None while the tool runs."""
    result = (tool.opaque or {}).get("tool_result")
    if isinstance(result, Mapping):
        return dict(result)
    if tool.status not in ("completed", "failed"):
        return None
    kind = f"{THEIR_NAMES.get(tool.name, tool.name)}{RESULT}"
    content: Any = {"type": f"{kind}_error", "error_code": "unavailable"} if tool.status == "failed" else []
    if kind == "code_execution_tool_result" and not content:
        content = {"type": "code_execution_result", "stdout": "", "stderr": "", "return_code": 0, "content": []}
    return {"type": kind, "tool_use_id": wire_id(tool.id), "content": content}


def findings(opaque: Mapping[str, Any]) -> list[str]:
    """What came of the tool: output of code or of an MCP server, the titles of pages, or why it failed."""
    result = opaque.get("tool_result")
    content = result.get("content") if isinstance(result, Mapping) else None
    entries = content if isinstance(content, list) else [content]
    return [_told(entry) for entry in entries if entry]


def _told(found: Any) -> str:
    if not isinstance(found, Mapping):
        return found if isinstance(found, str) else shown(found)
    texts = [found[name] for name in TEXTS if isinstance(found.get(name), str) and found[name]]
    return "\n".join(texts) if texts or "stdout" in found else shown(found)
