"""Pictures and films as bytes, as base64 and within addresses; their type is told by how they begin."""

import base64
import binascii
import re
from typing import Any

from ..data_uris import inline
from .shapes import Kind, Made, Source

UNTYPED = {"image": "image/png", "video": "video/mp4", "audio": "audio/mpeg"}
STARTS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
# Behind its first four bytes: the brands of ISO's container, and RIFF's kind.
BRANDS = (
    (b"ftypavif", "image/avif"),
    (b"ftypheic", "image/heic"),
    (b"ftypqt", "video/quicktime"),
    (b"ftyp", "video/mp4"),
)
_OWN = re.compile(r"(?:https?://[^/?#\s]+)?(/v\d\w*/videos/[^/?#\s]{1,500}/content)")


def type_of(data: bytes, told: str = "") -> str:
    """The media type by the first bytes, else what was told: upstreams call everything a PNG."""
    found = next((kind for start, kind in STARTS if data.startswith(start)), "")
    if not found and data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return found or next((kind for brand, kind in BRANDS if data[4:].startswith(brand)), told)


def made_of(kind: Kind, told: str, media_type: str = "") -> Made | None:
    """What an address or bare base64 holds; None if it is neither."""
    made = made_at(kind, told)
    if made or not (data := _decoded(told)):
        return made
    return Made(kind, type_of(data, media_type or UNTYPED[kind]), data)


def made_at(kind: Kind, address: str) -> Made | None:
    """What lies at an http(s) address, in a data URI, or at a path of the upstream; None if it is none of these.

    new-api gives the whole address of its own path, which needs its key.
    """
    address = address.strip()
    if own := _OWN.fullmatch(address):
        return Made(kind, path=own.group(1))
    if address.startswith(("https://", "http://")):
        return Made(kind, url=address)
    media_type, data = inline(address)
    if not data or not (decoded := _decoded(data)):
        return None
    return Made(kind, type_of(decoded, media_type or UNTYPED[kind]), decoded)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def address_of(source: Source | Made) -> str:
    """Its address, or itself as a data URI."""
    return f"data:{source.media_type};base64,{base64_of(source.data)}" if source.data else source.url


def source_at(role: Any, address: str) -> Source | None:
    """The source of a data URI, of bare base64, or of an http(s) address."""
    made = made_of("image", address)
    if made is None or made.path:
        return None
    return Source(role, made.media_type, data=made.data, url=made.url)


def _decoded(data: str) -> bytes:
    """Some break their base64 into lines, or leave its padding away."""
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        pass
    data = "".join(data.split()).rstrip("=")
    try:
        return base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
