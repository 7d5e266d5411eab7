"""Pieces of a delta or message, read into our parts and written from them: images, audio, citations, thoughts."""

from collections.abc import Iterator
from typing import Any

from ..data_uris import image_at
from ..messages import Citation, Image


def image_of(entry: Any) -> Image | None:
    """An image of `images` (OpenRouter), `content` or `multi_mod_content` (new-api); None if it is none."""
    if isinstance(entry, str):
        return image_at(entry)
    if not isinstance(entry, dict):
        return None
    inline = entry.get("inline_data")
    if isinstance(inline, dict) and isinstance(inline.get("data"), str):
        return Image(media_type=str(inline.get("mime_type") or "image/png"), data=inline["data"])
    found = entry.get("image_url", entry.get("url"))
    if isinstance(found, dict):
        found = found.get("url")
    return image_at(found) if isinstance(found, str) else None


def signature_of(call: dict[str, Any]) -> dict[str, Any] | None:
    """What Gemini's chat endpoint wants back with a tool call: its thought signature."""
    extra = call.get("extra_content")
    return {"extra_content": extra} if isinstance(extra, dict) and extra else None


def citation_of(entry: Any) -> Citation | None:
    """A `url_citation`, nested as in Chat Completions or flat as in Responses."""
    if not isinstance(entry, dict):
        return None
    inner = entry.get("url_citation")
    found = inner if isinstance(inner, dict) else entry
    url = found.get("url")
    if not isinstance(url, str) or not url:
        return None
    title = found.get("title")
    return Citation(
        url=url,
        title=title if isinstance(title, str) else "",
        start=_offset(found.get("start_index")),
        end=_offset(found.get("end_index")),
    )


def annotation_of(citation: Citation) -> dict[str, Any]:
    inner: dict[str, Any] = {"url": citation.url, "title": citation.title}
    if citation.start is not None:
        inner["start_index"] = citation.start
    if citation.end is not None:
        inner["end_index"] = citation.end
    return {"type": "url_citation", "url_citation": inner}


def sources_of(document: dict[str, Any]) -> Iterator[Citation]:
    """Sources beside the answer: `search_results` (Perplexity) and `citations` (Perplexity, xAI)."""
    for name in ("search_results", "citations"):
        entries = document.get(name)
        for entry in entries if isinstance(entries, list) else ():
            citation = Citation(url=entry) if isinstance(entry, str) and entry else citation_of(entry)
            if citation:
                yield citation


def details_text(details: list[Any]) -> str:
    """The readable text of OpenRouter's `reasoning_details`."""
    texts = (entry.get("text") or entry.get("summary") for entry in details if isinstance(entry, dict))
    return "".join(text for text in texts if isinstance(text, str))


def merge_details(merged: list[dict[str, Any]], details: list[Any]) -> None:
    """Adds a delta's `reasoning_details` to those before: same index and type go on, their texts grow."""
    for entry in details:
        if not isinstance(entry, dict):
            continue
        last = merged[-1] if merged else {}
        if (entry.get("index"), entry.get("type")) != (last.get("index"), last.get("type")):
            merged.append(dict(entry))
            continue
        for name, value in entry.items():
            grows = name in ("text", "summary", "data") and isinstance(last.get(name), str) and isinstance(value, str)
            last[name] = last[name] + value if grows else last.get(name) if value is None else value


def must_return(details: list[dict[str, Any]]) -> bool:
    """Whether the vendor wants these back: signed or encrypted thoughts are checked on the next turn."""
    return any(entry.get("signature") or entry.get("data") for entry in details)


def _offset(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None
