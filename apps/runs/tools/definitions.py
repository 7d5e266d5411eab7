"""The tools of one run: what the model is told of them, and what it takes to answer a call."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from apps.upstreams.secrets import KeyUnreadable
from apps.wire import messages as wire
from apps.wire.tolerant import loads

from ..models import Tool
from .built_in import BUILT_IN

BUILT_IN_KIND = "built_in"


class Address(msgspec.Struct, frozen=True):
    """Where an endpoint is and what opens it. `problem` says why it cannot be asked, as an unreadable secret."""

    url: str
    seconds: float
    header: str = ""
    secret: str = ""
    problem: str = ""

    def __repr__(self) -> str:
        return f"Address({self.url!r})"


class Definition(msgspec.Struct, frozen=True):
    """A tool as it is sent; `kind` is hand, endpoint or built_in. `schema` is JSON text."""

    name: str
    description: str
    schema: str
    kind: str
    address: Address | None = None
    strict: bool = False

    @property
    def by_hand(self) -> bool:
        return self.kind == Tool.Kind.HAND

    def for_model(self) -> wire.Tool:
        return wire.Tool(self.name, self.description, loads(self.schema.encode()), self.strict)


def chosen(owner, picked: Iterable[str]) -> tuple[Definition, ...]:
    """The owner's tools and the built-in ones among the ids and names; what is gone is left out."""
    picked = list(picked)
    if not picked:
        return ()
    mine = Tool.objects.for_user(owner).filter(id__in=[id for id in map(as_id, picked) if id])
    built_in = (BUILT_IN[name] for name in BUILT_IN if name in picked)
    return (
        *(_defined(tool) for tool in mine),
        *(Definition(tool.name, tool.description, tool.schema, BUILT_IN_KIND) for tool in built_in),
    )


def dumped(definitions: Iterable[Definition]) -> list[dict[str, Any]]:
    """As the run keeps them: without addresses, which may hold secrets too."""
    fields = ("name", "description", "schema", "kind", "strict")
    return [{name: getattr(definition, name) for name in fields} for definition in definitions]


def loaded(kept: Iterable[Mapping[str, Any]]) -> dict[str, Definition]:
    """What a run has kept, by name."""
    return {each["name"]: msgspec.convert(each, Definition) for each in kept}


def renewed(owner, kept: Iterable[Mapping[str, Any]]) -> tuple[Definition, ...]:
    """What a run has kept, to be sent once more: addresses are as they are now, and who answers is a person where the
    owner has no such tool any more."""
    tools = loaded(kept)
    mine = {tool.name: _defined(tool) for tool in Tool.objects.for_user(owner).filter(name__in=tools)}
    return tuple(_with_address(tool, mine.get(tool.name)) for tool in tools.values())


def _with_address(tool: Definition, now: Definition | None) -> Definition:
    if tool.kind != Tool.Kind.ENDPOINT:
        return tool
    address = now.address if now else None
    return msgspec.structs.replace(tool, address=address, kind=tool.kind if address else Tool.Kind.HAND)


def by_hand(kept: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The names of the tools among them that a person answers."""
    return frozenset(each["name"] for each in kept if each["kind"] == Tool.Kind.HAND)


def as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _defined(tool: Tool) -> Definition:
    address = _address(tool) if tool.kind == Tool.Kind.ENDPOINT else None
    return Definition(tool.name, tool.description, tool.schema, tool.kind, address, tool.strict)


def _address(tool: Tool) -> Address:
    try:
        return Address(tool.url, tool.seconds, tool.header, tool.reveal_secret())
    except KeyUnreadable as error:
        return Address(tool.url, tool.seconds, problem=str(error))
