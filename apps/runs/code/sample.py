"""What a request is, said so that every language can say it: its key as a variable, its attachments as files."""

import json
import mimetypes
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from apps.usage.elision import FILE_TYPES, FileMark
from apps.usage.masking import KEY
from apps.usage.records import Kept
from apps.wire.exceptions import InvalidRequest
from apps.wire.media import multipart

VARIABLE = "PLAYGROUND_KEY"
# What every client sends by itself, or knows better.
_OWN_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
_UNFIT = re.compile(r"[/\\:\"\x00-\x1f\x7f]")


class Number(str):
    """A JSON number as it was written: 1.0 is not 1, and no digit gets lost."""

    __slots__ = ()


class Composed(msgspec.Struct, frozen=True):
    """A text of which some pieces are the base64 of a file: the names of files stand in `files`."""

    pieces: tuple[str, ...]
    files: tuple[str, ...]


class FormPart(msgspec.Struct, frozen=True):
    """A field of a form: its text, or the name of a `file` that it holds, with its media type."""

    field: str
    text: str = ""
    file: str = ""
    media_type: str = ""


class Sample(msgspec.Struct, frozen=True):
    """`url` and the headers' values are cut where the key belongs: `("…?key=", "")`; one piece has no key.

    `body` is the JSON value, with Number and Composed in it; None for a request without one, and for a `form`.
    `saves` names the file that the reply is, '' where it is none.
    """

    method: str
    url: tuple[str, ...]
    headers: tuple[tuple[str, tuple[str, ...]], ...]
    body: Any
    is_stream: bool
    format: str
    files: tuple[str, ...] = ()
    form: tuple[FormPart, ...] = ()
    saves: str = ""

    @property
    def plain_url(self) -> str:
        """The address without a key."""
        return re.sub(r"[?&]key=$", "", self.url[0])


def sample(kept: Kept, format: str, marks: Sequence[FileMark] = ()) -> Sample:
    names = _file_names(marks)
    form = _form(kept, names)
    body = None if form else _body(kept.body, names)
    own = _OWN_HEADERS | ({"content-type"} if form else set())
    streams = isinstance(body, dict) and (body.get("stream") is True or ":streamGenerateContent" in kept.url)
    return Sample(
        method=kept.method,
        url=tuple(kept.url.split(KEY)),
        headers=tuple((name, tuple(value.split(KEY))) for name, value in kept.headers if name.lower() not in own),
        body=body,
        is_stream=streams,
        format=format,
        files=tuple(name for mark, name in names.items() if mark.encode() in kept.body),
        form=form,
        saves=_file_of(dict(kept.reply_headers).get("content-type", "")),
    )


def _form(kept: Kept, names: dict[str, str]) -> tuple[FormPart, ...]:
    headers = dict(kept.headers)
    if not multipart.is_form(headers):
        return ()
    try:
        read = multipart.parse(multipart.content_type_of(headers), kept.body)
    except InvalidRequest:
        return ()
    texts = (FormPart(name, text=text) for name, text in read.fields)
    files = (FormPart(file.field, "", _named(file, names), file.media_type) for file in read.files)
    return (*texts, *files)


def _named(file: multipart.Upload, names: dict[str, str]) -> str:
    return names.get(file.data.decode("utf-8", "replace")) or _UNFIT.sub("_", file.name).lstrip(".-") or "file"


def _file_of(content_type: str) -> str:
    media_type = content_type.partition(";")[0].strip().lower()
    if not media_type.startswith(FILE_TYPES):
        return ""
    return f"result{multipart.ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or '.bin'}"


def _file_names(marks: Sequence[FileMark]) -> dict[str, str]:
    """A file name for each mark: nothing that leads elsewhere or looks like an option, and none twice."""
    names: dict[str, str] = {}
    for number, mark in enumerate(marks, 1):
        name = _UNFIT.sub("_", mark.name).lstrip(".-") or f"file-{number}"
        names[mark.mark] = f"{number}-{name}" if name in names.values() else name
    return names


def _body(data: bytes, names: dict[str, str]) -> Any:
    if not data:
        return None
    try:
        document = json.loads(data, parse_float=Number, parse_int=Number, parse_constant=Number)
    except (ValueError, RecursionError):
        return None
    return _composed(document, names)


def _composed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, Number):
        return value
    if isinstance(value, str):
        return _text(value, names)
    if isinstance(value, dict):
        return {key: _composed(item, names) for key, item in value.items()}
    return [_composed(item, names) for item in value] if isinstance(value, list) else value


def _text(text: str, names: dict[str, str]) -> str | Composed:
    pieces, files = [text], []
    while found := next((mark for mark in names if mark in pieces[-1]), None):
        before, _mark, after = pieces.pop().partition(found)
        pieces += [before, after]
        files.append(names[found])
    return Composed(tuple(pieces), tuple(files)) if files else text
