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
from . import assets, json_file, listing
from .archive import Writer, archive, counted, encoded
from .contents import Contents
from .jobs import job_record
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
    *,
    user,
    format: str,
    found: QuerySet[Conversation],
    single: bool,
    out: BinaryIO,
    beat: Callable[[int], None],
    whole: bool = False,
) -> None:
    """Writes the whole file; `beat` is told after each record, with 1, and between files, with 0.

    `whole` takes along what is no conversation: all files, folders, tags, and the jobs of the studios.
    """
    contents = Contents(user, found, whole)
    if format == ZIP:
        archive(out, contents, beat)
    elif format == JSON:
        for piece in _in_one(contents, beat):
            out.write(piece)
    elif single:
        for talk in counted(contents.conversations(), beat):
            for piece in _readable(user, talk, format):
                out.write(piece)
    else:
        _to_read(contents, format, Writer(out), beat)


def _in_one(contents: Contents, beat: Callable[[int], None]) -> Iterator[bytes]:
    talks = (schema.encode(record_of(talk)) for talk in counted(contents.conversations(), beat))
    jobs = (schema.encode(job_record(job)) for job in counted(contents.jobs(), beat))
    return json_file.envelope(contents.order(), _beating(contents.files(), beat), talks, jobs, contents.library())


def _to_read(contents: Contents, format: str, writer: Writer, beat: Callable[[int], None]) -> None:
    """A file a conversation; of everything also a list of the files and of what the studios made, and the files."""
    for talk in counted(contents.conversations(), beat):
        name = f"{talk.created_at:%Y-%m-%d} {file_name(talk)} {talk.pk}.{format}"
        writer.add(name, _readable(contents.user, talk, format))
    if contents.whole:
        files = _beating(contents.files(), beat)
        for asset in files:
            writer.add(listing.place_of(asset), assets.pieces(asset), packed=asset.kind == Asset.Kind.TEXT)
        pieces = listing.page if format == HTML else listing.markdown
        writer.add(f"{_('Files and jobs')}.{format}", encoded(pieces(contents, beat)))
    writer.close()


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
