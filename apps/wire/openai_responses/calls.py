"""Calls of the output under way: of the client's tools, and of those that the upstream runs itself."""

from typing import Any

from ..messages import HostedTool, Image, ToolCall
from ..tolerant import dumps, shown
from .assembly import Assembly
from .hosted import STATES, TOOLS, arguments_of, state_of
from .items import Growing, Item, Section
from .pieces import kept, picture_of


class Call(Item):
    """A call of a function or of a custom tool; the latter's input is a text of any kind. Results name its call_id."""

    def __init__(self, parts: Assembly, kind: str, id: str, number: int) -> None:
        super().__init__(parts, kind, id)
        self._number = number
        self._growing = Growing(-1)

    def tell(self, document: dict[str, Any]) -> None:
        super().tell({**self.told, **document})
        if self._said("name") and self._said("call_id"):
            self._show()

    def delta(self, section: Section, text: str) -> None:
        self._growing.pieces.append(text)
        if self._growing.index >= 0:
            self.parts.grow(self._growing.index, text)

    def whole(self, section: Section, text: str) -> None:
        if missing := self._growing.missing(text):
            self.delta(section, missing)

    def fill(self, document: dict[str, Any]) -> None:
        arguments = document.get("arguments", document.get("input"))
        if isinstance(arguments, dict | list):
            arguments = shown(arguments)
        self._show()
        if type(arguments) is str:
            self.whole((None, 0), arguments)

    def end(self) -> None:
        opaque = self._opaque()
        longer = self._growing.longer
        self.parts.end(self._growing.index, ToolCall(arguments=longer, opaque=opaque) if longer or opaque else None)

    def _show(self) -> None:
        """Begins the part. What was never named gets an id of its own, as its result must name one."""
        if self._growing.index >= 0:
            return
        self.parts.called = True
        id = self._said("call_id") or self.id or f"call_{self._number}"
        opaque = {"item": {"type": self.kind}} if self.kind == "custom_tool_call" else None
        self._growing.index = self.parts.begin(ToolCall(id=id, name=self._said("name"), opaque=opaque))
        if self._growing.pieces:
            self.parts.grow(self._growing.index, self._growing.text)

    def _opaque(self) -> dict[str, Any] | None:
        item = {name: self.told[name] for name in ("namespace", "caller") if self.told.get(name)}
        if self.parts.signed and self.id:
            item["id"] = self.id
        if item and self.kind == "custom_tool_call":
            item["type"] = self.kind
        return {"item": item} if item else None

    def _said(self, name: str) -> str:
        value = self.told.get(name)
        return value if type(value) is str else ""


class Hosted(Item):
    """A tool that the upstream runs: its state is told as it changes, its arguments and result when it is done."""

    def __init__(self, parts: Assembly, kind: str, id: str) -> None:
        super().__init__(parts, kind, id)
        self._index = -1
        self._state = "running"
        self._asked = Growing(-1)

    def tell(self, document: dict[str, Any]) -> None:
        super().tell(document)
        self._begin()

    def news(self, word: str) -> None:
        """The last word of an event's name: in_progress, searching, completed …"""
        self._begin()
        state = STATES.get(word, "running")
        if state != self._state:
            self._state = state
            self.parts.update(self._index, HostedTool(status=state))

    def delta(self, section: Section, text: str) -> None:
        """Arguments are JSON text: code becomes a string of it as it comes."""
        self._begin()
        if section[0] == "code":
            text = ("" if self._asked.pieces else CODE) + _escaped(text)
        self._grow(text)

    def whole(self, section: Section, text: str) -> None:
        self._begin()
        missing = self._asked.missing(CODE + _escaped(text) if section[0] == "code" else text)
        if missing:
            self._grow(missing)

    def fill(self, document: dict[str, Any]) -> None:
        self._begin()
        if self._asked.pieces and self.kind == "code_interpreter_call":
            self._grow('"}')

    def end(self) -> None:
        if not self.complete:
            self.parts.end(self._index)
            return
        arguments = arguments_of(self.told)
        told = "" if arguments == self._asked.text else arguments
        item = {name: value for name, value in kept(self.document).items() if name != "result"}
        self.parts.end(self._index, HostedTool(arguments=told, status=state_of(self.document), opaque={"item": item}))

    def _grow(self, text: str) -> None:
        self._asked.pieces.append(text)
        self.parts.grow(self._index, text)

    def _begin(self) -> None:
        if self._index < 0:
            self._index = self.parts.begin(HostedTool(id=self.id, name=TOOLS[self.kind], status="running"))


class Picture(Hosted):
    """The making of an image: beside the tool stands the image, first its partial ones, each laid over the last."""

    def __init__(self, parts: Assembly, kind: str, id: str) -> None:
        super().__init__(parts, kind, id)
        self._image = -1

    def show(self, data: str, format: Any) -> None:
        """A partial image."""
        self._begin()
        image = picture_of(data, format)
        if self._image < 0:
            self._image = self.parts.begin(image)
        else:
            self.parts.update(self._image, image)

    def fill(self, document: dict[str, Any]) -> None:
        self._begin()
        result = document.get("result")
        if type(result) is str and result:
            if self._image < 0:
                self._image = self.parts.begin(Image())
            self.parts.end(self._image, picture_of(result, document.get("output_format")))
        elif self._image >= 0:
            self.parts.end(self._image)


CODE = '{"code":"'


def _escaped(text: str) -> str:
    return dumps(text).decode()[1:-1]
