"""The wire formats by name. Each is a package with the same modules: to know one is to know all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from . import anthropic_messages, gemini, openai_chat, openai_responses
from .events import Event, Failed
from .exceptions import UnknownFormat
from .messages import GenerationRequest, HttpRequest
from .parameters import Parameter


class StreamEncoder(Protocol):
    def encode(self, event: Event) -> bytes: ...
    def finish(self) -> bytes: ...


class EventDecoder(Protocol):
    """`poll` is a path to ask again, where the upstream works in the background; '' once the answer has ended.

    `resume` is the path from which a stream that was cut goes on where it stopped; '' where only a look is left.
    """

    @property
    def done(self) -> bool: ...
    @property
    def poll(self) -> str: ...
    @property
    def resume(self) -> str: ...
    def feed(self, chunk: bytes) -> list[Event]: ...
    def finish(self) -> list[Event]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """Both directions of one wire format: the client half drives upstreams, the server half serves.

    `takes` names what a request can carry: image, pdf, audio, video, text_file, tools, strict (of a tool),
    schema, web_search, state.
    `owns` names the opaque data of parts that this format reads back; that of other formats stays behind.
    `amend(request, failed)` is the request to try once more with, if the upstream refused this one for something that
    can be left away (reasoning of another account, streaming); None otherwise.
    """

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
    takes: frozenset[str]
    owns: frozenset[str]
    amend: Callable[[GenerationRequest, Failed], GenerationRequest | None]


def _format(name: str, label: str, package: Any) -> Format:
    return Format(
        name=name,
        label=label,
        path=package.PATH,
        build=package.build,
        parse=package.parse,
        Decoder=package.Decoder,
        Encoder=package.Encoder,
        parse_reply=package.parse_reply,
        build_reply=package.build_reply,
        PARAMETERS=package.PARAMETERS,
        takes=package.TAKES,
        owns=package.OWNS,
        amend=package.amend,
    )


FORMATS: dict[str, Format] = {
    "openai_chat": _format("openai_chat", "Chat Completions", openai_chat),
    "openai_responses": _format("openai_responses", "Responses", openai_responses),
    "anthropic_messages": _format("anthropic_messages", "Anthropic Messages", anthropic_messages),
    "gemini": _format("gemini", "Gemini", gemini),
}


def get(name: str) -> Format:
    """The format of that name; raises UnknownFormat."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UnknownFormat(f"There is no wire format named {name}.") from None
