"""Parts of a content, written from ours and read into them: alike in what is asked and in what is answered."""

import mimetypes
import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from ..exceptions import Undecodable
from ..messages import Audio, File, Image, Part, Reasoning, Refusal, Text, ToolCall
from ..tolerant import loads, shown

SIGNATURE = "thoughtSignature"
TYPES = {
    "image/jpg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "video/quicktime": "video/mov",
}
TEXTS = frozenset(
    {"plain", "html", "css", "javascript", "x-typescript", "csv", "markdown", "md", "x-python", "xml", "rtf"}
)
_MADE = re.compile(r"call_[0-9a-f]{8}_\d+")


def write_part(part: Part) -> dict[str, Any] | None:
    """The part as the wire has it, with its signature; None for what is no part of a content here."""
    match part:
        case Text() | Refusal():
            return {"text": part.text} | signature_of(part)
        case Reasoning():
            return {"text": part.text, "thought": True} | signature_of(part)
        case ToolCall():
            return {"functionCall": write_call(part)} | signature_of(part)
        case Image():
            return _media(part.media_type or "image/png", part.data, part.url) | signature_of(part)
        case File():
            return _media(part.media_type, part.data, part.url)
        case Audio():
            return _media(part.media_type or "audio/wav", part.data, "")
    return None


def write_said(part: Part) -> dict[str, Any] | None:
    """The same of an answer, where a file has its name: in a request the Gemini API refuses that."""
    document = write_part(part)
    if document and isinstance(part, File) and part.name:
        (name,) = document
        document[name]["displayName"] = part.name
    return document


def write_call(call: ToolCall) -> dict[str, Any]:
    """Arguments are an object, whatever the model wrote; an id that we made is not told to those who never gave one."""
    id = {} if is_made(call.id) else {"id": call.id}
    return id | {"name": call.name, "args": object_of(call.arguments)}


def signature_of(part: Part) -> dict[str, Any]:
    """What of a part's opaque data is Gemini's own: its signature, and that a picture is a draft."""
    opaque = getattr(part, "opaque", None) or {}
    found: dict[str, Any] = {"thought": True} if opaque.get("thought") is True else {}
    signature = opaque.get(SIGNATURE)
    return found | ({SIGNATURE: signature} if isinstance(signature, str) and signature else {})


def opaque_of(part: Mapping[str, Any]) -> dict[str, Any] | None:
    signature = part.get(SIGNATURE)
    return {SIGNATURE: signature} if isinstance(signature, str) and signature else None


def object_of(arguments: str) -> dict[str, Any]:
    """The arguments as the object that this format wants; what is none is wrapped, so that nothing is lost."""
    if not arguments.strip():
        return {}
    try:
        found = loads(arguments.encode())
    except Undecodable:
        found = arguments
    return found if isinstance(found, dict) else {"value": found}


def arguments_of(found: Any) -> str:
    """A call's `args` as JSON text; some converters send a text already."""
    if isinstance(found, str):
        return found or "{}"
    return shown({} if found is None else found)


def made_id(seed: str, nth: int) -> str:
    """An id for a call that came without: a result must name its call, and no two of a conversation may be alike."""
    return f"call_{crc32(seed.encode()):08x}_{nth}"


def is_made(id: str) -> bool:
    return not id or bool(_MADE.fullmatch(id))


def blob_of(found: Mapping[str, Any]) -> tuple[str, str]:
    """Media type and bare base64 of an `inlineData`; a data URI in the place of the data is taken apart."""
    data, media_type = found.get("data"), found.get("mimeType")
    data = data if isinstance(data, str) else ""
    head, comma, rest = data.partition(",")
    if comma and head[:5].lower() == "data:":
        data, media_type = rest, media_type or head[5:].partition(";")[0]
    return media_type if isinstance(media_type, str) and media_type else "image/png", data


def media_of(media_type: str, data: str, opaque: dict[str, Any] | None = None, name: str = "") -> Image | Audio | File:
    if media_type.startswith("image/"):
        return Image(media_type=media_type, data=data, opaque=opaque)
    if media_type.startswith("audio/"):
        return Audio(media_type=media_type, data=data)
    return File(name=name, media_type=media_type, data=data)


def name_of(found: Mapping[str, Any]) -> str:
    """The file's name, as Vertex tells it."""
    name = found.get("displayName")
    return name if isinstance(name, str) else ""


def linked(found: Mapping[str, Any], opaque: dict[str, Any] | None = None) -> Image | File | None:
    """The part that a `fileData` names; None without an address."""
    url, media_type = found.get("fileUri"), found.get("mimeType")
    media_type = media_type if isinstance(media_type, str) else ""
    if not isinstance(url, str) or not url:
        return None
    if media_type.startswith("image/") and url.startswith(("https://", "http://")):
        return Image(media_type=media_type, url=url, opaque=opaque)
    return File(name=name_of(found), media_type=media_type, url=url)


def _media(media_type: str, data: str, url: str) -> dict[str, Any]:
    if url and not data:
        media_type = media_type or mimetypes.guess_type(url)[0] or ""
        return {"fileData": ({"mimeType": media_type} if media_type else {}) | {"fileUri": url}}
    media_type, data = blob_of({"mimeType": media_type or "text/plain", "data": data})
    return {"inlineData": {"mimeType": _taken(media_type), "data": data}}


def _taken(media_type: str) -> str:
    """The type under which Gemini takes it: by its usual name, and a text of any other kind as plain text."""
    kind, _slash, name = media_type.partition("/")
    if kind == "text" and name.partition(";")[0] not in TEXTS:
        return "text/plain"
    return TYPES.get(media_type, media_type)
