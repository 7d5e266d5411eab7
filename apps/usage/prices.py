"""What a call cost, in US dollars, from a model's prices and the tokens it used."""

from decimal import Decimal

from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Usage

MILLION = Decimal(1_000_000)


def cost_of(model: Model | None, usage: Usage) -> Decimal | None:
    """US dollars, or None where the model has no price. What was read from a cache or written to one is input too, at
    a price of its own where that is known."""
    if model is None or model.input_price is None or (model.output_price is None and usage.output_tokens):
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens or 0)
    written = min(usage.cache_write_tokens or 0, (usage.input_tokens or 0) - cached)
    fresh = (usage.input_tokens or 0) - cached - written
    cost = fresh * model.input_price + (usage.output_tokens or 0) * (model.output_price or 0)
    cost += cached * (model.input_price if model.cached_price is None else model.cached_price)
    cost += written * (model.input_price if model.cache_write_price is None else model.cache_write_price)
    return cost / MILLION


def cost_of_units(model: Model | None, unit: str, units: float) -> Decimal | None:
    """US dollars for that many images, seconds, characters …; None where the model has no price for such a unit.

    What this server makes itself, as the sandbox does, is free.
    """
    if model is not None and model.upstream.kind != Upstream.Kind.GATEWAY:
        return Decimal(0)
    if model is None or model.unit_price is None:
        return None
    if model.unit == Model.Unit.REQUEST:
        return model.unit_price
    return model.unit_price * Decimal(str(units)) if model.unit in ("", unit) else None
