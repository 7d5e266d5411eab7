"""What a call cost, in US dollars, from a model's prices and the tokens it used."""

from decimal import Decimal

from apps.upstreams.models import Model
from apps.wire.messages import Usage

MILLION = Decimal(1_000_000)


def cost_of(model: Model | None, usage: Usage) -> Decimal | None:
    """US dollars, or None where the model has no price. Cached input tokens are part of the input tokens."""
    if model is None or model.input_price is None or model.output_price is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens or 0)
    cached_price = model.input_price if model.cached_price is None else model.cached_price
    fresh = (usage.input_tokens or 0) - cached
    return (
        fresh * model.input_price + cached * cached_price + (usage.output_tokens or 0) * model.output_price
    ) / MILLION
