"""A sound of one's own becomes a clip: a place to send it to, the file, then asking until it is one."""

import re
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from ...errors import parse_error
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, post, text_of
from ..dialect import Brings, Step
from ..reading import Whole, answer, read_json, word
from ..shapes import HttpReply, MediaReply, MediaRequest, Source
from ..states import state_of
from .parameters import UPLOAD
from .reply import envelope, opened, refusal, uploaded

PATH = "/suno/uploads/audio"
ENDINGS = {"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a"}
STATUSES = {"queued": "queued", "running": "processing", "succeeded": "complete", "failed": "error"}
_STEPS: dict[str, Step] = {"": "look", "upload-finish": "finish", "initialize-clip": "initialise"}
_PLACE = re.compile(r"/suno/uploads/audio/([^/?#]+)(?:/(upload-finish|initialize-clip))?/?$")


class Asked(msgspec.Struct, frozen=True):
    """One step as a client asks for it: `extension` is the file's at the beginning, `id` the place's later."""

    step: Step
    id: str = ""
    extension: str = ""


def begin(source: Source) -> HttpRequest:
    return post(PATH, {"extension": extension_of(source)}, {})


def finish(id: str, source: Source) -> HttpRequest:
    told = {"upload_type": "file_upload", "upload_filename": source.name}
    return post(f"{_place(id)}/upload-finish", told, {})


def look(id: str) -> HttpRequest:
    return HttpRequest("GET", _place(id), {"Accept": "application/json"})


def initialise(id: str) -> HttpRequest:
    return post(f"{_place(id)}/initialize-clip", {}, {})


def extension_of(source: Source) -> str:
    """What its type asks for: the name may be anybody's."""
    kind = source.media_type.partition(";")[0].strip().lower()
    return ENDINGS.get(kind) or kind.partition("/")[2] or "mp3"


def parse(request: HttpRequest) -> Asked:
    """Which step a client asks for. Raises InvalidRequest."""
    path = request.path.partition("?")[0]
    if path.rstrip("/") == PATH:
        return Asked("begin", extension=text_of(body_of(request), "extension", "extension is missing."))
    if not (found := _PLACE.search(path)):
        raise InvalidRequest("The path must name an upload: /suno/uploads/audio/ID.", "id")
    return Asked(_STEPS[found.group(2) or ""], unquote(found.group(1)))


def reader(step: Step) -> Whole:
    reads = {"begin": _begun, "finish": _finished, "look": _looked, "initialise": _initialised}
    return Whole(lambda body: read_json(body, lambda document: reads[step](opened(document))))


def write(step: Step, reply: MediaReply) -> HttpReply:
    """The answer to a step: a place with the fields of its form, how far it is, or the clip. A file that is not taken
    is one of the ends of looking; an error with a status is none of them."""
    if step == "begin" and reply.state != "failed":
        return answer({"id": reply.remote_id, "url": reply.result["url"], "fields": dict(reply.result["fields"])})
    if step == "initialise" and reply.state != "failed":
        return answer({"clip_id": reply.result["clip_id"]})
    if step == "finish" and reply.state != "failed":
        return answer(envelope({}))
    if step == "look" and not (reply.error and reply.error.status):
        said = reply.error.message if reply.error else None
        return answer({"id": reply.remote_id, "status": STATUSES[reply.state], "error_message": said})
    return refusal(reply.error)


def named(request: MediaRequest, clip: str) -> MediaRequest | MediaReply:
    """What goes on from the clip; of an upload alone the clip is all that comes."""
    if request.task == UPLOAD:
        return uploaded(clip)
    return msgspec.structs.replace(request, of=clip, sources=())


def _place(id: str) -> str:
    return f"{PATH}/{quote(id, safe='', errors='replace')}"


def _begun(data: Any) -> MediaReply | None:
    if not isinstance(data, dict) or not (word(data, "id") and word(data, "url")):
        return None
    told = data.get("fields")
    fields = {name: value for name, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}
    return MediaReply("queued", word(data, "id"), result={"url": word(data, "url"), "fields": fields})


def _finished(data: Any) -> MediaReply | None:
    return None if data is None else MediaReply("running")


def _looked(data: Any) -> MediaReply | None:
    if not isinstance(data, dict) or not word(data, "status"):
        return None
    state = state_of(word(data, "status"))
    if state != "failed":
        return MediaReply(state, word(data, "id"))
    reason = word(data, "error_message", "error", "message", "detail") or word(data, "status")
    return MediaReply("failed", word(data, "id"), error=parse_error(0, reason.encode(), "text/plain", {}))


def _initialised(data: Any) -> MediaReply | None:
    clip = data if isinstance(data, str) else word(data, "clip_id", "clipId") if isinstance(data, dict) else ""
    return uploaded(clip) if clip else None


BRINGS = Brings(begin, finish, look, initialise, reader, named)
