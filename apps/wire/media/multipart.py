"""Bodies of multipart/form-data, both ways: fields of text, and files with their names and types.

The boundary is made of the contents: the same form is the same bytes, so that a request can be shown and compared.
"""

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ..exceptions import InvalidRequest, Undecodable
from ..parameters import Parameter
from ..tolerant import loads, shown
from .shapes import Source

ENDINGS = {"image/jpeg": ".jpg", "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/webm": ".webm", "audio/mp4": ".m4a"}
UNTYPED = "application/octet-stream"
PART_LIMIT = 1000
# As browsers escape what would end the quotes or the line (WHATWG).
ESCAPES = {"\n": "%0A", "\r": "%0D", '"': "%22"}
_TYPES: dict[str, Any] = {"integer": int, "number": int | float, "boolean": bool, "json": dict | list}
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,200})"?', re.IGNORECASE)
_OPTION = re.compile(rb';\s*(name|filename)\s*=\s*(?:"([^"]*)"|([^";\s]+))', re.IGNORECASE)
_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_DISPOSITION = re.compile(rb"^content-disposition:[ \t]*form-data[ \t]*(;[^\r\n]*)", re.IGNORECASE | re.MULTILINE)


class Upload(msgspec.Struct, frozen=True):
    """A file of a form: the field that it is in, the name and the type under which it goes."""

    field: str
    name: str
    media_type: str
    data: bytes


class Form(msgspec.Struct, frozen=True):
    """What a body holds, each in the order in which it came."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[Upload, ...] = ()


def upload(field: str, source: Source) -> Upload:
    """The source as a file: upstreams refuse one without a name, or of no type."""
    media_type = source.media_type or UNTYPED
    ending = ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ""
    return Upload(field, source.name or f"{source.role}{ending}", media_type, source.data)


def build(fields: Iterable[tuple[str, str]], files: Sequence[Upload] = ()) -> tuple[str, bytes]:
    """The content type, which names the boundary, and the body."""
    parts = [(_head(name), value.encode("utf-8", "replace")) for name, value in fields]
    parts += [(_head(file.field, file.name, file.media_type), file.data) for file in files]
    boundary = _boundary(parts)
    pieces = [piece for head, data in parts for piece in (b"--", boundary, b"\r\n", head, b"\r\n\r\n", data, b"\r\n")]
    return f"multipart/form-data; boundary={boundary.decode()}", b"".join([*pieces, b"--", boundary, b"--\r\n"])


def written(value: Any) -> str:
    """A value as the text of a field."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else shown(value)


def values_of(form: Form, parameters: Iterable[Parameter]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that are parameters, each of its type, and the rest as it came. Raises InvalidRequest."""
    rest = dict(form.fields)
    kinds = {parameter.name: parameter.kind for parameter in parameters if parameter.name in rest}
    return {name: _value(name, kind, rest.pop(name)) for name, kind in kinds.items()}, rest


def is_form(headers: Mapping[str, str]) -> bool:
    return content_type_of(headers).lower().startswith("multipart/form-data")


def content_type_of(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def parse(content_type: str, body: bytes) -> Form:
    """The fields and files of a body. Raises InvalidRequest."""
    found = _BOUNDARY.search(content_type)
    if not found:
        raise InvalidRequest("The content type of a form must name its boundary.")
    pieces = (b"\r\n" + body).split(b"\r\n--" + found.group(1).encode("utf-8", "replace"), PART_LIMIT + 1)
    if len(pieces) > PART_LIMIT:
        raise InvalidRequest("This form has too many parts.")
    if not pieces[-1].startswith(b"--") or len(pieces) < 2:
        raise InvalidRequest("This form is cut: its last boundary is missing.")
    read = [_part(piece) for piece in pieces[1:-1]]
    fields = tuple((part.field, part.data.decode("utf-8", "replace")) for part, is_file in read if not is_file)
    return Form(fields, tuple(part for part, is_file in read if is_file))


def _value(name: str, kind: str, text: str) -> Any:
    if kind not in ("integer", "number", "boolean", "json"):
        return text
    try:
        value = loads(text.strip().lower().encode() if kind == "boolean" else text.encode("utf-8", "replace"))
    except Undecodable:
        value = None
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise InvalidRequest(f"{name} is not of the right type.", name)
    return value


def _part(piece: bytes) -> tuple[Upload, bool]:
    head, blank, data = piece.partition(b"\r\n\r\n")
    told = _DISPOSITION.search(head)
    found = _OPTION.findall(told.group(1)) if told else ()
    options = {name.lower(): _plain(quoted or bare) for name, quoted, bare in found}
    if not blank or b"name" not in options:
        raise InvalidRequest("A part of this form has no name.")
    kind = _TYPE.search(head)
    media_type = kind.group(1).decode("utf-8", "replace").strip() if kind else UNTYPED
    return Upload(options[b"name"], options.get(b"filename", ""), media_type, data), b"filename" in options


def _head(field: str, name: str | None = None, media_type: str = "") -> bytes:
    head = f'Content-Disposition: form-data; name="{_escaped(field)}"'
    if name is not None:
        head += f'; filename="{_escaped(name)}"\r\nContent-Type: {_escaped(media_type)}'
    return head.encode("utf-8", "replace")


def _boundary(parts: list[tuple[bytes, bytes]]) -> bytes:
    """No content can hold the digest of itself."""
    digest = hashlib.blake2b(digest_size=12)
    for head, data in parts:
        digest.update(head)
        digest.update(data)
    return b"form-" + digest.hexdigest().encode()


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(character, character) for character in text)


def _plain(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    for character, escape in ESCAPES.items():
        text = text.replace(escape, character)
    return text
