"""A recording and what to do with it, as a form."""

from collections.abc import Iterable, Mapping
from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest, Undecodable
from ...messages import HttpRequest
from ...tolerant import dumps, loads
from .. import multipart
from ..reading import number
from ..shapes import MediaRequest, Source
from .parameters import PARAMETERS, TRANSLATE

PATHS = {"": "/v1/audio/transcriptions", TRANSLATE: "/v1/audio/translations"}
TOLD = frozenset({"model", "prompt", "stream"})


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request. Raises InvalidRequest where there is no recording, or no such task."""
    if request.task not in PATHS:
        raise InvalidRequest("A recording can be transcribed or translated.", "task")
    recording = next((source for source in request.sources if source.role == "audio"), None)
    if recording is None or not recording.data:
        raise InvalidRequest(sentences.NO_RECORDING, "file")
    told = {"model": request.model, "prompt": request.prompt or None, "stream": request.stream or None}
    named = {**told, **request.parameters, **request.extra}
    fields = [field for name, value in named.items() for field in _fields(name, value)]
    content_type, body = multipart.build(fields, [multipart.upload("file", _typed(recording))])
    accept = "text/event-stream" if request.stream else "*/*"
    return HttpRequest("POST", PATHS[request.task], {"Content-Type": content_type, "Accept": accept}, body)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    if not multipart.is_form(request.headers):
        raise InvalidRequest("The body must be a form with a file: multipart/form-data.", "file")
    form = multipart.parse(multipart.content_type_of(request.headers), request.body)
    recording = next((file for file in form.files if file.field == "file"), None)
    if recording is None or not recording.data:
        raise InvalidRequest(sentences.NO_RECORDING, "file")
    found = _gathered(form.fields)
    model = found.get("model", [""])[-1]
    if not model:
        raise InvalidRequest("The model's name is missing.", "model")
    return MediaRequest(
        model=model,
        prompt=found.get("prompt", [""])[-1],
        parameters={name: _value(name, values) for name, values in found.items() if name in PARAMETERS},
        sources=(Source("audio", recording.media_type, recording.name, recording.data),),
        task=TRANSLATE if request.path.partition("?")[0].endswith("/translations") else "",
        stream=found.get("stream", [""])[-1].lower() in ("true", "1"),
        extra={
            name: values[0] if len(values) == 1 else values
            for name, values in found.items()
            if name not in PARAMETERS and name not in TOLD
        },
    )


def _typed(recording: Source) -> Source:
    """Browsers tell the codecs with the type; upstreams know only the type."""
    plain = recording.media_type.partition(";")[0].strip()
    return Source("audio", plain, recording.name, recording.data)


def _fields(name: str, value: Any) -> Iterable[tuple[str, str]]:
    """A form has neither numbers nor lists: a list is its part repeated."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [(f"{name}[]", _written(item)) for item in value]
    return [(name, _written(value))]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else dumps(value).decode()


def _gathered(fields: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in fields:
        gathered.setdefault(name.removesuffix("[]"), []).append(value)
    return gathered


def _value(name: str, values: list[str]) -> Any:
    kind = PARAMETERS[name].kind
    if kind == "strings":
        return values
    return _number(name, values[-1]) if kind == "number" else values[-1]


def _number(name: str, text: str) -> float:
    try:
        value = number(loads(text.encode()))
    except Undecodable:
        value = None
    if value is None:
        raise InvalidRequest(f"{name} must be a number.", name)
    return value
