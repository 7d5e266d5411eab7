"""Pieces of an item, read into our parts and written from them: citations, images, what the API wants back."""

from collections.abc import Mapping
from typing import Any

from ..data_uris import image_at
from ..messages import Citation, Image

STARTS = {
    "iVBOR": "image/png",
    "/9j/": "image/jpeg",
    "UklGR": "image/webp",
    "R0lGOD": "image/gif",
    "PHN2Z": "image/svg+xml",
}


def citation_of(annotation: Any, before: int) -> Citation | None:
    """The source that an annotation names. Its offsets count within its part; `before` is the text that precedes it.

    Flat `url_citation`s, nested ones (of converters), and files, which have a name in place of an address.
    """
    if not isinstance(annotation, dict):
        return None
    inner = annotation.get("url_citation")
    found = inner if isinstance(inner, dict) else annotation
    url, title = _text(found.get("url")), _text(found.get("title"))
    if not url:
        title = _text(found.get("filename")) or _text(found.get("file_id"))
    if not url and not title:
        return None
    start, end = _offset(found.get("start_index", found.get("index"))), _offset(found.get("end_index"))
    moved = [None if place is None else place + before for place in (start, end)]
    return Citation(url=url, title=title, start=moved[0], end=moved[1])


def annotation_of(citation: Citation, before: int) -> dict[str, Any]:
    """The annotation that says this of a part that begins after `before` characters of the answer."""
    if not citation.url:
        place = {} if citation.start is None else {"index": max(0, citation.start - before)}
        return {"type": "file_citation", "file_id": "", "filename": citation.title, **place}
    found: dict[str, Any] = {"type": "url_citation", "url": citation.url, "title": citation.title}
    for name, offset in (("start_index", citation.start), ("end_index", citation.end)):
        if offset is not None:
            found[name] = max(0, offset - before)
    return found


def picture_of(data: str, format: Any) -> Image:
    """A generated image: base64 with its format beside it, or (converters) a data URI or an address."""
    if data.startswith(("data:", "http://", "https://")):
        return image_at(data) or Image()
    if isinstance(format, str) and format:
        return Image(media_type=f"image/{'svg+xml' if format == 'svg' else format}", data=data)
    return Image(
        media_type=next((kind for start, kind in STARTS.items() if data.startswith(start)), "image/png"), data=data
    )


def kept(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item to hand back: as it came, but for nulls, which the API writes and refuses."""
    return {name: value for name, value in item.items() if value is not None}


def must_return(item: Mapping[str, Any]) -> bool:
    """Whether a reasoning goes back: encrypted, or open text of an open model. Others are known by id upstream only."""
    return bool(item.get("encrypted_content") or item.get("content"))


def own(opaque: Mapping[str, Any] | None) -> dict[str, Any]:
    """What this format once said of a part: its item, {} if it was another format."""
    item = opaque.get("item") if opaque else None
    return item if isinstance(item, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _offset(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None
