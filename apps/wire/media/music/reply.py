"""What a submit is answered with: an envelope with the task's id, or with what it is already."""

from typing import Any

from ...events import Failed
from .. import absent
from ..reading import NO_ANSWER, Whole, answer, items, read_json, word
from ..shapes import HttpReply, MediaReply, MediaRequest
from .clips import reply_of_clips
from .parameters import BEYOND, UPLOAD

FINE = ("success", "0", "200", "ok")


def reader(content_type: str, request: MediaRequest) -> Whole:
    return Whole(lambda body: read_json(body, lambda document: _reply(document, request.task)))


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """The envelope; an upload is answered with the clip that it has become."""
    if reply.state == "failed":
        return refusal(reply.error)
    return answer(envelope(reply.result.get("clip_id") or reply.remote_id))


def envelope(data: Any) -> dict[str, Any]:
    return {"code": "success", "message": "", "data": data}


def refusal(error: Failed | None) -> HttpReply:
    error = error or NO_ANSWER
    reply = answer({"code": error.code or "fail_to_fetch_task", "message": error.message, "data": None})
    return HttpReply(reply.body, status=error.status or 400)


def is_missing(failed: Failed) -> bool:
    """Whether the upstream has no such call, rather than refused this request: then it need not be offered again."""
    is_page = failed.type == "html" and failed.status < 300
    said = (failed.message.strip(), failed.code)
    return is_page or failed.status in (404, 405, 501) or "invalid_action" in said or failed.code == "no_answer"


def missing(request: MediaRequest, failed: Failed) -> str:
    """What the gateway lacks; a file that goes along needs calls of its own."""
    if request.task in BEYOND and is_missing(failed):
        return absent.FILES if request.sources else absent.task(request.task)
    version = str(request.parameters.get("mv") or "")
    return absent.version(version, failed) or absent.model(request, failed)


def opened(document: Any) -> Any:
    """What the envelope holds, None where it says that it went wrong; a document without one as it is."""
    if isinstance(document, dict) and "code" in document and "data" in document:
        return document["data"] if str(document["code"]).lower() in FINE else None
    return document


def _reply(document: Any, task: str) -> MediaReply | None:
    data = opened(document)
    if isinstance(data, str) and data:
        return _of_id(data, task)
    if isinstance(data, list):
        return reply_of_clips(items(data), "")
    if not isinstance(data, dict):
        return None
    clip = word(data, "clip_id", "clipId")
    if task == UPLOAD and (clip or word(data, "id")):
        return uploaded(clip or word(data, "id"))
    return _native(data)


def _of_id(id: str, task: str) -> MediaReply:
    """An upload's answer is its clip, or a task that makes it one: only a task's id looks like one."""
    if task == UPLOAD and not id.startswith("task_"):
        return uploaded(id)
    return MediaReply("queued", remote_id=id)


def uploaded(clip: str) -> MediaReply:
    return MediaReply("succeeded", result={"clip_id": clip})


def _native(data: dict[str, Any]) -> MediaReply | None:
    """Suno's own answer, which some gateways hand on: a batch with its clips, or the task under some name."""
    id = word(data, "task_id", "taskId", "id")
    if not id:
        return None
    return MediaReply("running" if items(data.get("clips")) else "queued", remote_id=id)
