"""What OpenAI's image endpoints answer with, both ways: the object of a whole reply, and the events of a stream."""

from typing import Any

from msgspec.structs import replace

from ... import sentences
from ...counting import usage_of
from ...events import Failed
from ...messages import Usage
from ...tolerant import dumps
from ..pictures import base64_of, made_of
from ..reading import answer, error_document, refusal, word
from ..shapes import HttpReply, Made, MediaEvent, MediaReply, MediaRequest, PartialImage, Replied
from ..tasks import percent, read_task

NO_IMAGE = Failed(message=sentences.NO_IMAGE, code="no_image")
WORDS = {"queued": "SUBMITTED", "running": "IN_PROGRESS", "succeeded": "SUCCESS", "failed": "FAILURE"}


def read_images(document: Any) -> MediaReply | None:
    """The pictures of a reply, or the task that makes them; None for a refusal."""
    if not isinstance(document, dict):
        return None
    told = word(document, "output_format")
    made = tuple(found for entry in _entries(document) if (found := read_image(entry, told)))
    if made:
        return pictures_of(made, usage_of(document.get("usage")))
    if document.get("data") == [] and not document.get("error") and not word(document, "status"):
        return MediaReply("failed", error=NO_IMAGE)
    return read_task(document, "image")


def pictures_of(made: tuple[Made, ...], usage: Usage | None) -> MediaReply:
    return MediaReply("succeeded", made=made, usage=usage or Usage(), unit="image", units=float(len(made)))


def read_image(entry: Any, told: str) -> Made | None:
    """One picture. new-api gives both keys, one of them empty; either may be a data URI."""
    if isinstance(entry, str):
        entry = {"url": entry}
    if not isinstance(entry, dict):
        return None
    found = word(entry, "b64_json", "url")
    made = made_of("image", found, f"image/{told}" if told else "") if found else None
    return replace(made, text=word(entry, "revised_prompt")) if made else None


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """The whole reply; a task is told by its id."""
    if reply.state == "failed":
        return refusal(reply.error)
    if reply.state != "succeeded":
        return answer({"task_id": reply.remote_id})
    named = ("background", "quality", "size")
    document: dict[str, Any] = {"created": 0, "data": [write_image(made) for made in reply.made]}
    document |= {name: value for name in named if (value := request.parameters.get(name))} | _format(reply)
    return answer(document | _used(reply))


def write_poll(reply: MediaReply) -> HttpReply:
    document: dict[str, Any] = {"task_id": reply.remote_id, "status": WORDS[reply.state], "progress": percent(reply)}
    if reply.state == "failed":
        document["fail_reason"] = reply.error.message if reply.error else ""
    if reply.state == "succeeded":
        document["data"] = [write_image(made) for made in reply.made]
    return answer(document)


def encode(event: MediaEvent, request: MediaRequest) -> bytes:
    """A picture in the making, or what ends the stream: one event a picture, and what was used with the last."""
    task = "image_edit" if request.task == "edit" else "image_generation"
    if isinstance(event, PartialImage):
        picture = write_image(event.image) | {"partial_image_index": event.step, "created_at": 0}
        return _event(f"{task}.partial_image", picture)
    if not isinstance(event, Replied):
        return b""
    reply = event.reply
    if reply.state == "failed":
        return _event("error", error_document(reply.error or NO_IMAGE))
    if reply.state != "succeeded":
        return b"data: " + dumps({"task_id": reply.remote_id}) + b"\n\n"
    documents = [write_image(made) | {"created_at": 0} | _format(reply) for made in reply.made]
    documents[-1] |= _used(reply)
    return b"".join(_event(f"{task}.completed", document) for document in documents)


def write_image(made: Made) -> dict[str, Any]:
    picture = {"b64_json": base64_of(made.data)} if made.data else {"url": made.url}
    return picture | ({"revised_prompt": made.text} if made.text else {})


def _entries(document: dict[str, Any]) -> list[Any]:
    for name in ("data", "images"):
        found = document.get(name)
        if isinstance(found, list) and found:
            return found
    return [document] if word(document, "b64_json") else []


def _format(reply: MediaReply) -> dict[str, str]:
    media_type = next((made.media_type for made in reply.made if made.data), "")
    return {"output_format": media_type.removeprefix("image/")} if media_type else {}


def _used(reply: MediaReply) -> dict[str, Any]:
    read, drawn = reply.usage.input_tokens, reply.usage.output_tokens
    if read is None and drawn is None:
        return {}
    read, drawn = read or 0, drawn or 0
    details = {"text_tokens": read, "image_tokens": 0}
    usage = {"input_tokens": read, "input_tokens_details": details, "output_tokens": drawn}
    return {"usage": usage | {"total_tokens": read + drawn}}


def _event(name: str, document: dict[str, Any]) -> bytes:
    return f"event: {name}\n".encode() + b"data: " + dumps({"type": name} | document) + b"\n\n"
