"""How a task stands: asked one by one or many at once, told as a task or, by some servers, as its bare clips."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote

from ...errors import parse_error
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, post
from ..reading import Whole, answer, items, read_json, word
from ..shapes import HttpReply, MediaReply, State
from ..states import progress_of, state_of
from .clips import clip_document, reply_of_clips
from .reply import envelope, opened

PATH = "/suno/fetch"
STATUSES = {"queued": "QUEUED", "running": "IN_PROGRESS", "succeeded": "SUCCESS", "failed": "FAILURE"}
_ID = re.compile(r"/suno/fetch/([^/?#]+)")


def poll(remote_id: str) -> HttpRequest:
    return HttpRequest("GET", f"{PATH}/{quote(remote_id, safe='', errors='replace')}", {"Accept": "application/json"})


def parse_poll(request: HttpRequest) -> str:
    """Raises InvalidRequest."""
    found = _ID.search(request.path)
    if not found:
        raise InvalidRequest("The path must name a task: /suno/fetch/ID.", "task_id")
    return unquote(found.group(1))


def poll_reader(content_type: str) -> Whole:
    return Whole(lambda body: read_json(body, lambda document: _reply(opened(document))))


def write_poll(reply: MediaReply) -> HttpReply:
    return answer(envelope(task_document(reply)))


def poll_many(remote_ids: Iterable[str]) -> HttpRequest:
    """All open tasks of a key at once."""
    return post(PATH, {"ids": list(remote_ids), "action": "MUSIC"}, {})


def parse_poll_many(request: HttpRequest) -> list[str]:
    """Raises InvalidRequest."""
    ids = body_of(request).get("ids")
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise InvalidRequest("ids must be a list of tasks.", "ids")
    return ids


def read_many(body: bytes) -> dict[str, MediaReply]:
    """The tasks by their ids, in no order; those that the upstream does not know are not among them."""
    found: list[MediaReply | None] = []
    read_json(body, lambda document: found.extend(map(_reply, items(opened(document)))))
    return {reply.remote_id: reply for reply in found if reply and reply.remote_id}


def write_many(replies: Iterable[MediaReply]) -> HttpReply:
    return answer(envelope([task_document(reply) for reply in replies]))


def task_document(reply: MediaReply) -> dict[str, Any]:
    return {
        "task_id": reply.remote_id,
        "notify_hook": "",
        "action": "LYRICS" if "lyrics" in reply.result else "MUSIC",
        "status": STATUSES[reply.state],
        "fail_reason": reply.error.message if reply.error else "",
        "submit_time": 0,
        "start_time": 0,
        "finish_time": 0,
        "progress": "" if reply.progress is None else f"{reply.progress}%",
        "data": _data(reply),
    }


def _data(reply: MediaReply) -> Any:
    result = reply.result
    if "lyrics" in result:
        return {"id": reply.remote_id, "text": result["lyrics"], "title": result.get("title", ""), "status": "complete"}
    if "clip_id" in result:
        return {"clip_id": result["clip_id"]}
    done = reply.state == "succeeded"
    return [
        clip_document(made, "complete" if done else "streaming" if made.url else "queued") for made in reply.made
    ] or None


def _reply(data: Any) -> MediaReply | None:
    """None if this is no task. Some servers tell the bare clips, whose task has no name there."""
    if isinstance(data, list):
        found = items(data)
        return _reply(found[0]) if found and _id(found[0]) else reply_of_clips(found, "")
    if not isinstance(data, dict):
        return None
    told, clips = word(data, "status"), items(data.get("data")) or items(data.get("clips"))
    if not told and not clips:
        return None
    state, remote_id = state_of(told), _id(data) or word(data, "id")
    if state == "failed":
        reason = word(data, "fail_reason", "failReason") or told
        return MediaReply("failed", remote_id, error=parse_error(0, reason.encode(), "text/plain", {}))
    if state == "succeeded" and isinstance(inner := data.get("data"), dict):
        return _written(inner, remote_id)
    return _of_clips(clips, state, remote_id, progress_of(data.get("progress"), state))


def _id(data: dict[str, Any]) -> str:
    return word(data, "task_id", "taskId")


def _of_clips(clips: list[dict[str, Any]], state: State, remote_id: str, progress: int | None) -> MediaReply:
    """A task is done when its clips are: some say so while these are still streamed."""
    by_clips = reply_of_clips(clips, remote_id)
    if by_clips is None:
        return MediaReply(state, remote_id, progress)
    if state == "succeeded":
        return by_clips
    return MediaReply(state, remote_id, progress, by_clips.made)


def _written(found: dict[str, Any], remote_id: str) -> MediaReply:
    """Not clips: lyrics, or the clip that an upload has become."""
    clip = word(found, "clip_id", "clipId")
    result = {"clip_id": clip} if clip else {"lyrics": word(found, "text", "lyrics"), "title": word(found, "title")}
    return MediaReply("succeeded", remote_id, 100, result=result)
