"""What is sent to a model and what comes back, in words that belong to no format.

Pure values: who owns a message and where it is stored is known elsewhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

Role = Literal["system", "user", "assistant", "tool"]


class _Part(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    pass


class Text(_Part, tag="text", frozen=True):
    text: str = ""


class Reasoning(_Part, tag="reasoning", frozen=True):
    """What the model thought aloud, and for how long.

    `opaque` is a vendor's own data, handed back unchanged on the next turn.
    """

    text: str = ""
    opaque: Mapping[str, Any] | None = None
    seconds: float | None = None


class Refusal(_Part, tag="refusal", frozen=True):
    text: str = ""


class ToolCall(_Part, tag="tool_call", frozen=True):
    """`arguments` is JSON text as the model wrote it, whole only when the part has ended."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class ToolResult(_Part, tag="tool_result", frozen=True):
    call_id: str = ""
    content: str = ""
    is_error: bool = False


class Image(_Part, tag="image", frozen=True):
    """Either `data` (base64, with its media type) or an http(s) `url`."""

    media_type: str = ""
    data: str = ""
    url: str = ""


class Audio(_Part, tag="audio", frozen=True):
    """`data` is base64; `transcript` is what it says."""

    media_type: str = ""
    data: str = ""
    transcript: str = ""


class Citation(_Part, tag="citation", frozen=True):
    """A source the answer rests on; offsets count characters of the answer's text."""

    url: str = ""
    title: str = ""
    start: int | None = None
    end: int | None = None


Part = Text | Reasoning | Refusal | ToolCall | ToolResult | Image | Audio | Citation


def kind_of(part: Part) -> str:
    """The part's tag, as it is stored and sent: `text`, `tool_call` …"""
    return str(type(part).__struct_config__.tag)


def said(parts: Iterable[Part]) -> str:
    """What the parts say in words: their texts and refusals."""
    return "".join(part.text for part in parts if isinstance(part, Text | Refusal))


class Message(msgspec.Struct, frozen=True):
    role: Role
    parts: tuple[Part, ...] = ()


class Tool(msgspec.Struct, frozen=True):
    name: str
    description: str = ""
    schema: Mapping[str, Any] = {}


class GenerationRequest(msgspec.Struct, frozen=True):
    """One generation. `parameters` are the format's own names and checked values; `extra` is merged last."""

    model: str
    messages: tuple[Message, ...] = ()
    system: str = ""
    parameters: Mapping[str, Any] = {}
    tools: tuple[Tool, ...] = ()
    tool_choice: str = ""
    stream: bool = True
    extra: Mapping[str, Any] = {}


class HttpRequest(msgspec.Struct, frozen=True):
    """`path` begins behind the upstream's base URL, as in `/v1/chat/completions`; the key is added by the client."""

    method: str
    path: str
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tokens as the upstream counted them; None where it did not say. `cost` is US dollars if it named one."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None
