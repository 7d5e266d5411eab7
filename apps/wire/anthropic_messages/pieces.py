"""Pieces of a message in the format's words, both ways: images, documents, tool calls."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from ..exceptions import Undecodable
from ..messages import File, Image, ToolCall
from ..tolerant import loads, shown
from .hosted import wire_id

IMAGE_STARTS = {"iVBORw0KGgo": "image/png", "/9j/": "image/jpeg", "R0lGOD": "image/gif", "UklGR": "image/webp"}
IMAGE_NAMES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}
PDF = "application/pdf"
TEXTS = ("application/json", "application/xml", "application/yaml", "application/x-yaml", "application/javascript")
EXTRAS = ("caller", "toolset_name")
DIRECT = {"type": "direct"}


def image_of(block: Mapping[str, Any]) -> Image | None:
    source = block.get("source")
    if not isinstance(source, dict):
        return None
    data, url = source.get("data"), source.get("url")
    if isinstance(data, str) and data:
        kind = source.get("media_type")
        return Image(media_type=kind if isinstance(kind, str) else "", data=data)
    return Image(url=url) if isinstance(url, str) and url else None


def image_block(image: Image) -> dict[str, Any]:
    """Raw base64 under the type that the bytes have: a wrong or unusual name of it is refused."""
    media_type, data = _bare(image.media_type, image.data or image.url)
    if image.url and not image.data and data == image.url:
        return {"type": "image", "source": {"type": "url", "url": image.url}}
    kind = next((kind for start, kind in IMAGE_STARTS.items() if data.startswith(start)), "")
    kind = kind or IMAGE_NAMES.get(media_type, media_type) or "image/png"
    return {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}


def file_of(block: Mapping[str, Any]) -> File | None:
    """A document: PDF by data or address, or plain text."""
    source, title = block.get("source"), block.get("title")
    if not isinstance(source, dict):
        return None
    name = title if isinstance(title, str) else ""
    kind, data, url = source.get("type"), source.get("data"), source.get("url")
    if kind == "text" and isinstance(data, str):
        return File(name=name, media_type="text/plain", data=base64.b64encode(data.encode()).decode())
    if kind == "base64" and isinstance(data, str):
        return File(name=name, media_type=str(source.get("media_type") or PDF), data=data)
    return File(name=name, media_type=PDF, url=url) if kind == "url" and isinstance(url, str) else None


def file_block(file: File) -> dict[str, Any] | None:
    """PDF and text are documents; of other files the format has no word."""
    source: dict[str, Any]
    media_type, data = _bare(file.media_type, file.data)
    if media_type == PDF and data:
        source = {"type": "base64", "media_type": PDF, "data": data}
    elif media_type in ("", PDF) and file.url:
        source = {"type": "url", "url": file.url}
    elif data and (media_type.startswith("text/") or media_type in TEXTS):
        source = {"type": "text", "media_type": "text/plain", "data": _plain(data)}
    else:
        return None
    return {"type": "document", "source": source, **({"title": file.name} if file.name else {})}


def call_of(block: Mapping[str, Any]) -> ToolCall:
    input = block.get("input")
    return ToolCall(
        id=str(block.get("id") or ""),
        name=str(block.get("name") or ""),
        arguments=shown({} if input is None else input),
        opaque=call_extras(block),
    )


def call_block(call: ToolCall) -> dict[str, Any]:
    own = {name: call.opaque[name] for name in EXTRAS if call.opaque and name in call.opaque}
    return {"type": "tool_use", "id": wire_id(call.id), "name": call.name, "input": input_of(call.arguments), **own}


def call_extras(block: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who called, where it was not the model itself: handed back with the call."""
    return {name: block[name] for name in EXTRAS if block.get(name) and block[name] != DIRECT} or None


def input_of(arguments: str) -> dict[str, Any]:
    """The object that the format wants; arguments that are none, as of a call that was cut, go as they are in one."""
    if not arguments.strip():
        return {}
    try:
        input = loads(arguments.encode("utf-8", "replace"))
    except Undecodable:
        return {"raw": arguments}
    return input if isinstance(input, dict) else {"raw": arguments}


def _bare(media_type: str, data: str) -> tuple[str, str]:
    """Type and base64 without a data URI around it."""
    if data[:5].lower() == "data:":
        head, _, data = data.partition(",")
        media_type = head[5:].partition(";")[0] or media_type
    return media_type.partition(";")[0].strip().lower(), data


def _plain(data: str) -> str:
    try:
        return base64.b64decode(data).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return data
