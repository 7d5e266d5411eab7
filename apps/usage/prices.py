"""What a call cost, in US dollars, from the prices that were in force when it began and what it used.

The catalogue's prices stand on the model; a Price takes their place from its start on. The past is never priced anew.
"""

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db.models import DateTimeField, UUIDField
from django.utils import timezone

from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Usage
from apps.work.prepared import Select, Slot

from .models import Price

MILLION = Decimal(1_000_000)
# Writing to a cache is 1.25 times the input's price where nobody says, and 1.6 times that where it is kept for an hour:
# 2 times the input, as Anthropic has it.
WRITTEN, HOUR = Decimal("1.25"), Decimal("1.6")
_begun = Select(
    lambda: Price.objects.filter(
        model_id=Slot("model_id", UUIDField()), starts_at__lte=Slot("at", DateTimeField())
    ).order_by("-starts_at")[:1]
)


class Rates(msgspec.Struct, frozen=True):
    """US dollars for a million tokens of each kind, and for one `unit`; None where nobody says."""

    input_price: Decimal | None = None
    output_price: Decimal | None = None
    cached_price: Decimal | None = None
    cache_write_price: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None


def rates(model: Model, at: datetime | None = None) -> Rates:
    """What is in force then, or now: what somebody set, and for the rest the catalogue's word."""
    own = _begun.first(model_id=model.pk, at=at or timezone.now())
    found = {name: getattr(model, name) for name in Rates.__struct_fields__}
    if own is not None:
        found |= {name: value for name in found if (value := getattr(own, name)) not in (None, "")}
    return Rates(**found)


def cost_of(model: Model | None, usage: Usage, at: datetime | None = None) -> Decimal | None:
    """US dollars, or None where the model has no price. What was read from a cache or written to one is input too, at
    a price of its own where that is known."""
    price = Rates() if model is None else rates(model, at)
    if price.input_price is None or (price.output_price is None and usage.output_tokens):
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens or 0)
    written = min(usage.cache_write_tokens or 0, (usage.input_tokens or 0) - cached)
    hour = min(usage.hour_write_tokens or 0, written)
    fresh = (usage.input_tokens or 0) - cached - written
    cost = fresh * price.input_price + (usage.output_tokens or 0) * (price.output_price or 0)
    cost += cached * (price.input_price if price.cached_price is None else price.cached_price)
    write = price.input_price * WRITTEN if price.cache_write_price is None else price.cache_write_price
    cost += (written - hour + hour * HOUR) * write
    return cost / MILLION


def cost_of_units(model: Model | None, unit: str, units: float, at: datetime | None = None) -> Decimal | None:
    """US dollars for that many images, seconds, characters …; None where the model has no price for such a unit.

    What this server makes itself, as the sandbox does, is free.
    """
    if model is not None and model.upstream.kind != Upstream.Kind.GATEWAY:
        return Decimal(0)
    price = Rates() if model is None else rates(model, at)
    if price.unit_price is None:
        return None
    if price.unit == Model.Unit.REQUEST:
        return price.unit_price
    return price.unit_price * Decimal(str(units)) if price.unit in ("", unit) else None
