"""Citations of a text block, both ways."""

from typing import Any

from ..messages import Citation


def citation_of(raw: Any, start: int, end: int) -> Citation | None:
    """The source of a web search, a search result or a document; None if it names nothing.

    A document has no address: its title and the passage say which it is.
    """
    if not isinstance(raw, dict):
        return None
    url, title, quote = _text(raw, "url", "source"), _text(raw, "title", "document_title"), _text(raw, "cited_text")
    if not (url or title or quote):
        return None
    return Citation(url=url, title=title, start=start, end=end, quote=quote)


def citation_document(citation: Citation) -> dict[str, Any]:
    """A citation that another format made, as a web search has it; without an address, as a place in a document."""
    if citation.url:
        return {
            "type": "web_search_result_location",
            "url": citation.url,
            "title": citation.title,
            "encrypted_index": "",
            "cited_text": citation.quote,
        }
    return {
        "type": "char_location",
        "document_index": 0,
        "document_title": citation.title,
        "start_char_index": 0,
        "end_char_index": len(citation.quote),
        "cited_text": citation.quote,
    }


def same_source(raw: Any, citation: Citation) -> bool:
    found = citation_of(raw, 0, 0)
    return found is not None and (found.url, found.title, found.quote) == (citation.url, citation.title, citation.quote)


def _text(raw: dict[str, Any], *names: str) -> str:
    return next((raw[name] for name in names if isinstance(raw.get(name), str)), "")
