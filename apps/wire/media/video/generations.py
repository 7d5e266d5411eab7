"""new-api's own format, `POST /v1/video/generations`: a vendor's options go in `metadata`."""

from typing import Any

from ...messages import HttpRequest
from ...parameters import Parameter
from ..asked import body_of, model_of, parted, post, text_of
from ..dialect import Dialect
from ..reading import answer
from ..shapes import HttpReply, MediaReply, MediaRequest
from ..tasks import Place, address, percent, reader, refused
from . import metadata
from .models import inputs, line_of, units
from .openai import CONTENT
from .parameters import DURATION, MODE, OTHERS, SIZE, VEO, lengths, sizes
from .posting import in_texts, pictures, sources_of, texts_of

PATH = "/v1/video/generations"
TASK = Place(f"{PATH}/")
STRUCTURE = frozenset({"model", "prompt", "image", "images", metadata.NAME})
WORDS = {"queued": "QUEUED", "running": "IN_PROGRESS", "succeeded": "SUCCESS", "failed": "FAILURE"}


def build(request: MediaRequest) -> HttpRequest:
    """`seconds` is a text: new-api refuses a number. One picture is `image`, several are `images`."""
    settings = metadata.put(in_texts(request.parameters, "seconds"), request.extra)
    body = {"model": request.model, "prompt": request.prompt, **settings}
    images = pictures(request)
    given: dict[str, Any] = {"image": images[0]} if len(images) == 1 else {"images": images} if images else {}
    return post(PATH, body | given, metadata.besides(request.extra))


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest."""
    body = body_of(request)
    model, prompt = model_of(body), text_of(body, "prompt", "prompt is required")
    text_of(body, "seconds")
    settings, extra = parted(body, BESIDE, STRUCTURE)
    within, rest = metadata.take(body)
    sources = sources_of(texts_of(body, "image", "images"), model)
    return MediaRequest(model, prompt, settings | within, sources, extra=extra | rest)


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    line = line_of(model)
    if line == "veo":
        return VEO
    if line == "sora":
        return (lengths("seconds", ("4", "8", "10", "12", "15", "25")), sizes(("720x1280", "1280x720")))
    usual = (DURATION, SIZE, MODE, *OTHERS)
    own = tuple(parameter for parameter in VEO if parameter not in OTHERS)
    return usual if line == "other" else (*usual, *own)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    if reply.state != "queued":
        return write_poll(reply)
    named = {"id": reply.remote_id, "task_id": reply.remote_id, "object": "video", "model": request.model}
    return answer(named | {"status": "queued", "progress": reply.progress or 0, "created_at": 0})


def write_poll(reply: MediaReply) -> HttpReply:
    if not reply.remote_id:
        return refused(reply.error)
    reason = reply.error.message if reply.error else ""
    times = dict.fromkeys(("submit_time", "start_time", "finish_time"), 0)
    named = {"task_id": reply.remote_id, "platform": "", "action": "", "status": WORDS[reply.state]}
    task = named | {"fail_reason": reason, "result_url": address(reply)} | times
    empty: dict[str, Any] = {"properties": {}, "data": {}}
    return answer({"code": "success", "message": "", "data": task | {"progress": percent(reply)} | empty})


BESIDE = ("duration", "size", "mode", "seconds")
DIALECT = Dialect(
    name="video_generations",
    label="/v1/video/generations",
    family="video",
    build=build,
    parse=parse,
    reader=lambda content_type, request: reader("video"),
    write=write,
    parameters=parameters,
    inputs=inputs,
    poll=TASK.ask,
    poll_reader=lambda content_type: reader("video"),
    parse_poll=TASK.id_in,
    write_poll=write_poll,
    content=CONTENT.fetch,
    units=units,
)
