"""The wire formats by name. Each is a package with the same modules: to know one is to know all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from . import openai_chat
from .events import Event
from .exceptions import UnknownFormat
from .messages import GenerationRequest, HttpRequest
from .parameters import Parameter


class StreamEncoder(Protocol):
    def encode(self, event: Event) -> bytes: ...
    def finish(self) -> bytes: ...


class EventDecoder(Protocol):
    @property
    def done(self) -> bool: ...
    def feed(self, chunk: bytes) -> list[Event]: ...
    def finish(self) -> list[Event]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """Both directions of one wire format: the client half drives upstreams, the server half serves."""

    name: str
    label: str
    path: str
    build: Callable[[GenerationRequest], HttpRequest]
    parse: Callable[[HttpRequest], GenerationRequest]
    Decoder: Callable[[str], EventDecoder]
    Encoder: Callable[[], StreamEncoder]
    parse_reply: Callable[[bytes], list[Event]]
    build_reply: Callable[[Iterable[Event]], bytes]
    PARAMETERS: tuple[Parameter, ...]


FORMATS: dict[str, Format] = {
    "openai_chat": Format(
        name="openai_chat",
        label="Chat Completions",
        path=openai_chat.PATH,
        build=openai_chat.build,
        parse=openai_chat.parse,
        Decoder=openai_chat.Decoder,
        Encoder=openai_chat.Encoder,
        parse_reply=openai_chat.parse_reply,
        build_reply=openai_chat.build_reply,
        PARAMETERS=openai_chat.PARAMETERS,
    )
}


def get(name: str) -> Format:
    """The format of that name; raises UnknownFormat."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UnknownFormat(f"There is no wire format named {name}.") from None
