"""Raster images piece by piece: each is walked to its very end, and only what makes the picture is kept.

What cameras and programs write beside it (place, time, names, thumbnails) goes. Nothing is decoded here, so nothing is
lost of the picture, and whatever stands behind the picture's end is found.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from .found import broken
from .impostors import PAGE, impostor

PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"))
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# In the entropy-coded data of a JPEG, FF00 is a byte and FFD0 to FFD7 are restarts; any other marker ends it.
_JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


def png(data: bytes) -> bytes:
    kept, place, name = [PNG], len(PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        chunk = data[place:end]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise broken("PNG")
        if place == len(PNG) and name != b"IHDR":
            raise broken("PNG")
        if name in _PNG_KEPT:
            kept.append(chunk)
        place = end
    _nothing_behind(data[place:])
    return b"".join(kept)


def jpeg(data: bytes) -> bytes:
    """Cameras put more pictures behind the picture: those are cut off, and only a page there is refused."""
    kept, place = [b"\xff\xd8"], 2
    while True:
        found = _JPEG_MARKER.match(data, place)
        if not found:
            raise broken("JPEG")
        place = found.end() - 2
        marker = data[place + 1]
        if marker == 0xD9:
            break
        end = place + 2 + struct.unpack_from(">H", data, place + 2)[0]
        if end > len(data):
            raise broken("JPEG")
        if _in_jpeg(marker, data[place + 4 : place + 18]):
            kept.append(data[place:end])
        place = end
        if marker == 0xDA:
            following = _JPEG_MARKER.search(data, place)
            if not following:
                raise broken("JPEG")
            kept.append(data[place : following.start()])
            place = following.start()
    if PAGE.search(data, place):
        raise impostor()
    return b"".join([*kept, b"\xff\xd9"])


def _in_jpeg(marker: int, head: bytes) -> bool:
    """Of the application's segments and comments only what the colours need is part of the picture."""
    if marker == 0xE0:
        return head.startswith(b"JFIF\0")
    if marker == 0xE2:
        return head.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return head.startswith(b"Adobe")
    return not 0xE0 <= marker <= 0xEF and marker != 0xFE


def gif(data: bytes) -> bytes:
    place = 13 + _colours(data[10])
    kept = [data[:place]]
    while data[place] != 0x3B:
        start = place
        if data[place] == 0x2C:
            place = _behind_blocks(data, place + 11 + _colours(data[place + 9]))
            kept.append(data[start:place])
        elif data[place] == 0x21:
            place = _behind_blocks(data, place + 2)
            if data[start + 1] == 0xF9 or data[start + 3 : start + 14] in _GIF_LOOPS:
                kept.append(data[start:place])
        else:
            raise broken("GIF")
    _nothing_behind(data[place + 1 :])
    return b"".join([*kept, b"\x3b"])


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(data: bytes, place: int) -> int:
    while data[place]:
        place += data[place] + 1
    return place + 1


def webp(data: bytes) -> bytes:
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise broken("WebP")
    end = struct.unpack_from("<I", data, 4)[0] + 8
    _nothing_behind(data[end:])
    body = b"".join(_webp_chunks(data, end))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_chunks(data: bytes, end: int) -> Iterator[bytes]:
    place = 12
    while place < end:
        name, length = struct.unpack_from("<4sI", data, place)
        following = place + 8 + length + length % 2
        if following > end:
            raise broken("WebP")
        if name == b"VP8X":
            yield data[place : place + 8] + bytes([data[place + 8] & ~0x0C]) + data[place + 9 : following]
        elif name in _WEBP_KEPT:
            yield data[place:following]
        place = following


def _nothing_behind(rest: bytes) -> None:
    if rest.strip(b"\0\r\n "):
        raise impostor()


WALKS = {"image/png": png, "image/jpeg": jpeg, "image/gif": gif, "image/webp": webp}
