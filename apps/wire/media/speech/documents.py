"""Where a JSON answer has its sound: some gateways tell its address, or write its bytes into a field."""

import base64
import binascii
import re
from typing import Any

from ...data_uris import inline
from ..shapes import Made
from .formats import file_of, kind_of

AROUND = ("data", "output", "audio", "result")
ADDRESSES = ("url", "audio_url", "audioUrl", "audio", "output", "data")
BYTES = ("audio", "b64_json", "audio_base64", "base64", "data", "content")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")


def sound_in(document: Any) -> Made | None:
    """The sound of the document, or of what it holds under one of the usual names; None if there is none."""
    if isinstance(document, list):
        document = next((item for item in document if isinstance(item, dict)), None)
    if not isinstance(document, dict):
        return None
    inner = (document.get(name) for name in AROUND)
    places = [document, *(place for place in inner if isinstance(place, dict))]
    places += [place for found in places[1:] for name in AROUND if isinstance(place := found.get(name), dict)]
    return next((made for place in places if (made := _made(place))), None)


def _made(place: dict[str, Any]) -> Made | None:
    for name in ADDRESSES:
        if isinstance(url := place.get(name), str) and url.startswith(("http://", "https://")):
            return Made("audio", url=url)
    for name in BYTES:
        if isinstance(text := place.get(name), str) and (sound := _bytes(text)):
            return file_of(sound)
    return None


def _bytes(text: str) -> bytes:
    """Base64, also as a data URI, or hexadecimal as MiniMax has it."""
    if _HEX.fullmatch(text) and kind_of(sound := bytes.fromhex(text)):
        return sound
    try:
        return base64.b64decode(inline(text)[1] or text, validate=True)
    except (binascii.Error, ValueError):
        return b""
