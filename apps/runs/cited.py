"""What an answer rests on: its sources, numbered as they are first named, and where the numbers stand in its text.

Texts with only citations between them are one text to a reader: Messages ends a block where a passage is cited.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from urllib.parse import urlsplit

import msgspec

from apps.conversations.render import Cite
from apps.conversations.render.escape import fit
from apps.wire.messages import Citation, Part, Text

MOST = 1000  # citations of one answer that are shown
TITLE = 200


class Source(msgspec.Struct, frozen=True):
    """`url` is '' where it is no web address: then there is nothing to follow."""

    number: int
    id: str
    title: str
    site: str
    url: str = ""

    @property
    def words(self) -> str:
        return f"{self.title} · {self.site}" if self.site and self.site != self.title else self.title


def is_cited(parts: Iterable[Part]) -> bool:
    return any(isinstance(part, Citation) for part in parts)


def joined(parts: Iterable[Part]) -> list[tuple[int, Part]]:
    """The parts that a page shows, by the place of their first: texts joined, citations apart."""
    shown: list[tuple[int, Part]] = []
    for index, part in enumerate(parts):
        if isinstance(part, Citation):
            continue
        first, before = shown[-1] if shown else (index, None)
        if isinstance(part, Text) and isinstance(before, Text):
            shown[-1] = first, Text(before.text + part.text)
        else:
            shown.append((index, part))
    return shown


def sources(message_id: uuid.UUID, parts: Iterable[Part]) -> list[Source]:
    """The sources in order, each once."""
    return list(_numbered(message_id, parts).values())


def cites(message_id: uuid.UUID, parts: Sequence[Part]) -> dict[int, tuple[Cite, ...]]:
    """The numbers in each text of `joined`, by its place; their offsets count from where that text begins."""
    if not is_cited(parts):
        return {}
    numbered = _numbered(message_id, parts)
    texts = [(index, len(part.text)) for index, part in joined(parts) if isinstance(part, Text)]
    ends = list(accumulate(length for _index, length in texts))
    found: dict[int, dict[Cite, None]] = {}
    for citation in _citations(parts):
        offset = citation.start if citation.end is None else citation.end
        place = next((at for at, end in enumerate(ends) if offset is not None and 0 < offset <= end), None)
        if offset is None or place is None:
            continue
        source, (index, length) = numbered[_key(citation)], texts[place]
        cite = Cite(offset - ends[place] + length, source.number, source.id, source.words)
        found.setdefault(index, {})[cite] = None
    return {index: tuple(each) for index, each in found.items()}


def _numbered(message_id: uuid.UUID, parts: Iterable[Part]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for citation in _citations(parts):
        key = _key(citation)
        if key not in found:
            found[key] = _source(citation, len(found) + 1, message_id)
    return found


def _citations(parts: Iterable[Part]) -> Iterator[Citation]:
    for place, part in enumerate(part for part in parts if isinstance(part, Citation)):
        if place == MOST:
            return
        yield part


def _key(citation: Citation) -> str:
    return citation.url or citation.title


def _source(citation: Citation, number: int, message_id: uuid.UUID) -> Source:
    site, url = _address(citation.url)
    title = " ".join(fit(citation.title).split())[:TITLE] or site or fit(citation.url)[:TITLE] or str(number)
    return Source(number=number, id=f"src-{message_id}-{number}", title=title, site=site, url=url)


def _address(url: str) -> tuple[str, str]:
    """The host, in letters that cannot pass for others, and the address; neither where it is not of the web."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return "", ""
    if parts.scheme not in ("http", "https") or not host or not url.isprintable():
        return "", ""
    return host.removeprefix("www."), url
