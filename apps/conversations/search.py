"""Finding one's own conversations by their titles and by what was written in them, by either side, and by filters.

A query is words that must all occur, in one title or in one message, in any order and anywhere in a word.
"""

import datetime
import re
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from apps.work import storable

from . import search_index
from .filters import Filters, narrowed
from .models import Conversation, Part, Tag
from .queries import Cursor, tags_of

LONGEST_QUERY = 200
MOST_WORDS = 8
TRIGRAM, PAIR = 3, 2
AROUND, LATELY = 60, 150
_TITLE, _TEXT = "t", "x"

# What was asked to try a model lies in a drawer, which is no conversation and would open empty.
_OF_A_PROBE = Q(message__conversation__kind=Conversation.Kind.CHAT, message__conversation__column_of__isnull=False)

_SHOWN_IN = Coalesce("message__conversation__column_of", "message__conversation")

Marked = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation found. `title_parts` and `snippet` are plain texts in order, each with whether it matched.

    Without a snippet it was found by its title.
    """

    conversation_id: uuid.UUID
    title_parts: Marked
    snippet: Marked
    archived: bool
    place: str = "conversation"
    tags: Sequence[Tag] = ()


Placed = tuple[str, Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `next` is given as `after` for more, "" at the end."""

    hits: list[Hit]
    next: str = ""


def search(user, text: str, limit: int = 30) -> list[Hit]:
    """Those whose title matches, then those with a matching message, the latest first; none for an empty query."""
    return find(user, Filters(q=text), limit=limit).hits


def find(user, filters: Filters, after: str = "", limit: int = 30) -> Found:
    """A page of what the words and the filters let through, as `search` orders it; nothing without both.

    Raises ValueError if `after` was not given by an earlier page.
    """
    words = list(dict.fromkeys(storable.text(filters.q[:LONGEST_QUERY]).split()))[:MOST_WORDS]
    if not words and not replace(filters, q=""):
        return Found([])
    phase, start = after[:1] or _TITLE, Cursor(pinned=False)
    behind = Cursor.read(after[1:]) if after else start
    found: list[Placed] = []
    if phase == _TITLE:
        found = _by_title(user, words, filters, behind, limit + 1)
    if words and len(found) <= limit:
        found += _by_text(user, words, filters, start if phase == _TITLE else behind, limit + 1 - len(found))
    return _page(found, limit)


def _page(found: list[Placed], limit: int) -> Found:
    shown = found[:limit]
    tags = tags_of([hit.conversation_id for _place, hit in shown])
    hits = [replace(hit, tags=tags.get(hit.conversation_id, ())) for _place, hit in shown]
    return Found(hits, shown[-1][0] if len(found) > limit else "")


def _by_title(user, words: list[str], filters: Filters, behind: Cursor, limit: int) -> list[Placed]:
    rows = narrowed(_listed(user), user, filters).filter(_contains("title", words), behind.behind("updated_at"))
    rows = rows.only("title", "archived_at", "kind", "updated_at").order_by("-updated_at", "-pk")
    return [(_place(_TITLE, row.updated_at, row), _hit(row, words)) for row in rows[:limit]]


def _by_text(user, words: list[str], filters: Filters, behind: Cursor, limit: int) -> list[Placed]:
    """Of each conversation whose title does not match the newest matching text."""
    texts = _parts(user, words).annotate(shown_in=_SHOWN_IN)
    texts = texts.exclude(shown_in__in=_listed(user).filter(_contains("title", words)).values("pk"))
    if replace(filters, q=""):
        texts = texts.filter(shown_in__in=narrowed(_listed(user), user, filters).values("pk"))
    # What is so short stands nearly everywhere or nearly nowhere: the latest conversations may be enough.
    is_short = all(len(word) < TRIGRAM for word in words)
    times = _newest(_lately(texts, user, behind), behind, limit) if is_short else {}
    if len(times) < limit:
        times = _newest(texts, behind, limit)
    hits: dict[int, Placed] = {}
    # One at a time: a text may have megabytes, and only a line of it is wanted.
    for part in Part.objects.filter(pk__in=times).select_related("message__conversation__column_of").iterator(1):
        row = _shown_in(part)
        hits[part.pk] = _place(_TEXT, times[part.pk], row), _hit(row, words, part.text)
    return [hits[id] for id in times if id in hits]


def _newest(texts: QuerySet[Part], behind: Cursor, limit: int) -> dict[int, datetime.datetime]:
    """One text of each conversation, with the time that places it, the latest first."""
    newest = texts.values("shown_in").annotate(newest=Max("pk"), latest=Max("message__conversation__updated_at"))
    if behind.time:
        newest = newest.filter(Q(latest__lt=behind.time) | Q(latest=behind.time, shown_in__lt=behind.id))
    return {row["newest"]: row["latest"] for row in newest.order_by("-latest", "-shown_in")[:limit]}


def _lately(texts: QuerySet[Part], user, behind: Cursor) -> QuerySet[Part]:
    """Those of the latest conversations: if they fill a page, none that is older has a place on it."""
    times = Conversation.objects.for_user(user).order_by("-updated_at").values_list("updated_at", flat=True)
    if behind.time:
        times = times.filter(updated_at__lte=behind.time)
    since = next(iter(times[LATELY : LATELY + 1]), None)
    return texts.filter(message__conversation__updated_at__gte=since) if since else texts.none()


def _place(phase: str, time: datetime.datetime, row: Conversation) -> str:
    return phase + Cursor(pinned=False, time=time, id=row.pk).write()


def _listed(user) -> QuerySet[Conversation]:
    """What the list and the archive show; what was asked to try a model is no conversation."""
    mine = Conversation.objects.for_user(user)
    probed = mine.filter(kind=Conversation.Kind.CHAT, column_of__isnull=False).values("column_of")
    return mine.filter(column_of=None).exclude(pk__in=probed)


def _shown_in(part: Part) -> Conversation:
    """What is listed: the comparison for a column of it."""
    return part.message.conversation.column_of or part.message.conversation


def _parts(user, words: list[str]) -> QuerySet[Part]:
    mine = {"message__conversation__owner": user, "message__conversation__deleted_at": None}
    parts = Part.objects.filter(kind="text", **mine)
    parts = parts.exclude(_OF_A_PROBE)
    if not search_index.exists(connection):
        return parts.filter(_contains("text", words))
    if whole := [word for word in words if len(word) >= TRIGRAM]:
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in whole)
        fts = search_index.FTS
        parts = parts.filter(pk__in=RawSQL(f"SELECT rowid FROM {fts} WHERE {fts} MATCH %s", [match]))  # noqa: S608, S611
    for word in words:
        if len(word) == PAIR:
            parts = parts.filter(pk__in=_with_pair(word))
    return parts.filter(_contains("text", [word for word in words if len(word) < PAIR]))


def _with_pair(pair: str) -> RawSQL:
    """Texts with a trigram that begins with it; trigrams are folded letter by letter."""
    spellings = {"".join(map(str.lower, pair)), "".join(map(str.casefold, pair))}
    # The last of all characters: what stands before it begins with the pair.
    ranges = [end for each in spellings for end in (each, each + chr(sys.maxunicode))]
    where = " OR ".join(["term BETWEEN %s AND %s"] * len(spellings))
    return RawSQL(f"SELECT doc FROM {search_index.TRIGRAMS} WHERE {where}", ranges)  # noqa: S608, S611


def _contains(field: str, words: list[str]) -> Q:
    """All of the words. SQLite's LIKE folds only ASCII, so the usual spellings of a word are asked for by name.

    PostgreSQL looks for one or two letters without an index: to fold every text would take longer than to read it."""
    every = Q()
    for word in words:
        lookup, spellings = "icontains", {word}
        if connection.vendor == "postgresql" and len(word) < TRIGRAM:
            lookup, spellings = "contains", {*map("".join, product(*({c, c.lower(), c.upper()} for c in word)))}
        elif not word.isascii():
            spellings = {word, word.lower(), word.upper(), word.capitalize()}
        any_ = Q()
        for spelling in spellings:
            any_ |= Q(**{f"{field}__{lookup}": spelling})
        every &= any_
    return every


def _hit(conversation: Conversation, words: list[str], text: str = "") -> Hit:
    pattern = _pattern(tuple(words))
    return Hit(
        conversation_id=conversation.pk,
        title_parts=_marked(str(conversation), pattern),
        snippet=_marked(_excerpt(text, pattern), pattern),
        archived=conversation.archived_at is not None,
        place=conversation.place,
    )


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern:
    """Any of the words, the longest first; without words it matches nowhere."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)", re.IGNORECASE)


def _excerpt(text: str, pattern: re.Pattern) -> str:
    """One line around the first match."""
    match = pattern.search(text)
    start = max(0, match.start() - AROUND) if match else 0
    end = (match.end() if match else 0) + 2 * AROUND
    line = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _marked(text: str, pattern: re.Pattern) -> Marked:
    parts, at = [], 0
    for match in pattern.finditer(text):
        parts += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    return [part for part in [*parts, (text[at:], False)] if part[0]]
