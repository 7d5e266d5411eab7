"""A scripted answer, and the events that a model would make of it."""

import re
from collections.abc import Iterator

import msgspec

from apps.wire.events import Event, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import GenerationRequest, Part, Reasoning, Refusal, Text, ToolCall, Usage
from apps.wire.tokens import estimate

TOKENS_PER_SECOND = 60.0
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef"
_TOKEN = re.compile(rf"[{_WIDE}]{{1,2}}|\s*[^\s{_WIDE}]{{1,6}}|\s+")


class Script(msgspec.Struct, frozen=True):
    """`rate` is tokens a second; 0 is as fast as it goes."""

    parts: tuple[Part, ...]
    rate: float = TOKENS_PER_SECOND
    reason: str = "stop"
    usage: bool = True


def tokens(text: str) -> Iterator[str]:
    """The text in pieces of the size that models send."""
    return (match.group() for match in _TOKEN.finditer(text))


def events(script: Script, request: GenerationRequest) -> Iterator[Event]:
    """The whole answer, from Started to Finished."""
    yield Started(id="chatcmpl-sandbox", model=request.model)
    for index, part in enumerate(script.parts):
        yield from _part(index, part)
    if script.usage:
        yield UsageReported(_usage(script, request))
    yield Finished(reason=script.reason, raw=script.reason)


def _part(index: int, part: Part) -> Iterator[Event]:
    match part:
        case ToolCall():
            yield PartStarted(index, ToolCall(id=part.id, name=part.name))
            yield from (PartDelta(index, token) for token in tokens(part.arguments))
        case Text() | Reasoning() | Refusal():
            yield PartStarted(index, type(part)())
            yield from (PartDelta(index, token) for token in tokens(part.text))
        case _:
            yield PartStarted(index, part)
    yield PartEnded(index)


def _usage(script: Script, request: GenerationRequest) -> Usage:
    asked = request.system + "".join(_said(part) for message in request.messages for part in message.parts)
    thoughts = sum(estimate(part.text) for part in script.parts if isinstance(part, Reasoning))
    answered = sum(estimate(_said(part)) for part in script.parts)
    return Usage(
        input_tokens=estimate(asked),
        output_tokens=answered + thoughts,
        cached_tokens=0,
        reasoning_tokens=thoughts,
    )


def _said(part: Part) -> str:
    if isinstance(part, ToolCall):
        return part.arguments
    return part.text if isinstance(part, Text | Refusal) else ""
