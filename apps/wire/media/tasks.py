"""Tasks that are asked about until they are done: where each dialect says how far one is, and where its file lies."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from .. import sentences
from ..errors import parse_error, read_failure
from ..events import Failed
from ..exceptions import InvalidRequest
from ..messages import HttpRequest
from ..tolerant import dumps
from .pictures import made_at
from .reading import Whole, read_json, word
from .shapes import HttpReply, Kind, Made, MediaReply, State
from .states import GENERATED, progress_of, state_of

# In this order; the last are the words of a vendor, as a gateway passes them on.
PLACES = (
    *(("url",), ("video_url",), ("result_url",), ("data", "output"), ("data", "outputs"), ("data", "url")),
    *(("data", "video_url"), ("output",), ("outputs",), ("metadata", "url"), ("detail", "video_url")),
    *(("detail", "upsample_video_url"), ("data", "result_url"), ("data", "data")),
)
NAMES = ("url", "video_url", "result_url", "output", "outputs", "video", "videos", "generatedVideos", "uri")
DEEPEST = 4


class Place(msgspec.Struct, frozen=True):
    """A path with a task's id in it: ids hold anything, as `veo3:1756693796-AbC`."""

    before: str
    after: str = ""

    def to(self, id: str) -> str:
        return f"{self.before}{quote(id, safe='', errors='replace')}{self.after}"

    def ask(self, id: str) -> HttpRequest:
        return HttpRequest("GET", self.to(id), {"Accept": "application/json"})

    def fetch(self, id: str) -> HttpRequest:
        return HttpRequest("GET", self.to(id), {"Accept": "*/*"})

    def id_in(self, request: HttpRequest) -> str:
        """Raises InvalidRequest."""
        path = request.path
        inner = path.removeprefix(self.before).removesuffix(self.after)
        if not inner or "/" in inner or path != f"{self.before}{inner}{self.after}":
            raise InvalidRequest("The path must name a task.", "id")
        return unquote(inner)


def reader(kind: Kind, content: Place | None = None) -> Whole:
    """Of what a submit or a poll is answered with."""
    return Whole(lambda body: read_json(body, lambda document: read_task(document, kind, content), errors=True))


def read_task(document: Any, kind: Kind, content: Place | None = None) -> MediaReply | None:
    """How the task is; None if this is none, as the refusal of one, or a reply without an id.

    `content` is where the file lies if no address is told.
    """
    task = _task_in(document)
    if task is None:
        return None
    told = word(task, "status", "task_status", "state")
    id = _id_of(task) or _id_of(document)
    if not told and (task.get("error") or not id):
        return None
    state = state_of(told)
    made: tuple[Made, ...] = ()
    if state == "succeeded" or told.lower() == GENERATED:
        made = tuple(_made(task, kind))
        state = "succeeded" if made else state
    if state == "succeeded" and not made and content and id:
        made = (Made(kind, path=content.to(id), seconds=_seconds(task)),)
    reply = MediaReply(state, id, _progress(task, state), made)
    if state == "failed":
        return msgspec.structs.replace(reply, error=_error(task, told))
    return _billed(reply, kind)


def refused(error: Failed | None, status: int = 400) -> HttpReply:
    """The failure as new-api's task routes write it, which is not OpenAI's way."""
    error = error or Failed(message=sentences.SAYS_FAILED)
    document = {"code": error.code or None, "message": error.message, "data": None}
    named = {name: value for name in ("type", "param") if (value := getattr(error, name))}
    return HttpReply(dumps(document | named), status=error.status or status)


def percent(reply: MediaReply) -> str:
    return "" if reply.progress is None else f"{reply.progress}%"


def address(reply: MediaReply) -> str:
    """Where the file lies, "" if it is had by the task's id alone."""
    return reply.made[0].url or reply.made[0].path if reply.made else ""


def _task_in(document: Any) -> dict[str, Any] | None:
    """The task itself: new-api wraps it, `{"code": "success", "data": {…}}`."""
    if not isinstance(document, dict):
        return None
    inner = document.get("data")
    wrapped = isinstance(inner, dict) and (word(inner, "status") or _id_of(inner))
    return inner if wrapped and not word(document, "status") else document


def _id_of(found: Mapping[str, Any]) -> str:
    for name in ("task_id", "id", "taskId"):
        value = found.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""


def _made(task: dict[str, Any], kind: Kind) -> Iterator[Made]:
    """What the first place that holds anything holds. Older new-api put the address of a success in `fail_reason`."""
    seconds = _seconds(task)
    for told in _addresses(task):
        found = [made for text in told if (made := made_at(kind, text))]
        if found:
            text = word(task, "enhanced_prompt")
            yield from (msgspec.structs.replace(made, text=text, seconds=seconds) for made in found)
            return


def _addresses(task: dict[str, Any]) -> Iterator[list[str]]:
    for place in PLACES:
        found: Any = task
        for name in place:
            found = found.get(name) if isinstance(found, dict) else None
        yield list(_texts(found))
    yield list(_texts(task.get("data")))
    reason = word(task, "fail_reason")
    yield [reason] if reason.startswith("http") else []


def _texts(found: Any, depth: int = 0) -> Iterator[str]:
    """The addresses that a value may be, or hold under the usual names."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list) and depth < DEEPEST:
        for entry in found:
            yield from _texts(entry, depth + 1)
    elif isinstance(found, dict) and depth < DEEPEST:
        for name in NAMES:
            yield from _texts(found.get(name), depth + 1)


def _seconds(task: dict[str, Any]) -> float | None:
    told = task.get("seconds")
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 6:
        told = int(told)
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) and 0 < told < 1e5 else None


def _progress(task: dict[str, Any], state: State) -> int | None:
    told = progress_of(task.get("progress"), state)
    detail = task.get("detail")
    pending = detail.get("pending_info") if isinstance(detail, dict) else None
    part = pending.get("progress_pct") if isinstance(pending, dict) else task.get("progress_pct")
    return told if told is not None else progress_of(part, state, fraction=True)


def _error(task: dict[str, Any], told: str) -> Failed:
    """What went wrong: an error object, or a text that may itself be a document or a page."""
    error = task.get("error")
    if isinstance(error, dict) and (failed := read_failure({"error": error})):
        return failed
    reason = word(task, "error", "fail_reason", "message", "failure_reason")
    detail = task.get("detail")
    reason = reason or (word(detail, "error", "failure_reason", "message") if isinstance(detail, dict) else "")
    if reason:
        return parse_error(0, reason.encode("utf-8", "replace"), "text/plain", {})
    return Failed(message=sentences.UNSAID_WORD_IN_STREAM.format(word=told), code=told)


def _billed(reply: MediaReply, kind: Kind) -> MediaReply:
    seconds = reply.made[0].seconds if reply.made else None
    if kind == "video" and seconds:
        return msgspec.structs.replace(reply, unit="second", units=seconds)
    if kind == "image" and reply.made:
        return msgspec.structs.replace(reply, unit="image", units=float(len(reply.made)))
    return reply
