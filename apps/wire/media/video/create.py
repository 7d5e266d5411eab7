"""The resellers' other format, `POST /v1/video/create` and `GET /v1/video/query?id=`."""

from typing import Any
from urllib.parse import parse_qs

from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ...parameters import Parameter
from ..asked import body_of, model_of, parted, post, text_of
from ..dialect import Dialect
from ..reading import answer
from ..shapes import HttpReply, MediaReply, MediaRequest
from ..tasks import Place, address, reader, refused
from .models import inputs, is_pro, line_of, units
from .openai import CONTENT
from .parameters import DURATION, ENHANCE, HD, ORIENTATION, RATIOS, UPSAMPLE, WATERMARK, choice, gettext_noop, ratio
from .posting import pictures, sources_of, texts_of

_ = gettext_noop

PATH, QUERY = "/v1/video/create", "/v1/video/query"
TASK = Place(f"{QUERY}?id=")
STRUCTURE = frozenset({"model", "prompt", "images"})
WORDS = {"queued": "pending", "running": "video_generating", "succeeded": "completed", "failed": "failed"}
SIZES = choice("size", _("Size"), ("small", "large"), _("Large is 1080p."))


def build(request: MediaRequest) -> HttpRequest:
    body = {"model": request.model, "prompt": request.prompt, **request.parameters}
    images = pictures(request)
    return post(PATH, body | ({"images": images} if images else {}), request.extra)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest."""
    body = body_of(request)
    model, prompt = model_of(body), text_of(body, "prompt", "The prompt is missing.")
    settings, extra = parted(body, ALL, STRUCTURE)
    return MediaRequest(model, prompt, settings, sources_of(texts_of(body, "images"), model), extra=extra)


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    line = line_of(model)
    if line == "veo":
        return (ratio(RATIOS[:2]), ENHANCE, UPSAMPLE)
    if line == "sora":
        return (ORIENTATION, SIZES, DURATION, WATERMARK, *((HD,) if is_pro(model) else ()))
    usual = (ratio(RATIOS), DURATION)
    return usual if line == "other" else (*usual, ORIENTATION, SIZES, HD, WATERMARK, ENHANCE, UPSAMPLE)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    if reply.state == "queued":
        return answer({"id": reply.remote_id, "status": "pending", "status_update_time": 0})
    return write_poll(reply)


def write_poll(reply: MediaReply) -> HttpReply:
    if not reply.remote_id:
        return refused(reply.error)
    document: dict[str, Any] = {"id": reply.remote_id, "status": WORDS[reply.state]}
    document |= {"video_url": address(reply) or None, "status_update_time": 0, "detail": _detail(reply)}
    text = reply.made[0].text if reply.made else ""
    return answer(document | ({"enhanced_prompt": text} if text else {}))


def id_in(request: HttpRequest) -> str:
    """Raises InvalidRequest."""
    path, _mark, query = request.path.partition("?")
    try:
        ids = parse_qs(query, max_num_fields=20).get("id", [])
    except ValueError:
        ids = []
    if path != QUERY or len(ids) != 1:
        raise InvalidRequest("The query must name a task.", "id")
    return ids[0]


def _detail(reply: MediaReply) -> dict[str, Any]:
    if reply.error:
        return {"error": reply.error.message}
    return {"pending_info": {"progress_pct": reply.progress / 100}} if reply.progress is not None else {}


ALL = {parameter.name for model in ("", "sora-2-pro") for parameter in parameters(model, "")}
DIALECT = Dialect(
    name="video_create",
    label="/v1/video/create",
    family="video",
    build=build,
    parse=parse,
    reader=lambda content_type, request: reader("video"),
    write=write,
    parameters=parameters,
    inputs=inputs,
    poll=TASK.ask,
    poll_reader=lambda content_type: reader("video"),
    parse_poll=id_in,
    write_poll=write_poll,
    content=CONTENT.fetch,
    units=units,
)
