"""The unified format of resellers, `POST /v2/videos/generations`. new-api has no such route: it answers a web page."""

from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ...parameters import Parameter
from ..asked import body_of, model_of, parted, post, text_of
from ..dialect import Dialect
from ..reading import answer
from ..shapes import HttpReply, MediaReply, MediaRequest, Source
from ..tasks import Place, address, percent, reader, refused
from .models import inputs, is_pro, line_of, units
from .openai import CONTENT
from .parameters import DURATION, ENHANCE, HD, PRIVATE, RATIOS, RESOLUTION, SIZE, UPSAMPLE, WATERMARK, lengths, ratio
from .posting import films, in_texts, pictures, sources_of, texts_of

PATH = "/v2/videos/generations"
TASK = Place(f"{PATH}/")
STRUCTURE = frozenset({"model", "prompt", "images", "videos"})
WORDS = {"queued": "QUEUED", "running": "IN_PROGRESS", "succeeded": "SUCCESS", "failed": "FAILURE"}


def build(request: MediaRequest) -> HttpRequest:
    settings = in_texts(request.parameters, "duration") if line_of(request.model) == "sora" else request.parameters
    body = {"model": request.model, "prompt": request.prompt, **settings}
    given = {"images": pictures(request), "videos": films(request)}
    return post(PATH, body | {name: value for name, value in given.items() if value}, request.extra)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest."""
    body = body_of(request)
    model, prompt = model_of(body), text_of(body, "prompt", "The prompt is missing.")
    settings, extra = parted(body, ALL, STRUCTURE)
    sources = sources_of(texts_of(body, "images"), model)
    videos = tuple(_film(url) for url in texts_of(body, "videos"))
    return MediaRequest(model, prompt, settings, sources + videos, extra=extra)


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    line = line_of(model)
    if line == "veo":
        return (ratio(RATIOS[:2]), ENHANCE, UPSAMPLE)
    if line == "sora":
        long = (lengths("duration", ("4", "8", "10", "12", "15", "25")), HD)
        own = long if is_pro(model) else (lengths("duration", ("4", "8", "10", "12", "15")),)
        return (ratio(RATIOS[:2]), *own, WATERMARK, PRIVATE)
    usual = (ratio(RATIOS), DURATION, SIZE, RESOLUTION, WATERMARK)
    return usual if line == "other" else (*usual, HD, ENHANCE, UPSAMPLE, PRIVATE)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    if reply.state == "queued":
        return answer({"task_id": reply.remote_id})
    return write_poll(reply)


def write_poll(reply: MediaReply) -> HttpReply:
    if not reply.remote_id:
        return refused(reply.error)
    reason = reply.error.message if reply.error else ""
    named = {"task_id": reply.remote_id, "platform": "", "action": "", "status": WORDS[reply.state]}
    times = dict.fromkeys(("submit_time", "start_time", "finish_time"), 0)
    data = {"output": address(reply), "outputs": []}
    return answer(named | {"fail_reason": reason} | times | {"progress": percent(reply), "data": data})


def _film(url: str) -> Source:
    if not url.startswith(("https://", "http://")):
        raise InvalidRequest("A film must be an address.", "videos")
    return Source("video", url=url)


ALL = {parameter.name for model in ("", "sora-2-pro") for parameter in parameters(model, "")}
DIALECT = Dialect(
    name="video_v2",
    label="/v2/videos/generations",
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
