"""Tools that Google runs itself: a part for the call and one for what came of it, which go back as they came."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ..messages import HostedTool
from ..tolerant import shown
from . import fields

CODE = "code_interpreter"
NAMES = {
    "GOOGLE_SEARCH_WEB": "web_search",
    "GOOGLE_SEARCH_IMAGE": "image_search",
    "URL_CONTEXT": "web_fetch",
    "FILE_SEARCH": "file_search",
}


def begun(part: Mapping[str, Any]) -> HostedTool | None:
    """The tool of an `executableCode` or a `toolCall`; None for another part."""
    if isinstance(found := part.get("executableCode"), dict):
        arguments = {name: value for name, value in found.items() if name != "id"}
        return HostedTool(_id(found), CODE, shown(arguments), "running", {"parts": [part]})
    if isinstance(found := part.get("toolCall"), dict):
        found = fields.camelled(found)
        return HostedTool(_id(found), _name(found), shown(found.get("args") or {}), "running", {"parts": [part]})
    return None


def ended(part: Mapping[str, Any]) -> HostedTool | None:
    """What a `codeExecutionResult` or a `toolResponse` tells of its tool; None for another part."""
    if isinstance(found := part.get("codeExecutionResult"), dict):
        status = "completed" if found.get("outcome") == "OUTCOME_OK" else "failed"
        return HostedTool(_id(found), CODE, status=status, opaque={"parts": [part]})
    if isinstance(found := part.get("toolResponse"), dict):
        found = fields.camelled(found)
        return HostedTool(_id(found), _name(found), status="completed", opaque={"parts": [part]})
    return None


def own_parts(tool: HostedTool) -> list[dict[str, Any]]:
    """The parts in which Google told a tool that it ran; none of a tool that another format tells."""
    parts = (tool.opaque or {}).get("parts")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def whole(tool: HostedTool, end: HostedTool) -> HostedTool:
    """The tool with what came of it."""
    parts = own_parts(tool) + own_parts(end)
    return msgspec.structs.replace(tool, status=end.status, opaque={"parts": parts})


def belong(tool: HostedTool, end: HostedTool) -> bool:
    return tool.status == "running" and key_of(tool) == key_of(end)


def key_of(tool: HostedTool) -> str:
    """By what a call and its result find each other: the id, if there is one."""
    return tool.id or tool.name


def _id(found: Mapping[str, Any]) -> str:
    id = found.get("id")
    return id if isinstance(id, str) else ""


def _name(found: Mapping[str, Any]) -> str:
    kind = found.get("toolType")
    return NAMES.get(kind, kind.lower()) if isinstance(kind, str) else ""


def findings(opaque: Mapping[str, Any]) -> list[str]:
    """What came of the tool: the output of code, or an answer as JSON."""
    found: list[str] = []
    for part in own_parts(HostedTool(opaque=opaque)):
        result, answer = part.get("codeExecutionResult"), part.get("toolResponse")
        if isinstance(result, dict) and isinstance(result.get("output"), str):
            found.append(result["output"])
        if isinstance(answer, dict) and (response := answer.get("response")):
            found.append(response if isinstance(response, str) else shown(response))
    return found
