"""MP4, M4A and MOV: boxes in boxes. What phones write beside the film, such as where it was made, is blanked in place.

The boxes are those of ISO/IEC 14496-12 and of QuickTime; they must fill the file to its last byte.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from ..refusals import NotTaken
from .found import Found, broken, read_at, reading

STILLS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"))
MOST_INDEX = 32 * 1024 * 1024
# User data and metadata: the place is in udta/©xyz (QuickTime) and in meta/ilst (Apple).
PERSONAL = frozenset((b"udta", b"meta", b"uuid"))
MP4 = "MP4"


class Box:
    """`start` is where the box begins in the file, `body` where its content does, `end` where it ends."""

    def __init__(self, name: bytes, start: int, body: int, end: int):
        self.name, self.start, self.body, self.end = name, start, body, end


def film(file: BinaryIO, size: int) -> Found:
    """Raises NotTaken for a still image in this container (HEIC, AVIF) and for what is not whole."""
    with reading(MP4):
        boxes = list(_top(file, size))
        brand = read_at(file, boxes[0].body, 4)
        if brand in STILLS:
            raise _still()
        index = next((box for box in boxes if box.name == b"moov"), None)
        if index is None or index.end - index.start > MOST_INDEX:
            raise broken(MP4)
        moov = read_at(file, index.body, index.end - index.body)
        found = _described(moov, brand)
        personal = [box for box in boxes if box.name in PERSONAL]
        found.patches = _blanks([*personal, *_personal(moov, index.body)])
    return found


def _still() -> NotTaken:
    return NotTaken(_("HEIC and AVIF images cannot be read by most models. Save the image as JPEG or PNG."))


def _top(file: BinaryIO, size: int) -> Iterator[Box]:
    place = 0
    while place < size:
        box = _box(read_at(file, place, 16), place, size)
        if place == 0 and box.name != b"ftyp":
            raise broken(MP4)
        yield box
        place = box.end


def _box(head: bytes, start: int, limit: int) -> Box:
    length, name = struct.unpack_from(">I4s", head)
    body = start + 8
    if length == 1:
        length, body = struct.unpack_from(">Q", head, 8)[0], start + 16
    end = limit if length == 0 else start + length
    if not body <= end <= limit:
        raise broken(MP4)
    return Box(name, start, body, end)


def _inside(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    end = len(data) if end is None else end
    while start + 8 <= end:
        box = _box(data[start : start + 16], start, end)
        yield box
        start = box.end


def _described(moov: bytes, brand: bytes) -> Found:
    found = Found("audio", "audio/mp4")
    for box in _inside(moov):
        if box.name == b"mvhd":
            found.seconds = _seconds(moov[box.body : box.end])
        elif box.name == b"trak":
            size = _film_size(moov, box)
            if size:
                found.kind, found.media_type = "video", "video/quicktime" if brand == b"qt  " else "video/mp4"
                found.width, found.height = size
    return found


def _seconds(header: bytes) -> float | None:
    scale, duration = struct.unpack_from(*((">IQ", header, 20) if header[0] else (">II", header, 12)))
    return round(duration / scale, 2) if scale and duration < 2**31 * scale else None


def _film_size(moov: bytes, track: Box) -> tuple[int, int] | None:
    """Width and height of a track of pictures, None for any other."""
    size, handler = (0, 0), b""
    for box in _inside(moov, track.body, track.end):
        if box.name == b"tkhd":
            width, height = struct.unpack_from(">II", moov, box.end - 8)
            size = width >> 16, height >> 16
        elif box.name == b"mdia":
            heads = (inner for inner in _inside(moov, box.body, box.end) if inner.name == b"hdlr")
            handler = next((moov[head.body + 8 : head.body + 12] for head in heads), b"")
    return size if handler == b"vide" else None


def _personal(moov: bytes, offset: int) -> Iterator[Box]:
    """What is to be blanked within the index and its tracks, by places in the file."""
    for box in _inside(moov):
        inner = _inside(moov, box.body, box.end) if box.name == b"trak" else [box]
        for each in inner:
            if each.name in PERSONAL:
                yield Box(each.name, each.start + offset, each.body + offset, each.end + offset)


def _blanks(boxes: list[Box]) -> list[tuple[int, bytes]]:
    """A `free` box of the same length in its place, so that nothing moves."""
    return [patch for box in boxes for patch in ((box.start + 4, b"free"), (box.body, bytes(box.end - box.body)))]
