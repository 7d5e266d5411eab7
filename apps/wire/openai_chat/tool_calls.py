"""Tool calls out of their fragments. Gateways number them loosely: see `ToolCalls`."""

from typing import Any

from ..messages import ToolCall
from ..tolerant import shown
from .assembly import Assembly
from .pieces import signature_of


class _Call:
    """A call under way. It is shown once id and name are known; until then its arguments wait."""

    __slots__ = ("arguments", "id", "index", "name", "opaque", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.id = self.name = self.arguments = ""
        self.index: int | None = None
        self.opaque: dict[str, Any] | None = None


class ToolCalls:
    """Fragments are merged by `index` as a map key, not a position: Claude channels of new-api begin at 1 or 2.

    A different id, or name, under a used index is a new call: older Gemini channels begin at 0 with every chunk.
    A fragment without index goes to the call of its id, or to the last one.
    """

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._calls: list[_Call] = []
        self._latest: dict[int | None, _Call] = {}
        self._known: dict[tuple[int | None, str], _Call] = {}

    def take(self, fragments: list[Any], whole: bool) -> list[Any]:
        """Merges fragments; `whole` ones are complete calls in a row. Gives back those that are no fragments."""
        strange = []
        for position, fragment in enumerate(fragments):
            if not isinstance(fragment, dict):
                strange.append(fragment)
                continue
            index = fragment.get("index")
            if whole or (type(index) is not int and len(fragments) > 1):
                index = position
            call = self._merge(index if type(index) is int else None, _text(fragment.get("id")), _function(fragment))
            call.opaque = signature_of(fragment) or call.opaque
        return strange

    def close(self) -> None:
        """Shows calls that never told their id or name; a missing id is made, as their results must name one."""
        for call in self._calls:
            if call.index is None and (call.name or call.arguments):
                self._show(call)
            if call.index is not None and call.opaque:
                self._assembly.sign(call.index, ToolCall(opaque=call.opaque))

    def _merge(self, index: int | None, id: str, function: tuple[str, str]) -> _Call:
        name, arguments = function
        call = self._find(index, id, name)
        call.id = call.id or id
        call.name = call.name or name
        self._latest[index] = self._latest[None] = call
        if id:
            self._known[index, id] = call
            self._known.setdefault((None, id), call)
        if call.index is not None:
            if arguments:
                self._assembly.grow(call.index, arguments)
            return call
        call.arguments += arguments
        if call.id and call.name:
            self._show(call)
        return call

    def _find(self, index: int | None, id: str, name: str) -> _Call:
        if id and (known := self._known.get((index, id))):
            return known
        call = self._latest.get(index)
        if call is None or (id and call.id) or (not id and name and call.name and call.name != name):
            call = _Call(len(self._calls))
            self._calls.append(call)
        return call

    def _show(self, call: _Call) -> None:
        call.index = self._assembly.call(call.id or f"call_{call.position}", call.name)
        if call.arguments:
            self._assembly.grow(call.index, call.arguments)


def _function(fragment: dict[str, Any]) -> tuple[str, str]:
    """Name and arguments. A custom tool has an input; some gateways send the arguments as an object."""
    function = fragment.get("function") or fragment.get("custom")
    if not isinstance(function, dict):
        return "", ""
    arguments = function.get("arguments", function.get("input"))
    if isinstance(arguments, dict | list):
        arguments = shown(arguments)
    return _text(function.get("name")), _text(arguments)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
