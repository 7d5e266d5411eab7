"""What a call may take, before it is made."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.messages import Audio, File, GenerationRequest, Image, ToolCall, ToolResult, Usage, said
from apps.wire.tokens import estimate

from ..prices import cost_of, cost_of_units

# Where nobody says how long the answer may be: longer ones are rare, and what they take is settled after them.
ANSWER = 4_096
# What an image or a page or two may be read as.
ATTACHED = 1_500
MOST = 100_000_000


class Estimate(msgspec.Struct, frozen=True):
    """`money` is US dollars, None where the model has no price."""

    tokens: int = 0
    money: Decimal | None = None


def of_request(model: Model, format: str, request: GenerationRequest) -> Estimate:
    """All of what is asked read once, and as much written as the answer may be long."""
    reads = estimate(request.system) + sum(_read(part) for message in request.messages for part in message.parts)
    reads += sum(estimate(f"{tool.description}{tool.schema}") for tool in request.tools)
    usage = Usage(input_tokens=reads, output_tokens=_longest(format, request))
    return Estimate((usage.input_tokens or 0) + (usage.output_tokens or 0), cost_of(model, usage))


def of_media(model: Model, units: tuple[str, float], texts: Iterable[str] = ()) -> Estimate:
    """By the units that are made, else by the tokens of the `texts` that are read."""
    tokens = sum(estimate(text) for text in texts if text)
    money = cost_of_units(model, *units)
    if money is None and tokens:
        money = cost_of(model, Usage(input_tokens=tokens))
    return Estimate(tokens, money)


def _read(part) -> int:
    if isinstance(part, Image | Audio | File):
        return ATTACHED
    if isinstance(part, ToolCall):
        return estimate(part.arguments)
    return estimate(part.content) if isinstance(part, ToolResult) else estimate(said([part]))


def _longest(format: str, request: GenerationRequest) -> int:
    """The limit that the request sets, in whatever words of its format."""
    for parameter in formats.get(format).PARAMETERS:
        if "max_completion_tokens" in (parameter.means, parameter.name):
            given = request.parameters.get(parameter.name)
            if isinstance(given, int) and given > 0:
                return min(given, MOST)
    return ANSWER
