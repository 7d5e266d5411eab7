"""The parts of which a message of the input is made, both ways."""

from typing import Any

from ..data_uris import image_at, inline, url_of
from ..exceptions import InvalidRequest
from ..messages import Audio, File, Image, Part, Refusal, Text
from ..sound import read_input_audio, write_input_audio
from ..tolerant import shown


def write_content(parts: tuple[Part, ...]) -> Any:
    """What a person says: a text by itself, or a list of parts."""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [document for part in parts if (document := _write_part(part))]


def read_content(content: Any) -> list[Part]:
    """The parts of a message of either side. Raises InvalidRequest."""
    if isinstance(content, str):
        return [Text(content)] if content else []
    if content is None:
        return []
    if not isinstance(content, list):
        raise InvalidRequest("A message's content must be a text or a list of parts.", "input")
    return [_read_part(entry) for entry in content]


def _write_part(part: Part) -> dict[str, Any] | None:
    match part:
        case Text() | Refusal():
            return {"type": "input_text", "text": part.text}
        case Image():
            return {"type": "input_image", "image_url": url_of(part), "detail": "auto"}
        case Audio():
            return write_input_audio(part)
        case File(data=""):
            return {"type": "input_file", "file_url": part.url}
        case File():
            return {"type": "input_file", "filename": part.name or "file", "file_data": url_of(part)}
    return None


def _read_part(entry: Any) -> Part:
    kind = entry.get("type") if isinstance(entry, dict) else None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    part = read(entry) if read else None
    if part is None:
        raise InvalidRequest(f"This part of a message is not understood: {shown(entry)[:200]}", "input")
    return part


def _read_text(entry: dict[str, Any]) -> Text | None:
    text = entry.get("text")
    return Text(text) if isinstance(text, str) else None


def _read_refusal(entry: dict[str, Any]) -> Refusal | None:
    refusal = entry.get("refusal")
    return Refusal(refusal) if isinstance(refusal, str) else None


def _read_image(entry: dict[str, Any]) -> Image | None:
    """By its address or data. There is no store of files here that a file_id could name."""
    url = entry.get("image_url")
    return image_at(url) if isinstance(url, str) else None


def _read_file(entry: dict[str, Any]) -> File | None:
    name, url, data = str(entry.get("filename") or ""), entry.get("file_url"), entry.get("file_data")
    if isinstance(data, str) and (found := inline(data))[1]:
        return File(name=name, media_type=found[0], data=found[1])
    return File(name=name, url=url) if isinstance(url, str) and url else None


_READERS: dict[str, Any] = {
    "input_text": _read_text,
    "output_text": _read_text,
    "text": _read_text,
    "refusal": _read_refusal,
    "input_image": _read_image,
    "input_audio": lambda entry: read_input_audio(entry.get("input_audio")),
    "input_file": _read_file,
}
