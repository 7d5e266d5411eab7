"""OpenAI's films, `POST /v1/videos` (Sora): new-api sends Veo, Kling and Wan through the same route."""

from typing import Any

from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ...parameters import Parameter
from ..asked import JSON, body_of, model_of, parted, post, text_of
from ..dialect import Dialect, Inputs
from ..multipart import Form, Upload, content_type_of, is_form, upload, written
from ..multipart import build as build_form
from ..multipart import parse as parse_form
from ..pictures import source_at
from ..reading import answer, refusal
from ..shapes import HttpReply, MediaReply, MediaRequest, Source
from ..tasks import Place, reader
from . import metadata
from .models import inputs as usual_inputs
from .models import is_pro, line_of, roles_of, units
from .parameters import SIZE, VEO, lengths, sizes
from .posting import in_texts, pictures

PATH = "/v1/videos"
TASK, CONTENT, REMIX = Place(f"{PATH}/"), Place(f"{PATH}/", "/content"), Place(f"{PATH}/", "/remix")
STRUCTURE = frozenset({"model", "prompt", "input_reference", metadata.NAME})
BESIDE = ("seconds", "size")
WORDS = {"queued": "queued", "running": "in_progress", "succeeded": "completed", "failed": "failed"}


def build(request: MediaRequest) -> HttpRequest:
    """A form where a picture goes along, else JSON; a remix says only what is to change."""
    if request.task == "remix":
        return post(REMIX.to(request.of), {"prompt": request.prompt}, request.extra)
    settings = metadata.put(in_texts(request.parameters, "seconds"), request.extra)
    body: dict[str, Any] = {"model": request.model, "prompt": request.prompt, **settings}
    files = [upload("input_reference", source) for source in request.sources if source.data]
    if not files:
        linked = pictures(request)[:1]
        given = {"input_reference": linked[0]} if linked else {}
        return post(PATH, body | given, metadata.besides(request.extra))
    fields = {**body, **metadata.besides(request.extra)}
    content_type, data = build_form([(name, written(value)) for name, value in fields.items()], files)
    return HttpRequest("POST", PATH, {"Content-Type": content_type, "Accept": JSON}, data)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest."""
    if request.path.endswith(REMIX.after):
        return _parse_remix(request)
    if request.path != PATH:
        raise InvalidRequest(f"The path must be {PATH}.")
    if is_form(request.headers):
        return _parse_form(parse_form(content_type_of(request.headers), request.body))
    body = body_of(request)
    return _read(body, _linked(body, model_of(body)))


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    if task == "remix":
        return ()
    line = line_of(model)
    if line == "veo":
        return VEO
    if line == "sora":
        wide = LARGE if is_pro(model) else LARGE[:2]
        return (lengths("seconds", ("4", "8", "10", "12", "15", "25")), sizes(wide))
    return (lengths("seconds", ("4", "5", "6", "8", "10", "12", "15")), SIZE, *(VEO[1:] if not line else ()))


def inputs(model: str, task: str) -> Inputs:
    """The route takes one picture."""
    usual = usual_inputs(model, task)
    role = next(iter(usual.most), None)
    return Inputs({role: 1}, usual.least) if role else usual


def tasks(model: str) -> tuple[str, ...]:
    return ("", "remix") if line_of(model) in ("sora", "") else ("",)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """The task; a refusal is an error object of OpenAI's."""
    if not reply.remote_id:
        return refusal(reply.error)
    told = {"prompt": request.prompt, "remixed_from_video_id": request.of or None}
    return answer(_document(reply, request) | told)


def write_poll(reply: MediaReply) -> HttpReply:
    return answer(_document(reply, MediaRequest(""))) if reply.remote_id else refusal(reply.error)


def withdraw(remote_id: str) -> HttpRequest:
    """OpenAI deletes a film; gateways mostly have no such call."""
    return HttpRequest("DELETE", TASK.to(remote_id), {"Accept": JSON})


def write_withdraw(remote_id: str) -> HttpReply:
    return answer({"id": remote_id, "object": "video.deleted", "deleted": True})


def _document(reply: MediaReply, request: MediaRequest) -> dict[str, Any]:
    error = {"code": reply.error.code, "message": reply.error.message} if reply.error else None
    seconds = next((f"{made.seconds:g}" for made in reply.made if made.seconds), request.parameters.get("seconds"))
    named = {"id": reply.remote_id, "object": "video", "model": request.model, "status": WORDS[reply.state]}
    times = {"created_at": 0, "completed_at": None, "expires_at": None}
    kind = {"seconds": seconds, "size": request.parameters.get("size"), "error": error}
    url = next((made.url for made in reply.made), "")
    return named | {"progress": reply.progress or 0} | times | kind | ({"video_url": url} if url else {})


def _parse_remix(request: HttpRequest) -> MediaRequest:
    body = body_of(request)
    prompt = text_of(body, "prompt", "The prompt is missing.")
    extra = {name: value for name, value in body.items() if name != "prompt"}
    return MediaRequest("", prompt, task="remix", of=REMIX.id_in(request), extra=extra)


def _parse_form(form: Form) -> MediaRequest:
    fields = dict(form.fields)
    model = model_of(fields)
    return _read(fields, tuple(_file(file, model) for file in form.files))


def _file(file: Upload, model: str) -> Source:
    if file.field != "input_reference":
        raise InvalidRequest(f"There is no file {file.field} in this form.", file.field)
    return Source(_role(model), file.media_type, file.name, file.data)


def _linked(body: dict[str, Any], model: str) -> tuple[Source, ...]:
    found = body.get("input_reference")
    if not found:
        return ()
    address = found.get("image_url") if isinstance(found, dict) else found
    source = source_at(_role(model), address) if isinstance(address, str) else None
    if source is None:
        raise InvalidRequest("A picture must be an address, a data URI or base64.", "input_reference")
    return (source,)


def _role(model: str) -> Any:
    return next(iter(roles_of(model)), "first_frame")


def _read(body: dict[str, Any], sources: tuple[Source, ...]) -> MediaRequest:
    text_of(body, "seconds")
    settings, extra = parted(body, BESIDE, STRUCTURE)
    within, rest = metadata.take(body)
    prompt = text_of(body, "prompt", "The prompt is missing.")
    return MediaRequest(model_of(body), prompt, settings | within, sources, extra=extra | rest)


LARGE = ("720x1280", "1280x720", "1024x1792", "1792x1024")
DIALECT = Dialect(
    name="openai_videos",
    label="OpenAI Videos",
    family="video",
    build=build,
    parse=parse,
    reader=lambda content_type, request: reader("video", CONTENT),
    write=write,
    parameters=parameters,
    inputs=inputs,
    tasks=tasks,
    poll=TASK.ask,
    poll_reader=lambda content_type: reader("video", CONTENT),
    parse_poll=TASK.id_in,
    write_poll=write_poll,
    content=CONTENT.fetch,
    withdraw=withdraw,
    parse_withdraw=TASK.id_in,
    write_withdraw=write_withdraw,
    units=units,
)
