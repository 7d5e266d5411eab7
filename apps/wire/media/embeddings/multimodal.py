"""The inputs of a request for vectors: plain texts, or texts and pictures in one of three shapes."""

from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest
from ..pictures import address_of, base64_of, source_at
from ..shapes import MediaRequest, Source
from .parameters import DASHSCOPE, DOUBAO, JINA, PLAIN

Read = tuple[str, tuple[str, ...], tuple[Source, ...]]


def written(request: MediaRequest, shape: str) -> Any:
    """All texts, then all pictures. Jina takes bytes as bare base64, the others as an address."""
    if shape == PLAIN:
        return list(request.texts)
    if shape == DOUBAO:
        pictures = [{"type": "image_url", "image_url": {"url": address_of(source)}} for source in request.sources]
        return [*({"type": "text", "text": text} for text in request.texts), *pictures]
    texts = [{"text": text} for text in request.texts]
    if shape == DASHSCOPE:
        return {"contents": [*texts, *({"image": address_of(source)} for source in request.sources)]}
    return [*texts, *({"image": source.url or base64_of(source.data)} for source in request.sources)]


def read(found: Any) -> Read:
    """The shape, the texts and the pictures. Raises InvalidRequest."""
    if isinstance(found, dict):
        return DASHSCOPE, *_entries(found.get("contents"))
    entries = [found] if isinstance(found, str) else found
    if isinstance(entries, list) and any(isinstance(entry, dict) for entry in entries):
        doubao = any(isinstance(entry, dict) and "type" in entry for entry in entries)
        return DOUBAO if doubao else JINA, *_entries(entries)
    return PLAIN, _texts(entries), ()


def _texts(entries: Any) -> tuple[str, ...]:
    """Tokens are as good as a text to whoever only counts them."""
    if isinstance(entries, list) and entries and all(isinstance(entry, int) for entry in entries):
        entries = [entries]
    if not isinstance(entries, list) or not entries:
        raise InvalidRequest(sentences.NOTHING_TO_EMBED, "input")
    texts = [" ".join(map(str, entry)) if isinstance(entry, list) else entry for entry in entries]
    if not all(isinstance(text, str) and text for text in texts):
        raise InvalidRequest("The input must be texts, and none of them empty.", "input")
    return tuple(texts)


def _entries(entries: Any) -> tuple[tuple[str, ...], tuple[Source, ...]]:
    if not isinstance(entries, list) or not entries:
        raise InvalidRequest(sentences.NOTHING_TO_EMBED, "input")
    texts = [text for entry in entries if (text := _text(entry))]
    sources = [source for entry in entries if (source := _picture(entry))]
    if len(texts) + len(sources) < len(entries):
        raise InvalidRequest("Each input must be a text or a picture.", "input")
    return tuple(texts), tuple(sources)


def _text(entry: Any) -> str:
    text = entry.get("text") if isinstance(entry, dict) else entry
    return text if isinstance(text, str) else ""


def _picture(entry: Any) -> Source | None:
    if not isinstance(entry, dict):
        return None
    address = entry.get("image")
    nested = entry.get("image_url")
    if address is None:
        address = nested.get("url") if isinstance(nested, dict) else nested
    return source_at("image", address) if isinstance(address, str) else None
