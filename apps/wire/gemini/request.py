"""A generation request as Gemini writes it, and back."""

from collections.abc import Mapping
from typing import Any

from ..exceptions import InvalidRequest, Undecodable
from ..messages import GenerationRequest, HttpRequest, ResponseSchema
from ..tolerant import dumps, loads
from . import fields
from .contents import write_contents, write_system
from .parameters import BUILT_IN, PLACES
from .path import path_to, read_path
from .schema import is_plain
from .tools import read_choice, read_tools, write_choice, write_tools
from .turns import Turns

TAKES = frozenset({"image", "pdf", "audio", "video", "text_file", "tools", "schema", "web_search"})
CONFIG, JSON = "generationConfig", "application/json"
# The format has no name for a schema, and always holds to it.
SCHEMA_NAME = "response"
SCHEMAS = ("responseSchema", "responseJsonSchema")
DEEPEST = 64


def build(request: GenerationRequest) -> HttpRequest:
    """The HTTP request, all names as Google's JSON has them: gateways lose what is written in snake_case.

    `extra` is merged last: objects into objects, `tools` behind the tools, anything else in place of what is there.
    """
    body: dict[str, Any] = {"contents": write_contents(request)}
    if system := write_system(request):
        body["systemInstruction"] = {"parts": system}
    if tools := write_tools(request):
        body["tools"] = tools
    if request.tool_choice:
        body["toolConfig"] = write_choice(request.tool_choice)
    if request.response_schema:
        name = SCHEMAS[0] if is_plain(request.response_schema.schema) else SCHEMAS[1]
        body[CONFIG] = {"responseMimeType": JSON, name: request.response_schema.schema}
    for name, value in request.parameters.items():
        if name in PLACES:
            _put(body, PLACES[name], _written(name, value))
    accept = "text/event-stream" if request.stream else "application/json"
    return HttpRequest(
        method="POST",
        path=path_to(request.model, request.stream),
        headers={"Content-Type": "application/json", "Accept": accept},
        body=dumps(_merged(body, request.extra)),
        key_as="x-goog-api-key",
    )


def parse(request: HttpRequest) -> GenerationRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest, naming the field."""
    model, stream = read_path(request.path)
    try:
        body = loads(request.body)
    except Undecodable:
        raise InvalidRequest("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    body = fields.camelled(body)
    config = body.get(CONFIG)
    if isinstance(config, dict):
        body[CONFIG] = _config(config)
    messages = Turns().read(body.pop("contents", None))
    system = _system(body.pop("systemInstruction", None))
    tools, own, strange = read_tools(body.pop("tools", None))
    schema = _schema(body.get(CONFIG))
    choice = read_choice(body.get("toolConfig"))
    if choice is not None:
        del body["toolConfig"]
    found = {name: _pull(body, place) for name, place in PLACES.items()}
    if body.get(CONFIG) == {}:
        del body[CONFIG]
    parameters = {name: value for name, value in found.items() if value is not None}
    return GenerationRequest(
        model=model,
        messages=messages,
        system=system,
        parameters=parameters | {name: True for name in BUILT_IN if name in own},
        tools=tools,
        tool_choice=choice or "",
        response_schema=schema,
        web_search="googleSearch" in own,
        stream=stream,
        extra=body | ({"tools": strange} if strange else {}),
    )


def _written(name: str, value: Any) -> Any:
    """Modalities are names in capitals; other formats have them small."""
    if name == "responseModalities" and isinstance(value, list | tuple):
        return [str(entry).upper() for entry in value]
    return value


def _put(body: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    for name in place[:-1]:
        body = body.setdefault(name, {})
    body[place[-1]] = value


def _pull(body: dict[str, Any], place: tuple[str, ...]) -> Any:
    """Takes the value out, and objects that it leaves empty."""
    if len(place) == 1:
        return body.pop(place[0], None)
    inner = body.get(place[0])
    if not isinstance(inner, dict):
        return None
    value = _pull(inner, place[1:])
    if value is not None and not inner:
        del body[place[0]]
    return value


def _merged(body: Mapping[str, Any], extra: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    merged = dict(body)
    for name, value in extra.items():
        there = merged.get(name)
        if isinstance(there, dict) and isinstance(value, Mapping) and depth < DEEPEST:
            merged[name] = _merged(there, value, depth + 1)
        elif name == "tools" and not depth and isinstance(there, list) and isinstance(value, list | tuple):
            merged[name] = [*there, *value]
        else:
            merged[name] = value
    return merged


def _config(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration under the names of our parameters, its inner objects as well."""
    known = fields.snakes({name for place in PLACES.values() for name in place} | {*SCHEMAS})
    named = {known.get(name, name): value for name, value in config.items()}
    inner = ("thinkingConfig", "imageConfig", "speechConfig")
    for name in inner:
        if isinstance(named.get(name), dict):
            named[name] = {known.get(key, key): value for key, value in named[name].items()}
    return named


def _system(found: Any) -> str:
    """A text, a content or its parts. Raises InvalidRequest."""
    parts = found.get("parts") if isinstance(found, dict) else found
    if parts is None or isinstance(parts, str):
        return parts or ""
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts] if isinstance(parts, list) else [0]
    if not all(isinstance(text, str) for text in texts):
        raise InvalidRequest("The system instruction must be made of texts.", "systemInstruction")
    return "\n\n".join(str(text) for text in texts)


def _schema(config: Any) -> ResponseSchema | None:
    """The schema of the answer, taken out of the configuration together with the type that it makes sure of."""
    if not isinstance(config, dict):
        return None
    for name in SCHEMAS:
        if isinstance(config.get(name), dict):
            schema = config.pop(name)
            if config.get("responseMimeType") == JSON:
                del config["responseMimeType"]
            return ResponseSchema(name=SCHEMA_NAME, schema=schema)
    return None
