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
    """`opaque`, here as in every part: a vendor's own data under the wire's names, handed back unchanged.

    A format takes only the names that are its own: another format's data is left behind.
    """

    text: str = ""
    opaque: Mapping[str, Any] | None = None


class Reasoning(_Part, tag="reasoning", frozen=True):
    """What the model thought aloud, and for how long."""

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
    opaque: Mapping[str, Any] | None = None


class ToolResult(_Part, tag="tool_result", frozen=True):
    """What a tool gave, for the model. `name` is the tool's: Gemini pairs by it where there is no id.

    `seconds` is how long it took, where we ran it; it never goes on the wire.
    """

    call_id: str = ""
    content: str = ""
    is_error: bool = False
    name: str = ""
    seconds: float | None = None

    @property
    def in_words(self) -> str:
        """The content for a format that has no mark for an error: the model is to know that the tool failed."""
        says_so = not self.is_error or self.content[:5].lower() == "error"
        return self.content if says_so else f"Error: {self.content}"


class HostedTool(_Part, tag="hosted_tool", frozen=True):
    """A tool that the upstream ran itself, as `web_search`. `arguments` is JSON text: what it searched for.

    `status` is running, completed or failed. `opaque` holds its call and result as the wire said them.
    """

    id: str = ""
    name: str = ""
    arguments: str = ""
    status: str = ""
    opaque: Mapping[str, Any] | None = None


class Image(_Part, tag="image", frozen=True):
    """Either `data` (base64, with its media type) or an http(s) `url`; `asset` is the id under which we keep it."""

    media_type: str = ""
    data: str = ""
    url: str = ""
    asset: str = ""
    opaque: Mapping[str, Any] | None = None


class Audio(_Part, tag="audio", frozen=True):
    """`data` is base64; `transcript` is what it says; `asset` as in Image."""

    media_type: str = ""
    data: str = ""
    transcript: str = ""
    asset: str = ""


class File(_Part, tag="file", frozen=True):
    """A document, a video or a text that goes along: `data` (base64), or an http(s) `url`; `asset` as in Image."""

    name: str = ""
    media_type: str = ""
    data: str = ""
    url: str = ""
    asset: str = ""


class Citation(_Part, tag="citation", frozen=True):
    """A source the answer rests on; offsets count characters of the answer's text, all its Text parts joined.

    `quote` is the passage of the source, where it is given.
    """

    url: str = ""
    title: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""

    def moved(self, by: int) -> "Citation":
        """The same citation of a text that stands behind `by` more characters."""
        places = {name: at + by for name in ("start", "end") if (at := getattr(self, name)) is not None}
        return msgspec.structs.replace(self, **places) if by else self


Part = Text | Reasoning | Refusal | ToolCall | ToolResult | HostedTool | Image | Audio | File | Citation


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
    """A function that the model may call; `strict` holds its arguments to the schema, where a format can promise it."""

    name: str
    description: str = ""
    schema: Mapping[str, Any] = {}
    strict: bool = False


class ResponseSchema(msgspec.Struct, frozen=True):
    """The JSON schema that the answer must follow; `strict` where the format can promise it."""

    name: str
    schema: Mapping[str, Any] = {}
    strict: bool = True


class GenerationRequest(msgspec.Struct, frozen=True):
    """One generation. `parameters` are the format's own names and checked values; `extra` is merged last.

    `tool_choice` is "", "auto", "none", "required", or a tool's name. `web_search` asks for the format's own search.
    `previous_id` is the upstream's id of the answer to go on from, where the format keeps state.
    """

    model: str
    messages: tuple[Message, ...] = ()
    system: str = ""
    parameters: Mapping[str, Any] = {}
    tools: tuple[Tool, ...] = ()
    tool_choice: str = ""
    response_schema: ResponseSchema | None = None
    web_search: bool = False
    previous_id: str = ""
    stream: bool = True
    extra: Mapping[str, Any] = {}


KeyPlace = Literal["bearer", "x-api-key", "x-goog-api-key", "query"]


class HttpRequest(msgspec.Struct, frozen=True):
    """`path` begins behind the upstream's base URL, as in `/v1/chat/completions`; the key is added by the client.

    `key_as` says where the format has its key: Authorization, a header of its own, or `?key=` of the address.
    """

    method: str
    path: str
    headers: Mapping[str, str] = {}
    body: bytes = b""
    key_as: KeyPlace = "bearer"


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tokens as the upstream counted them; None where it did not say. `cost` is US dollars if it named one.

    `input_tokens` is all of the input: what was read from a cache (`cached_tokens`) or written to one is part of it, as
    `reasoning_tokens` is part of `output_tokens`. Of what was written, `hour_write_tokens` are kept for an hour.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None
    hour_write_tokens: int | None = None
