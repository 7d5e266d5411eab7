"""Files within a body: they are named instead of kept, since the file itself is kept elsewhere, or is too large. That
goes for base64, for the parts of a form, and for a reply that is a file.

The rest of the body stays as it was, byte for byte.
"""

import base64
import binascii
import hashlib
import re
import secrets
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from apps.wire.media.shapes import MediaRequest
from apps.wire.messages import Audio, File, GenerationRequest, Image

# Attachments are named from the first character, other base64 from this many on.
LARGE = 8192
SMALLEST = 64
FILE_TYPES = ("audio/", "video/", "image/", "application/octet-stream")
_HOLDERS = rb"data|b64_json|file_data|result|partial_image_b64|bytesBase64Encoded|audio"
_LARGE = re.compile(
    rb'(?:data:(?P<type>[\w.+/-]+)[\w;=.-]*;base64,|"(?:%s)"\s*:\s*")(?P<data>[A-Za-z0-9+/\\]{%d,}={0,2})(?="|\Z)'
    % (_HOLDERS, LARGE)
)
_BEGINNINGS = {
    "iVBOR": ("image/png", "png"),
    "/9j/": ("image/jpeg", "jpg"),
    "R0lG": ("image/gif", "gif"),
    "JVBER": ("application/pdf", "pdf"),
    "SUQz": ("audio/mpeg", "mp3"),
    "//": ("audio/mpeg", "mp3"),
    "T2dn": ("audio/ogg", "ogg"),
}
_RIFF = {"WEBP": ("image/webp", "webp"), "WAVE": ("audio/wav", "wav")}


class FileMark(msgspec.Struct, frozen=True):
    """A file of the body. `mark` stands where its `characters` were, of base64 or its own; `asset` is our id, if any.

    The mark cannot be guessed by whoever wrote the body.
    """

    mark: str
    name: str
    media_type: str
    characters: int
    sha256: str
    asset: str = ""


class _Known(msgspec.Struct, frozen=True):
    data: bytes
    name: str
    media_type: str
    asset: str


class Elision:
    """Names the files of one record; a file that stands in several bodies is named once."""

    def __init__(self, request: GenerationRequest | MediaRequest | None):
        self.files: list[FileMark] = []
        self._known = list(_sources(request) if isinstance(request, MediaRequest) else _attachments(request))
        self._marks: dict[bytes, FileMark] = {}
        self._secret = secrets.token_hex(6)

    def of(self, body: bytes) -> bytes:
        for known in self._known:
            if known.data in body:
                body = body.replace(known.data, self._mark(known.data, known).mark.encode())
        return self.cut(body)[0]

    def reply(self, body: bytes, content_type: str) -> tuple[bytes, "Moves"]:
        """What came back: a sound or a film is one file, anything else may hold some."""
        media_type = content_type.partition(";")[0].strip().lower()
        if not body or not media_type.startswith(FILE_TYPES):
            return self.cut(body)
        moves, mark = Moves(), self._mark(body, _Known(b"", "", media_type, "")).mark.encode()
        moves.add(0, len(body), len(mark))
        return mark, moves

    def cut(self, body: bytes) -> tuple[bytes, "Moves"]:
        """The body without its large base64, and where each of its places is now."""
        out, moves, last = list[bytes](), Moves(), 0
        if max(map(len, body.split(b"\n"))) < LARGE:  # thirty times faster than to look
            return body, moves
        for found in _LARGE.finditer(body):
            start, end = found.span("data")
            data = found["data"].replace(b"\\/", b"/")
            if end == len(body):  # the tape ran out within it
                data = data[: len(data) - len(data) % 4]
            if not _is_base64(data):
                continue
            mark = self._mark(data, _guess(data, (found["type"] or b"").decode())).mark.encode()
            out += [body[last:start], mark]
            moves.add(start, end, len(mark))
            last = end
        return (b"".join([*out, body[last:]]), moves) if out else (body, moves)

    def _mark(self, data: bytes, known: _Known) -> FileMark:
        if data not in self._marks:
            number = len(self.files) + 1
            mark = FileMark(
                mark=f"<<file {number} {self._secret}>>",
                name=known.name or _name(known.media_type, data, number),
                media_type=known.media_type,
                characters=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                asset=known.asset,
            )
            self._marks[data] = mark
            self.files.append(mark)
        return self._marks[data]


class Moves:
    """Where a place of the old bytes is in the new ones; one within what was cut is at the end of its mark."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._cuts: list[tuple[int, int, int]] = []

    def add(self, start: int, end: int, size: int) -> None:
        shift = self._cuts[-1][2] if self._cuts else 0
        self._starts.append(start)
        self._cuts.append((end, start + shift + size, shift + size - (end - start)))

    def __call__(self, place: int) -> int:
        number = bisect_right(self._starts, place) - 1
        if number < 0 or place == self._starts[number]:
            return place + (self._cuts[number - 1][2] if number > 0 else 0)
        end, marked, shift = self._cuts[number]
        return marked if place < end else place + shift


def _attachments(request: GenerationRequest | None) -> Iterable[_Known]:
    for message in request.messages if request else ():
        for part in message.parts:
            if isinstance(part, Image | Audio | File) and len(part.data) >= SMALLEST:
                yield _Known(part.data.encode(), getattr(part, "name", ""), part.media_type, part.asset)


def _sources(request: MediaRequest) -> Iterable[_Known]:
    """Each as it stands in a form, and as it stands in JSON."""
    for source in request.sources:
        for data in (source.data, base64.b64encode(source.data)):
            if len(data) >= SMALLEST:
                yield _Known(data, source.name, source.media_type, "")


def _is_base64(data: bytes) -> bool:
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error:
        return False
    return True


def _guess(data: bytes, media_type: str) -> _Known:
    return _Known(b"", "", media_type or _kind(data)[0], "")


def _kind(data: bytes) -> Sequence[str]:
    start = data[:24].decode("ascii", "replace")
    if start.startswith("UklG"):
        return _RIFF.get(base64.b64decode(data[:16])[8:12].decode("ascii", "replace"), ("", "bin"))
    return next((kind for begins, kind in _BEGINNINGS.items() if start.startswith(begins)), ("", "bin"))


def _name(media_type: str, data: bytes, number: int) -> str:
    ending = _kind(data)[1]
    if ending == "bin" and re.fullmatch(r"[a-z]+/[a-z0-9]{1,8}", media_type):
        ending = media_type.partition("/")[2]
    return f"file-{number}.{ending}"
