"""Files within a body: their base64 is named instead of kept, since the file itself is kept elsewhere, or is too large.

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

from apps.wire.messages import Audio, File, GenerationRequest, Image

# Attachments are named from the first character, other base64 from this many on.
LARGE = 8192
SMALLEST = 64
_HOLDERS = rb"data|b64_json|file_data|result|partial_image_b64|bytesBase64Encoded"
_LARGE = re.compile(
    rb'(?:data:(?P<type>[\w.+/-]+)[\w;=.-]*;base64,|"(?:%s)"\s*:\s*")(?P<data>[A-Za-z0-9+/\\]{%d,}={0,2})(?=")'
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
    """A file of the body. `mark` stands where its `characters` of base64 were; `asset` is our id of it, if we have one.

    The mark cannot be guessed by whoever wrote the body.
    """

    mark: str
    name: str
    media_type: str
    characters: int
    sha256: str
    asset: str = ""


class _Known(msgspec.Struct, frozen=True):
    data: str
    name: str
    media_type: str
    asset: str


class Elision:
    """Names the files of one record; a file that stands in several bodies is named once."""

    def __init__(self, request: GenerationRequest | None):
        self.files: list[FileMark] = []
        self._known = list(_attachments(request)) if request else []
        self._marks: dict[bytes, FileMark] = {}
        self._secret = secrets.token_hex(6)

    def of(self, body: bytes) -> bytes:
        for known in self._known:
            data = known.data.encode()
            if data in body:
                body = body.replace(data, self._mark(data, known).mark.encode())
        return self.cut(body)[0]

    def cut(self, body: bytes) -> tuple[bytes, "Moves"]:
        """The body without its large base64, and where each of its places is now."""
        out, moves, last = list[bytes](), Moves(), 0
        if max(map(len, body.split(b"\n"))) < LARGE:  # thirty times faster than to look
            return body, moves
        for found in _LARGE.finditer(body):
            start, end = found.span("data")
            data = found["data"].replace(b"\\/", b"/")
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


def _attachments(request: GenerationRequest) -> Iterable[_Known]:
    for message in request.messages:
        for part in message.parts:
            if isinstance(part, Image | Audio | File) and len(part.data) >= SMALLEST:
                yield _Known(part.data, getattr(part, "name", ""), part.media_type, part.asset)


def _is_base64(data: bytes) -> bool:
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error:
        return False
    return True


def _guess(data: bytes, media_type: str) -> _Known:
    return _Known("", "", media_type or _kind(data)[0], "")


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
