"""What is publicly known of a model: its context window and its vendor's list prices, from the data of genai-prices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """Prices are US dollars per million tokens."""

    context_window: int | None = None
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    cached_price: Decimal | None = None
    cache_write_price: Decimal | None = None


NOTHING = Facts()


def facts_of(name: str, base_url: str = "") -> Facts:
    """By the vendor whose API this is, else by the model's name alone, with or without a vendor in front of it."""
    short = name.rpartition("/")[2]
    for reference, address in ((name, base_url), (name, ""), (short, "")):
        if info := _find(reference, address):
            return _facts(info)
    return NOTHING


def _find(name: str, address: str):
    """None where it is not known. The package takes 20 MB of memory: it is imported when first needed."""
    from genai_prices.data_snapshot import get_snapshot

    try:
        return get_snapshot().find_provider_model(name, None, None, address or None)[1]
    except LookupError:
        return None


def _facts(info) -> Facts:
    prices = info.get_prices(datetime.now(tz=UTC))
    return Facts(
        context_window=info.context_window,
        input_price=_base(getattr(prices, "input_mtok", None)),
        output_price=_base(getattr(prices, "output_mtok", None)),
        cached_price=_base(getattr(prices, "cache_read_mtok", None)),
        cache_write_price=_base(getattr(prices, "cache_write_mtok", None)),
    )


def _base(price) -> Decimal | None:
    """Tiered prices count from their first tier."""
    return getattr(price, "base", price)
