"""What a revision holds: pure values. The public page is made of these alone, never of the conversation."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

import msgspec

from apps.runs.metrics import Spent
from apps.wire.messages import Part

FAILED = "failed"
# Fields that say what the others are: no text of anybody's.
STRUCTURE = frozenset({"kind", "role", "status", "format", "asset", "media_type", "data", "id", "call_id"})


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an answer was made. `parameters` is None where they are not shared; `error` is FAILED where it failed: what
    was said of it names upstreams and their addresses."""

    model: str = ""
    format: str = ""
    status: str = ""
    finish_reason: str = ""
    truncated: bool = False
    answered_model: str = ""
    tool_rounds: int = 0
    error: str = ""
    is_document: bool = False
    spent: Spent | None = None
    parameters: Mapping[str, Any] | None = None


class Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message. `found` is what tools of the upstream gave, by the place of their part."""

    number: int
    role: str
    parts: tuple[Part, ...] = ()
    found: Mapping[str, str] = {}
    made: Made | None = None


class Branch(msgspec.Struct, frozen=True):
    """Turns that begin below the turn `after`, 0 for none, beside those that are on show."""

    after: int
    turns: tuple[Turn, ...]


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """`by` is who shared it, '' for nobody's name; `files` are the names of its files by their ids there."""

    title: str
    turns: tuple[Turn, ...]
    by: str = ""
    system_prompt: str = ""
    branches: tuple[Branch, ...] = ()
    files: Mapping[str, str] = {}

    @property
    def all_turns(self) -> Iterator[Turn]:
        yield from self.turns
        for branch in self.branches:
            yield from branch.turns


def dump(content: Content) -> dict[str, Any]:
    return msgspec.to_builtins(content)


def load(data: Mapping[str, Any]) -> Content:
    return msgspec.convert(data, Content)


def texts(value: Any, structure: Set[str] = STRUCTURE) -> Iterator[str]:
    """Every text of dumped content that somebody wrote."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name not in structure:
                yield name
                yield from texts(item, _within(name, structure))
    elif isinstance(value, Sequence):
        for item in value:
            yield from texts(item, structure)


def changed(value: Any, change: Callable[[str], str], structure: Set[str] = STRUCTURE) -> Any:
    """The same with each of those texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {
            name if name in structure else change(name): item
            if name in structure
            else changed(item, change, _within(name, structure))
            for name, item in value.items()
        }
    if isinstance(value, Sequence):
        return [changed(item, change, structure) for item in value]
    return value


def _within(name: str, structure: Set[str]) -> Set[str]:
    """In parameters every name is its writer's own."""
    return frozenset() if name == "parameters" else structure
