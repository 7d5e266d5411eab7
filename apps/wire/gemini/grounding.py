"""What an answer rests on: searches, fetched pages and sources. Google counts bytes, we count characters."""

from collections.abc import Iterator
from typing import Any

from ..exceptions import Undecodable
from ..messages import Citation, HostedTool
from ..tolerant import loads, shown

SEARCHES = {"web_search": "webSearchQueries", "file_search": "retrievalQueries", "image_search": "imageSearchQueries"}
FETCHED = "URL_RETRIEVAL_STATUS_SUCCESS"
MOST = 1000  # supported segments of one answer: each is looked for in all of its text


class Sources:
    """Metadata of all chunks: mostly the last one's are complete, and an empty one takes nothing away."""

    def __init__(self) -> None:
        self._grounding: dict[str, Any] = {}
        self._fetched: dict[str, HostedTool] = {}
        self._cited: list[dict[str, Any]] = []
        self._looked_at = 0

    def ground(self, found: dict[str, Any]) -> None:
        self._grounding |= {name: value for name, value in found.items() if value}
        if found.get("groundingSupports"):
            self._looked_at = 0

    def fetch(self, found: dict[str, Any]) -> None:
        for entry in dicts(found.get("urlMetadata")):
            url, status = _text(entry.get("retrievedUrl")), entry.get("urlRetrievalStatus")
            if url:
                self._fetched[url] = fetched(url, status == FETCHED)

    def cite(self, found: dict[str, Any]) -> None:
        """`citationSources` at Google, `citations` on Vertex; each chunk may repeat those before."""
        entries = dicts(found.get("citations") or found.get("citationSources"))
        self._cited += [entry for entry in entries if entry not in self._cited]

    def tools(self) -> Iterator[HostedTool]:
        for name, place in SEARCHES.items():
            found = self._grounding.get(place)
            queries = [query for query in found if isinstance(query, str)] if isinstance(found, list) else []
            if queries:
                yield searched(name, queries)
        yield from self._fetched.values()

    def settled(self, ruler: "Ruler") -> Iterator[Citation]:
        """The citations since the last look that no further text can move; some may have been told before."""
        chunks = self._chunks()
        for support in self._supports()[self._looked_at :]:
            if not ruler.is_settled(support.get("segment")):
                return
            self._looked_at += 1
            yield from (citation for _index, citation in _supported(support, chunks, ruler))

    def citations(self, ruler: "Ruler") -> Iterator[Citation]:
        """All of them."""
        chunks = self._chunks()
        used: set[int] = set()
        for support in self._supports():
            for index, citation in _supported(support, chunks, ruler):
                used.add(index)
                yield citation
        yield from (source for index, source in enumerate(chunks) if source and index not in used)
        for entry in self._cited:
            url, title = _text(entry.get("uri")), _text(entry.get("title"))
            if url or title:
                yield Citation(url, title, *ruler.span(entry))

    def _supports(self) -> list[dict[str, Any]]:
        return dicts(self._grounding.get("groundingSupports"))[:MOST]

    def _chunks(self) -> list[Citation | None]:
        return [_source(chunk) for chunk in dicts(self._grounding.get("groundingChunks"))]


class Ruler:
    """Byte offsets into an answer as offsets of characters.

    `said` are the pieces of its text, which may grow; `parts` how many of them stand before each part of the wire.
    """

    def __init__(self, said: list[str], parts: list[int]):
        self._text, self._sizes = bytearray(), [0]
        self._said, self._parts = said, parts

    def read(self) -> "Ruler":
        """Reads on to the end of what was said."""
        for piece in self._said[len(self._sizes) - 1 :]:
            self._text += piece.encode()
            self._sizes.append(len(self._text))
        return self

    def is_settled(self, segment: Any) -> bool:
        """Whether a segment lies where its numbers say, so that no further text can move it."""
        if not isinstance(segment, dict):
            return False
        start, end = _offset(segment.get("startIndex")) or 0, _offset(segment.get("endIndex"))
        part, text = segment.get("partIndex"), _text(segment.get("text")).encode()
        bases = [0] if part is None else self._base(part)
        if end is None or not bases or bases[0] + end > len(self._text):
            return False
        return not text or self._text[bases[0] + start : bases[0] + start + len(text)] == text

    def span(self, segment: Any) -> tuple[int | None, int | None]:
        """Start and end, None where they are not told. The segment's own text is believed more than its numbers."""
        if not isinstance(segment, dict):
            return None, None
        start, end = _offset(segment.get("startIndex")) or 0, _offset(segment.get("endIndex"))
        text = _text(segment.get("text")).encode()
        bases = [*self._base(segment.get("partIndex")), 0]
        if end is None and not text:
            return None, None
        hits = (base + start for base in bases if text and self._text[base + start : base + start + len(text)] == text)
        at = next(hits, self._text.find(text) if text else -1)
        if at >= 0:
            return self._characters(at), self._characters(at + len(text))
        if end is None or end < start:
            return None, None
        return self._characters(bases[0] + start), self._characters(bases[0] + end)

    def _base(self, part: Any) -> list[int]:
        known = type(part) is int and 0 <= part < len(self._parts)
        return [self._sizes[self._parts[part]]] if known else []

    def _characters(self, offset: int) -> int:
        return len(self._text[:offset].decode("utf-8", "ignore"))


def beside(tools: list[HostedTool], citations: list[Citation], text: str) -> dict[str, Any]:
    """What stands beside the content of a candidate that says these searches, pages and sources."""
    found = {"groundingMetadata": _grounding(tools, citations, text), "urlContextMetadata": _fetches(tools)}
    return {name: document for name, document in found.items() if document}


def _grounding(tools: list[HostedTool], citations: list[Citation], text: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        SEARCHES[tool.name]: queries_of(tool) for tool in tools if tool.name in SEARCHES and queries_of(tool)
    }
    sources = list(dict.fromkeys((citation.url, citation.title, citation.quote) for citation in citations))
    if sources:
        document["groundingChunks"] = [_chunk(*source) for source in sources]
    supports = [
        {
            "segment": _segment(citation.start or 0, citation.end, text),
            "groundingChunkIndices": [sources.index((citation.url, citation.title, citation.quote))],
        }
        for citation in citations
        if citation.end is not None
    ]
    return document | ({"groundingSupports": supports} if supports else {})


def _fetches(tools: list[HostedTool]) -> dict[str, Any]:
    entries = []
    for tool in tools:
        url = arguments_of(tool).get("url") if tool.name == "web_fetch" else None
        if isinstance(url, str):
            status = FETCHED if tool.status != "failed" else "URL_RETRIEVAL_STATUS_ERROR"
            entries.append({"retrievedUrl": url, "urlRetrievalStatus": status})
    return {"urlMetadata": entries} if entries else {}


def searched(name: str, queries: list[str]) -> HostedTool:
    return HostedTool(name=name, arguments=shown({"queries": queries}), status="completed")


def fetched(url: str, well: bool) -> HostedTool:
    return HostedTool(name="web_fetch", arguments=shown({"url": url}), status="completed" if well else "failed")


def queries_of(tool: HostedTool) -> list[str]:
    found = arguments_of(tool)
    queries = found.get("queries", [found.get("query")])
    return [query for query in queries if isinstance(query, str)] if isinstance(queries, list) else []


def arguments_of(tool: HostedTool) -> dict[str, Any]:
    try:
        found = loads(tool.arguments.encode())
    except Undecodable:
        return {}
    return found if isinstance(found, dict) else {}


def dicts(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _supported(support: dict[str, Any], chunks: list[Citation | None], ruler: Ruler) -> Iterator[tuple[int, Citation]]:
    """What a segment rests on, with its place among the chunks."""
    start, end = ruler.span(support.get("segment"))
    indices = support.get("groundingChunkIndices")
    for index in indices if isinstance(indices, list) else ():
        if type(index) is int and 0 <= index < len(chunks) and (source := chunks[index]):
            yield index, Citation(source.url, source.title, start, end, source.quote)


def _source(chunk: dict[str, Any]) -> Citation | None:
    """A chunk of the web, of one's own documents, of maps or of an image search; None if it names nothing."""
    found = next((chunk[kind] for kind in ("web", "retrievedContext", "maps", "image") if chunk.get(kind)), None)
    if not isinstance(found, dict):
        return None
    url, title = _text(found.get("uri") or found.get("sourceUri")), _text(found.get("title"))
    return Citation(url=url, title=title, quote=_text(found.get("text"))) if url or title else None


def _chunk(url: str, title: str, quote: str) -> dict[str, Any]:
    found = {"uri": url, "title": title}
    return {"retrievedContext": found | {"text": quote}} if quote else {"web": found}


def _segment(start: int, end: int, text: str) -> dict[str, Any]:
    first, last = len(text[:start].encode()), len(text[:end].encode())
    return ({"startIndex": first} if first else {}) | {"endIndex": last, "text": text[start:end]}


def _offset(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**53 else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
