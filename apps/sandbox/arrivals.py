"""What came along with a prompt, told by its bytes: so a test sees that it arrived, and as what."""

import base64
import binascii
import io
import re
import struct
import wave
from collections.abc import Iterator

from apps.wire.messages import Audio, File, GenerationRequest, Image

Carried = Image | Audio | File
# What a page shows, where it is not compressed.
_PAGE = re.compile(rb"/Type\s*/Page\b")
_SHOWN = re.compile(rb"\(([^()\\]{1,200})\) ?Tj")
MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"\x1aE\xdf\xa3": "video/webm",
}


def told(request: GenerationRequest) -> list[str]:
    """A line for each attachment of the last prompt."""
    return [_line(part) for part in carried(request)]


def carried(request: GenerationRequest) -> Iterator[Carried]:
    last = next((message for message in reversed(request.messages) if message.role == "user"), None)
    yield from (part for part in (last.parts if last else ()) if isinstance(part, Carried))


def _line(part: Carried) -> str:
    name = f" named {part.name}" if isinstance(part, File) and part.name else ""
    if not part.data:
        return f"- {part.media_type or 'something'}{name} at {getattr(part, 'url', '')}"
    try:
        # Google's own SDK writes the other alphabet of base64.
        data = base64.b64decode(part.data.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return f"- {part.media_type}{name}, which is not base64"
    found = _kind(data)
    odd = f", declared as {part.media_type}" if found != part.media_type else ""
    return f"- {found}{name}, {len(data)} bytes{_detail(found, data)}{odd}"


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return "image/webp" if data[8:12] == b"WEBP" else "audio/wav"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    named = next((kind for start, kind in MAGIC.items() if data.startswith(start)), "")
    return named or ("application/octet-stream" if b"\0" in data else "text/plain")


def _detail(kind: str, data: bytes) -> str:
    match kind:
        case "image/png" if len(data) >= 24:
            width, height = struct.unpack(">II", data[16:24])
            return f", {width} × {height} pixels"
        case "image/gif" if len(data) >= 10:
            width, height = struct.unpack("<HH", data[6:10])
            return f", {width} × {height} pixels"
        case "image/jpeg":
            return _jpeg(data)
        case "application/pdf":
            pages = len(_PAGE.findall(data))
            said = b" ".join(_SHOWN.findall(data)).decode("latin-1")
            return f", {pages} pages" + (f", saying: {said[:200]}" if said else "")
        case "audio/wav":
            return _seconds(data)
        case "text/plain":
            return f", beginning: {data[:60].decode('utf-8', 'replace').strip()}"
    return ""


def _jpeg(data: bytes) -> str:
    """The frame's header holds the size; the segments before it are skipped by their lengths."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return f", {width} × {height} pixels"
        place += 2 + length
    return ""


def _seconds(data: bytes) -> str:
    try:
        with wave.open(io.BytesIO(data)) as file:
            return f", {file.getnframes() / (file.getframerate() or 1):.1f} seconds"
    except (wave.Error, EOFError):
        return ""
