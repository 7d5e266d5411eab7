"""Catalogues as gateways write them: OpenAI's shape and its dialects, Anthropic's, Gemini's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

import msgspec

from apps.wire import errors
from apps.work import storable

MILLION = Decimal(1_000_000)
_METHODS = {"generateContent": "gemini", "embedContent": "embeddings"}
_CONTEXT = ("context_length", "context_window", "max_context_length", "max_model_len", "inputTokenLimit", "n_ctx")


class NotModels(ValueError):
    """The document is not a catalogue; the text is what the upstream says instead, if anything."""


@dataclass(slots=True)
class Listed:
    """One entry. Prices are US dollars per million tokens; None is what the catalogue does not say."""

    name: str
    label: str = ""
    owned_by: str = ""
    types: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    context_window: int | None = None
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    cached_price: Decimal | None = None
    cache_write_price: Decimal | None = None


def read_models(document: Any) -> list[Listed]:
    """The entries of one page. Raises NotModels."""
    entries = document if isinstance(document, list) else _entries(document)
    if entries is None:
        raise NotModels(_says(document))
    listed = (_listed(entry) for entry in entries if isinstance(entry, Mapping))
    return list({model.name: model for model in listed if model.name}.values())


def _entries(document: Any) -> list | None:
    if not isinstance(document, Mapping) or document.get("success") is False:
        return None
    for key in ("data", "models"):
        if isinstance(document.get(key), list):
            return document[key]
    return [] if "data" in document and document["data"] is None and "error" not in document else None


def _says(document: Any) -> str:
    if not isinstance(document, Mapping):
        return ""
    return errors.parse_error(200, msgspec.json.encode(document), "application/json", {}).message


def next_page(document: Any) -> str:
    """The query of the page that follows, '' after the last one."""
    if not isinstance(document, Mapping):
        return ""
    if document.get("has_more") and document.get("last_id"):
        return f"?limit=1000&after_id={document['last_id']}"
    token = document.get("nextPageToken")
    return f"?pageSize=1000&pageToken={quote(token, safe='')}" if isinstance(token, str) and token else ""


def _listed(entry: Mapping) -> Listed:
    name = _text(entry.get("id") or entry.get("name")).removeprefix("models/")[:300]
    label = _text(entry.get("display_name") or entry.get("displayName") or entry.get("name"))
    return Listed(
        name=name,
        label="" if label.removeprefix("models/") == name else label[:300],
        owned_by=_text(entry.get("owned_by"))[:120],
        types=_types(entry),
        traits=_stated(entry),
        context_window=_context(entry),
        **_prices(entry.get("pricing")),
    )


def _types(entry: Mapping) -> list[str]:
    """new-api's words for where it can be asked; Google tells what it can be asked for."""
    stated = [kind for kind in _list(entry.get("supported_endpoint_types")) if isinstance(kind, str)]
    methods = _list(entry.get("supportedGenerationMethods"))
    return stated or [kind for method, kind in _METHODS.items() if method in methods]


def _text(value: Any) -> str:
    return storable.text(value) if isinstance(value, str) else ""


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _context(entry: Mapping) -> int | None:
    meta = entry.get("meta")
    places = [entry, meta] if isinstance(meta, Mapping) else [entry]
    values = (place.get(key) for place in places for key in _CONTEXT)
    return next((value for value in values if type(value) is int and 0 < value < 2**31), None)


def _prices(pricing: Any) -> dict[str, Decimal | None]:
    """OpenRouter's prices are dollars per token; a negative one means that it depends."""
    if not isinstance(pricing, Mapping):
        return {}
    names = {
        "input_price": "prompt",
        "output_price": "completion",
        "cached_price": "input_cache_read",
        "cache_write_price": "input_cache_write",
    }
    return {ours: _price(pricing.get(theirs)) for ours, theirs in names.items()}


def _price(value: Any) -> Decimal | None:
    try:
        price = Decimal(str(value)) * MILLION
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price < 10**7 else None


def _stated(entry: Mapping) -> list[str]:
    """What OpenRouter's entries say of a model, nothing where they do not say all of it, as llama.cpp's do not."""
    architecture = entry.get("architecture")
    if not isinstance(architecture, Mapping) or not isinstance(entry.get("supported_parameters"), list):
        return []
    takes, gives = _list(architecture.get("input_modalities")), _list(architecture.get("output_modalities"))
    parameters = entry["supported_parameters"]
    stated = {
        "chat": "text" in gives,
        "vision": "image" in takes,
        "audio": "audio" in takes,
        "images": "image" in gives,
        "tools": "tools" in parameters,
        "reasoning": "reasoning" in parameters,
        "schema": "structured_outputs" in parameters,
    }
    return [trait for trait, is_so in stated.items() if is_so]
