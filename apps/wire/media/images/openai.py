"""OpenAI's image endpoints, `POST /v1/images/generations` and `/v1/images/edits`, as vendors and gateways speak them.

Edits are a form with files. Pictures of the role "reference" go with a generation, as Seedream, Qwen, FLUX and
nano-banana have them.
"""

from collections.abc import Mapping
from typing import Any

from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, model_of, parted, post, text_of
from ..dialect import Dialect
from ..multipart import Upload, content_type_of, is_form, upload, values_of, written
from ..multipart import build as build_form
from ..multipart import parse as parse_form
from ..pictures import address_of, source_at
from ..shapes import MediaRequest, Role, Source
from ..tasks import Place
from .answers import encode, write, write_poll
from .parameters import ALL, EDIT, inputs, parameters, streams, tasks
from .reader import Pictures, poll_reader

GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"
TASK = Place("/v1/images/tasks/")
SHOWN_ON_THE_WAY = 2
ROLES: dict[str, Role] = {"image": "image", "mask": "mask"}
STRUCTURE = frozenset({"model", "prompt", "stream", "image", "images", "mask"})


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request. A stream without a number of drafts asks for two: the vendor's own default is none."""
    body = {"model": request.model, "prompt": request.prompt, **_settings(request)}
    accept = "text/event-stream" if request.stream else "application/json"
    if not is_edit(request):
        return post(GENERATIONS, body | _linked(request, ("image",)), request.extra, accept)
    if any(source.url and not source.data for source in request.sources):
        return post(EDITS, body | _linked(request, ("image", "mask")), request.extra, accept)
    return _form(request, {**body, **request.extra}, accept)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest."""
    path = request.path.partition("?")[0]
    if path not in (GENERATIONS, EDITS):
        raise InvalidRequest(f"The path must be {GENERATIONS} or {EDITS}.")
    editing = path == EDITS
    read = _parse_form(request) if is_form(request.headers) else _parse_json(body_of(request), editing)
    if not read.prompt.strip():
        raise InvalidRequest("The prompt is missing.", "prompt")
    if editing and not read.sources:
        raise InvalidRequest("There must be at least one picture to edit.", "image")
    return read


def is_edit(request: MediaRequest) -> bool:
    return request.task == EDIT or any(source.role in ("image", "mask") for source in request.sources)


def units(request: MediaRequest) -> tuple[str, float]:
    count = request.parameters.get("n")
    return "image", float(count) if isinstance(count, int) else 1.0


def _settings(request: MediaRequest) -> dict[str, Any]:
    """new-api refuses a size that is written with ×."""
    settings = dict(request.parameters)
    if isinstance(settings.get("size"), str):
        settings["size"] = settings["size"].replace("×", "x")
    if request.stream:
        settings = {"stream": True, "partial_images": SHOWN_ON_THE_WAY} | settings
    return settings


def _linked(request: MediaRequest, fields: tuple[str, ...]) -> dict[str, Any]:
    """Pictures within JSON: a text where there is one, as every gateway takes it, else a list."""
    masks = [address_of(source) for source in request.sources if source.role == "mask"]
    images = [address_of(source) for source in request.sources if source.role != "mask"]
    found: dict[str, Any] = {"image": images[0] if len(images) == 1 else images} if images else {}
    return found | ({"mask": masks[0]} if masks and "mask" in fields else {})


def _form(request: MediaRequest, body: Mapping[str, Any], accept: str) -> HttpRequest:
    images = [source for source in request.sources if source.role != "mask"]
    name = "image" if len(images) == 1 else "image[]"
    files = [upload("mask" if source.role == "mask" else name, source) for source in request.sources]
    content_type, data = build_form([(field, written(value)) for field, value in body.items()], files)
    return HttpRequest("POST", EDITS, {"Content-Type": content_type, "Accept": accept}, data)


def _parse_form(request: HttpRequest) -> MediaRequest:
    form = parse_form(content_type_of(request.headers), request.body)
    values, rest = values_of(form, ALL.values())
    return MediaRequest(
        model=model_of(rest),
        prompt=rest.get("prompt", ""),
        parameters=values,
        sources=tuple(_source(file) for file in form.files),
        task=EDIT,
        stream=rest.get("stream") == "true",
        extra={name: value for name, value in rest.items() if name not in STRUCTURE},
    )


def _source(file: Upload) -> Source:
    """new-api takes image, image[] and image[0] alike."""
    role = ROLES.get(file.field.partition("[")[0])
    if role is None:
        raise InvalidRequest(f"There is no file {file.field} in this form.", file.field)
    return Source(role, file.media_type, file.name, file.data)


def _parse_json(body: dict[str, Any], editing: bool) -> MediaRequest:
    settings, extra = parted(body, ALL, STRUCTURE)
    role: Role = "image" if editing else "reference"
    sources = _sources(body, "image", role) + _sources(body, "images", role)
    return MediaRequest(
        model=model_of(body),
        prompt=text_of(body, "prompt"),
        parameters=settings,
        sources=sources + (_sources(body, "mask", "mask") if editing else ()),
        task=EDIT if editing else "",
        stream=body.get("stream") is True,
        extra=extra,
    )


def _sources(body: Mapping[str, Any], name: str, role: Role) -> tuple[Source, ...]:
    """Texts, or objects as `{"image_url": …}`, alone or in a list. Raises InvalidRequest."""
    found = body.get(name)
    sources = []
    for entry in found if isinstance(found, list) else [] if found is None or found == "" else [found]:
        address = entry.get("image_url", entry.get("url")) if isinstance(entry, dict) else entry
        source = source_at(role, address) if isinstance(address, str) else None
        if source is None:
            raise InvalidRequest("A picture must be an address, a data URI or base64.", name)
        sources.append(source)
    return tuple(sources)


DIALECT = Dialect(
    name="openai_images",
    label="OpenAI Images",
    family="images",
    build=build,
    parse=parse,
    reader=lambda content_type, request: Pictures(),
    write=write,
    parameters=parameters,
    inputs=inputs,
    tasks=tasks,
    streams=streams,
    encode=encode,
    poll=TASK.ask,
    poll_reader=lambda content_type: poll_reader(),
    parse_poll=TASK.id_in,
    write_poll=write_poll,
    units=units,
)
