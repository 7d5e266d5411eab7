"""An export into a file: any number of conversations in one of the formats, one of them in memory at a time."""

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.media.models import Asset
from apps.media.queries import load_for

from .. import schema
from . import assets, json_file
from .archive import Writer, archive, encoded
from .markdown import markdown
from .page import page
from .records import listed, record_of

MARKDOWN, JSON, HTML, ZIP = "md", "json", "html", "zip"
FORMATS = {
    ZIP: _("ZIP with everything: JSON, Markdown and files"),
    JSON: _("JSON: everything in one file"),
    HTML: _("HTML: to read in a browser"),
    MARKDOWN: _("Markdown: to read and edit as text"),
}
MEDIA_TYPES = {
    MARKDOWN: "text/markdown; charset=utf-8",
    JSON: "application/json",
    HTML: "text/html; charset=utf-8",
    ZIP: "application/zip",
}
AT_ONCE = 50


def chosen(user, ids: Sequence[str] | None) -> QuerySet[Conversation]:
    """The person's conversations of these ids; all of them for None."""
    found = listed(user)
    if ids is None:
        return found
    return found.filter(pk__in=[uuid.UUID(id) for id in ids])


def ending(format: str, *, single: bool) -> str:
    """Text for people is a file a conversation: many of them are a ZIP file."""
    return format if single or format in (JSON, ZIP) else ZIP


def write(
    *, user, format: str, found: QuerySet[Conversation], single: bool, out: BinaryIO, beat: Callable[[int], None]
) -> None:
    """Writes the whole file; `beat` is told after each conversation, with 1, and between files, with 0."""
    talks = _each(found, beat)
    if format == ZIP:
        archive(out, _held(user, found), talks, lambda: beat(0))
    elif format == JSON:
        records = (schema.encode(record_of(talk)) for talk in talks)
        for piece in json_file.envelope(_beating(_held(user, found), beat), records):
            out.write(piece)
    elif single:
        for talk in talks:
            for piece in _readable(user, talk, format):
                out.write(piece)
    else:
        writer = Writer(out)
        for talk in talks:
            writer.add(
                f"{talk.created_at:%Y-%m-%d} {file_name(talk)} {talk.pk}.{format}", _readable(user, talk, format)
            )
        writer.close()


def _each(found: QuerySet[Conversation], beat: Callable[[int], None]) -> Iterator[Conversation]:
    """By ids, which are small, so that no cursor stays open while a file is written for minutes."""
    ids = list(found.values_list("pk", flat=True))
    related = ("model__upstream", "folder__parent", "owner", "comparison")
    for start in range(0, len(ids), AT_ONCE):
        rows = Conversation.objects.filter(pk__in=ids[start : start + AT_ONCE], deleted_at=None)
        for talk in rows.select_related(*related).order_by("pk"):
            yield talk
            beat(1)


def _held(user, found: QuerySet[Conversation]) -> Iterator[Asset]:
    held = assets.held_by(user, found.order_by().values("pk"))
    return held.defer("peaks").iterator(chunk_size=AT_ONCE)


def _beating(held: Iterator[Asset], beat: Callable[[int], None]) -> Iterator[Asset]:
    for asset in held:
        yield asset
        beat(0)


def _readable(user, talk: Conversation, format: str) -> Iterator[bytes]:
    if format == MARKDOWN:
        return encoded(markdown(talk, {}))

    def file_of(id: str) -> Asset | None:
        try:
            return load_for(user, id)
        except Asset.DoesNotExist:
            return None

    return encoded(page(talk, file_of))


def file_name(talk: Conversation) -> str:
    """What a file of it may be called anywhere."""
    return re.sub(r"[^\w .,()+-]+", " ", str(talk))[:60].strip(" .") or "conversation"
