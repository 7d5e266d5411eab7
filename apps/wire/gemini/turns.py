"""The contents of a request read back into messages."""

from typing import Any

from ..exceptions import InvalidRequest
from ..messages import HostedTool, Message, Part, Reasoning, Role, Text, ToolCall, ToolResult
from ..tolerant import shown
from . import fields, hosted
from .contents import UNSIGNED
from .pieces import SIGNATURE, arguments_of, blob_of, linked, made_id, media_of, name_of, opaque_of

ROLES: dict[str, Role] = {"user": "user", "model": "assistant", "function": "user"}


class Turns:
    """Reads contents. A call without an id gets one; a result without one is of the first open call of its name."""

    def __init__(self) -> None:
        self._open: list[ToolCall] = []
        self._calls = 0

    def read(self, contents: Any) -> tuple[Message, ...]:
        """Raises InvalidRequest."""
        contents = [contents] if isinstance(contents, dict) else contents
        if not isinstance(contents, list) or not contents:
            raise InvalidRequest("There must be at least one content.", "contents")
        messages: list[Message] = []
        for content in contents:
            messages += self._content(content)
        return tuple(messages)

    def _content(self, content: Any) -> list[Message]:
        role = ROLES.get(str(content.get("role") or "user")) if isinstance(content, dict) else None
        parts = content.get("parts") if isinstance(content, dict) else None
        if role is None or not isinstance(parts, list) or not parts:
            raise InvalidRequest("A content must have parts and a role: user or model.", "contents")
        read = [self._part(part, role) for part in parts]
        results = tuple(part for part in read if isinstance(part, ToolResult))
        others = tuple(_paired([part for part in read if not isinstance(part, ToolResult)]))
        found = [Message("tool", results)] if results else []
        return [*found, Message(role, others)] if others else found

    def _part(self, part: Any, role: Role) -> Part:
        found = fields.camelled(part) if isinstance(part, dict) else {}
        if isinstance(text := found.get("text"), str):
            kind = Reasoning if found.get("thought") is True else Text
            return kind(text, opaque=opaque_of(found))
        for name in ("functionCall", "functionResponse", "inlineData", "fileData"):
            if isinstance(inner := found.get(name), dict) and (read := self._read(name, fields.camelled(inner), found)):
                return read
        if role == "assistant" and (own := hosted.begun(found) or hosted.ended(found)):
            return own
        raise InvalidRequest(f"This part of a content is not understood: {shown(part)[:200]}", "contents")

    def _read(self, name: str, inner: dict[str, Any], part: dict[str, Any]) -> Part | None:
        if name == "functionCall":
            return self._call(inner, part)
        if name == "functionResponse":
            return self._result(inner)
        draft = {"thought": True} if part.get("thought") is True else {}
        opaque = draft | (opaque_of(part) or {}) or None
        if name == "fileData":
            return linked(inner, opaque)
        media_type, data = blob_of(inner)
        return media_of(media_type, data, opaque, name_of(inner)) if data else None

    def _call(self, found: dict[str, Any], part: dict[str, Any]) -> ToolCall | None:
        id, name = found.get("id"), found.get("name")
        if not isinstance(name, str):
            return None
        if not isinstance(id, str) or not id:
            id = made_id("", self._calls)
        opaque = None if part.get(SIGNATURE) == UNSIGNED else opaque_of(part)
        call = ToolCall(id=id, name=name, arguments=arguments_of(found.get("args")), opaque=opaque)
        self._calls += 1
        self._open.append(call)
        return call

    def _result(self, found: dict[str, Any]) -> ToolResult | None:
        id, name = found.get("id"), found.get("name")
        if not isinstance(name, str):
            return None
        call = next((call for call in self._open if (call.id == id if id else call.name == name)), None)
        if call:
            self._open.remove(call)
        content, failed = _content_of(found.get("response"))
        id = id if isinstance(id, str) and id else call.id if call else ""
        return ToolResult(call_id=id, content=content, is_error=failed, name=name)


def _content_of(response: Any) -> tuple[str, bool]:
    """What the tool gave, and whether it is an error: a text alone comes wrapped."""
    if isinstance(response, dict) and len(response) == 1:
        for name in ("result", "output", "error"):
            if isinstance(text := response.get(name), str):
                return text, name == "error"
    return response if isinstance(response, str) else shown(response), False


def _paired(parts: list[Part]) -> list[Part]:
    """A hosted tool's call and its result are one part of ours."""
    paired: list[Part] = []
    for part in parts:
        before = paired[-1] if paired else None
        if isinstance(part, HostedTool) and isinstance(before, HostedTool) and hosted.belong(before, part):
            paired[-1] = hosted.whole(before, part)
        else:
            paired.append(part)
    return paired
