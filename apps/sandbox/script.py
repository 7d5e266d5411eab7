"""A scripted answer, and the events that a model would make of it."""

import base64
import itertools
import re
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from apps.wire.events import (
    AudioDelta,
    Event,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    UsageReported,
)
from apps.wire.messages import (
    Audio,
    Citation,
    GenerationRequest,
    HostedTool,
    Image,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    Usage,
)
from apps.wire.tokens import estimate

from .library import samples_of
from .signatures import signed

TOKENS_PER_SECOND = 60.0
SOUND_PIECE = 4800
FINGERPRINT = "fp_sandbox"
DRAFTING = ("openai_responses",)
CITING = ("openai_chat", "openai_responses")
WORDLESS = ("gemini",)
SILENT = ("anthropic_messages",)
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef"
_TOKEN = re.compile(rf"[{_WIDE}]{{1,2}}|\s*[^\s{_WIDE}]{{1,6}}|\s+")


class Script(msgspec.Struct, frozen=True):
    """`rate` is tokens a second; 0 is as fast as it goes. `model` answers, where it is another than the one asked.

    `drafts` are pictures that come before an image; `signed` puts the format's signatures on the thoughts.
    """

    parts: tuple[Part, ...]
    rate: float = TOKENS_PER_SECOND
    reason: str = "stop"
    usage: bool = True
    signed: bool = False
    drafts: tuple[str, ...] = ()
    model: str = ""
    cached: int = 0


def tokens(text: str) -> Iterator[str]:
    """The text in pieces of the size that models send."""
    return (match.group() for match in _TOKEN.finditer(text))


def events(script: Script, request: GenerationRequest, id: str, format: str) -> Iterator[Event]:
    """The whole answer in that format, from Started to Finished."""
    yield Started(id=id, model=script.model or request.model, fingerprint=FINGERPRINT)
    parts = signed(script.parts, format) if script.signed else script.parts
    heard = [part for whole in parts for part in _heard(whole, format)]
    drafts, index = script.drafts if format in DRAFTING else (), 0
    while index < len(heard):
        part = heard[index]
        sources = _behind(heard, index) if isinstance(part, Text) and format in CITING else []
        if isinstance(part, Text) and sources:
            yield from _cited(index, part, sources)
        else:
            yield from _part(index, part, drafts)
        index += 1 + len(sources)
    if script.usage:
        yield UsageReported(_usage(script, request))
    yield Finished(reason=script.reason)


def _heard(part: Part, format: str) -> tuple[Part, ...]:
    """A sound as the format has it: with what it says, with that beside it, or that alone."""
    if not isinstance(part, Audio) or format not in (*SILENT, *WORDLESS):
        return (part,)
    said = Text(part.transcript)
    return (said,) if format in SILENT else (said, replace(part, transcript=""))


def _behind(parts: list[Part], index: int) -> list[Citation]:
    """The citations right behind a text."""
    behind = itertools.takewhile(lambda part: isinstance(part, Citation), parts[index + 1 :])
    return [part for part in behind if isinstance(part, Citation)]


def _cited(index: int, text: Text, sources: list[Citation]) -> Iterator[Event]:
    """A text whose sources are told as soon as what rests on them is said; it is the first of its answer."""
    said, waiting = 0, list(enumerate(sources, index + 1))
    yield PartStarted(index, Text())
    for token in [*tokens(text.text), ""]:
        if token:
            yield PartDelta(index, token)
        said += len(token)
        while waiting and (not token or (waiting[0][1].end or 0) <= said):
            place, source = waiting.pop(0)
            yield from (PartStarted(place, source), PartEnded(place))
    yield PartEnded(index, Text(opaque=text.opaque) if text.opaque else None)


def _part(index: int, part: Part, drafts: tuple[str, ...]) -> Iterator[Event]:
    match part:
        case ToolCall():
            yield PartStarted(index, ToolCall(id=part.id, name=part.name))
            yield from (PartDelta(index, token) for token in tokens(part.arguments))
            yield PartEnded(index, ToolCall(opaque=part.opaque) if part.opaque else None)
        case Text() | Reasoning():
            yield PartStarted(index, type(part)())
            yield from (PartDelta(index, token) for token in tokens(part.text))
            yield PartEnded(index, type(part)(opaque=part.opaque) if part.opaque else None)
        case Refusal():
            yield PartStarted(index, Refusal())
            yield from (PartDelta(index, token) for token in tokens(part.text))
            yield PartEnded(index)
        case HostedTool():
            yield from _hosted(index, part)
        case Audio():
            yield from _spoken(index, part)
        case Image() if drafts:
            yield PartStarted(index, replace(part, data=""))
            yield from (PartUpdated(index, replace(part, data=draft)) for draft in drafts)
            yield PartEnded(index, part)
        case _:
            yield PartStarted(index, part)
            yield PartEnded(index)


def _hosted(index: int, tool: HostedTool) -> Iterator[Event]:
    yield PartStarted(index, HostedTool(id=tool.id, name=tool.name, status="running"))
    yield PartDelta(index, tool.arguments)
    yield PartUpdated(index, HostedTool(status="completed"))
    yield PartEnded(index, HostedTool(status="completed", opaque=tool.opaque))


def _spoken(index: int, audio: Audio) -> Iterator[Event]:
    """Words and sound in turn, the sound in pieces of a tenth of a second."""
    yield PartStarted(index, Audio())
    yield from (PartDelta(index, token) for token in tokens(audio.transcript))
    samples = samples_of(audio.data)
    for start in range(0, len(samples), SOUND_PIECE):
        yield AudioDelta(index, base64.b64encode(samples[start : start + SOUND_PIECE]).decode())
    yield PartEnded(index, Audio(media_type=audio.media_type, data=audio.data))


def _usage(script: Script, request: GenerationRequest) -> Usage:
    asked = request.system + "".join(_said(part) for message in request.messages for part in message.parts)
    thoughts = sum(estimate(part.text) for part in script.parts if isinstance(part, Reasoning))
    answered = sum(estimate(_said(part)) for part in script.parts)
    return Usage(
        input_tokens=estimate(asked) + script.cached,
        output_tokens=answered + thoughts,
        cached_tokens=script.cached,
        cache_write_tokens=0,
        reasoning_tokens=thoughts,
    )


def _said(part: Part) -> str:
    match part:
        case ToolCall():
            return part.arguments
        case Audio():
            return part.transcript
        case Text() | Refusal():
            return part.text
    return ""
