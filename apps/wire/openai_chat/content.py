"""The parts of which a message's content is made, both ways."""

from typing import Any

from ..data_uris import inline, url_of
from ..exceptions import InvalidRequest
from ..messages import Audio, File, Image, Part, Refusal, Text
from ..sound import read_input_audio, write_input_audio
from ..tolerant import shown
from .pieces import image_of

FAR_VIDEO, FAR_FILE = "video/mp4", "application/pdf"


def write_content(parts: tuple[Part, ...]) -> Any:
    if not parts:
        return ""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [document for part in parts if (document := _write_part(part))]


def read_content(content: Any) -> list[Part]:
    """Raises InvalidRequest."""
    if isinstance(content, str):
        return [Text(content)] if content else []
    if content is None:
        return []
    if not isinstance(content, list):
        raise InvalidRequest("A message's content must be a text or a list of parts.", "messages")
    return [_read_part(entry) for entry in content]


def _write_part(part: Part) -> dict[str, Any] | None:
    match part:
        case Text() | Refusal():
            return {"type": "text", "text": part.text}
        case Image():
            return {"type": "image_url", "image_url": {"url": url_of(part)}}
        case Audio():
            return write_input_audio(part)
        case File():
            return _write_file(part)
    return None


def _write_file(file: File) -> dict[str, Any]:
    """A video as GLM, Qwen and OpenRouter take it; another file with its name, or gateways drop it in silence."""
    if file.media_type.startswith("video/"):
        return {"type": "video_url", "video_url": {"url": url_of(file)}}
    return {"type": "file", "file": {"filename": file.name or "file", "file_data": url_of(file)}}


def _read_part(entry: Any) -> Part:
    kind = entry.get("type") if isinstance(entry, dict) else None
    found = entry.get(kind) if isinstance(kind, str) else None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    part = read(entry, found) if read else None
    if part is None:
        raise InvalidRequest(f"This part of a message is not understood: {shown(entry)[:200]}", "messages")
    return part


def _read_video(entry: Any, found: Any) -> Part | None:
    """The address is in an object, or bare: the only form that new-api keeps for Gemini."""
    url = found.get("url") if isinstance(found, dict) else found
    return _file("", url, FAR_VIDEO) if isinstance(url, str) else None


def _read_file(entry: Any, found: Any) -> Part | None:
    """Its data, as a data URI or (OpenRouter) an address. There is no store of files here that an id could name."""
    if not isinstance(found, dict) or not isinstance(found.get("file_data"), str):
        return None
    return _file(str(found.get("filename") or ""), found["file_data"], FAR_FILE)


def _file(name: str, url: str, kind: str) -> File:
    media_type, data = inline(url)
    return File(name=name, media_type=media_type, data=data) if data else File(name=name, media_type=kind, url=url)


def _words(kind: type[Text] | type[Refusal]) -> Any:
    return lambda entry, found: kind(found) if isinstance(found, str) else None


_READERS: dict[str, Any] = {
    "text": _words(Text),
    "refusal": _words(Refusal),
    "image_url": lambda entry, found: image_of(entry),
    "input_audio": lambda entry, found: read_input_audio(found),
    "video_url": _read_video,
    "file": _read_file,
}
