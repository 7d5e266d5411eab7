"""Finding one's own conversations by their titles and by what was written in them, by either side.

A query is words that must all occur, in one title or in one message, in any order and anywhere in a word.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from apps.work import storable

from . import search_index
from .models import Conversation, Part

LONGEST_QUERY = 200
MOST_WORDS = 8
TRIGRAM = 3
AROUND = 60

# What was asked to try a model lies in a drawer, which is no conversation and would open empty.
_OF_A_PROBE = Q(message__conversation__kind=Conversation.Kind.CHAT, message__conversation__column_of__isnull=False)

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


def search(user, text: str, limit: int = 30) -> list[Hit]:
    """Those whose title matches, then those with a matching message, the latest first; none for an empty query."""
    words = list(dict.fromkeys(storable.text(text[:LONGEST_QUERY]).split()))[:MOST_WORDS]
    if not words:
        return []
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    hits = [_hit(row, pattern) for row in _by_title(user, words)[:limit]]
    if len(hits) < limit:
        found = [hit.conversation_id for hit in hits]
        parts = _newest_parts(user, words, without=found, limit=limit - len(hits))
        hits += [_hit(_shown_in(part), pattern, part.text) for part in parts]
    return hits


def _by_title(user, words: list[str]) -> QuerySet[Conversation]:
    matching = Conversation.objects.for_user(user).filter(_contains("title", words), column_of=None)
    matching = matching.exclude(columns__kind=Conversation.Kind.CHAT)
    return matching.only("title", "archived_at", "kind").order_by("-updated_at", "-pk")


def _newest_parts(user, words: list[str], *, without: list[uuid.UUID], limit: int) -> Iterator[Part]:
    """Of each conversation the newest matching text."""
    newest = (
        _parts(user, words)
        .annotate(shown_in=Coalesce("message__conversation__column_of", "message__conversation"))
        .exclude(shown_in__in=without)
        .values("shown_in")
        .annotate(newest=Max("pk"), latest=Max("message__conversation__updated_at"))
        .order_by("-latest", "-shown_in")[:limit]
    )
    found = Part.objects.filter(pk__in=[row["newest"] for row in newest])
    parts = found.select_related("message__conversation__column_of")
    # One at a time: a text may have megabytes, and only a line of it is wanted.
    newest_first = parts.order_by("-message__conversation__updated_at", "-message__conversation")
    return newest_first.iterator(chunk_size=1)


def _shown_in(part: Part) -> Conversation:
    """What is listed: the comparison for a column of it."""
    return part.message.conversation.column_of or part.message.conversation


def _parts(user, words: list[str]) -> QuerySet[Part]:
    parts = Part.objects.filter(kind="text", message__conversation__owner=user)
    parts = parts.exclude(_OF_A_PROBE)
    indexed = [word for word in words if len(word) >= TRIGRAM]
    if not indexed or not search_index.exists(connection):
        return parts.filter(_contains("text", words))
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
    rows = RawSQL(f"SELECT rowid FROM {search_index.FTS} WHERE {search_index.FTS} MATCH %s", [match])  # noqa: S608, S611
    return parts.filter(_contains("text", [word for word in words if len(word) < TRIGRAM]), pk__in=rows)


def _contains(field: str, words: list[str]) -> Q:
    """All of the words. SQLite's LIKE folds only ASCII, so the usual spellings of a word are asked for by name."""
    every = Q()
    for word in words:
        spellings = {word, word.lower(), word.upper(), word.capitalize()} if not word.isascii() else {word}
        any_ = Q()
        for spelling in spellings:
            any_ |= Q(**{f"{field}__icontains": spelling})
        every &= any_
    return every


def _hit(conversation: Conversation, pattern: re.Pattern, text: str = "") -> Hit:
    return Hit(
        conversation_id=conversation.pk,
        title_parts=_marked(str(conversation), pattern),
        snippet=_marked(_excerpt(text, pattern), pattern),
        archived=conversation.archived_at is not None,
        place=conversation.place,
    )


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
