"""A generation request as Responses writes it, and back."""

import re
from typing import Any

from ..exceptions import InvalidRequest, Undecodable
from ..messages import GenerationRequest, HttpRequest, ResponseSchema, Tool
from ..tolerant import dumps, loads
from .parameters import NAMES, SEARCHES
from .turns import read_turns, since_last_answer, write_turns

PATH = "/v1/responses"
TAKES = frozenset({"image", "pdf", "audio", "text_file", "tools", "strict", "schema", "web_search", "state"})
CHOICES = ("none", "auto", "required")
STRUCTURE = frozenset({"model", "input", "instructions", "stream", "previous_response_id"})
ENCRYPTED, SOURCES = "reasoning.encrypted_content", "web_search_call.action.sources"
# These refuse to be asked for encrypted reasoning, as they do not reason.
_THOUGHTLESS = re.compile(r"(^|/)(chatgpt-|gpt-[34])")


def build(request: GenerationRequest) -> HttpRequest:
    """The HTTP request. Instructions are always sent: the upstream does not inherit them with an earlier answer."""
    kept = bool(request.previous_id or request.parameters.get("conversation"))
    messages = since_last_answer(request.messages) if kept else request.messages
    body: dict[str, Any] = {"model": request.model, "input": write_turns(messages)}
    if request.system:
        body["instructions"] = request.system
    body |= _write_parameters(request)
    if request.previous_id:
        body["previous_response_id"] = request.previous_id
        body.pop("conversation", None)
    if request.stream:
        body["stream"] = True
    if tools := _write_tools(request):
        body["tools"] = tools
    if request.tool_choice:
        body["tool_choice"] = _write_choice(request.tool_choice)
    accept = "text/event-stream" if request.stream else "application/json"
    headers = {"Content-Type": "application/json", "Accept": accept}
    return HttpRequest(method="POST", path=PATH, headers=headers, body=dumps(body | dict(request.extra)))


def parse(request: HttpRequest) -> GenerationRequest:
    """What a client asked for; fields that we do not know come as `extra`. Raises InvalidRequest, naming the field."""
    try:
        body = loads(request.body)
    except Undecodable:
        raise InvalidRequest("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise InvalidRequest("The model's name is missing.", "model")
    system, previous = body.get("instructions") or "", body.get("previous_response_id") or ""
    if not isinstance(system, str):
        raise InvalidRequest("Instructions must be a text.", "instructions")
    tools, searched, hosted = _read_tools(body.get("tools"))
    schema = _read_schema(body.get("text"))
    choice = _read_choice(body.get("tool_choice"))
    parameters, extra = _read_parameters(body, schema is not None, searched is not None)
    return GenerationRequest(
        model=model,
        messages=read_turns(body.get("input") or []),
        system=system,
        parameters=parameters | (searched or {}) | ({"tools": hosted} if hosted else {}),
        tools=tools,
        tool_choice=choice or "",
        response_schema=schema,
        web_search=searched is not None,
        previous_id=previous if isinstance(previous, str) else "",
        stream=body.get("stream") is True,
        extra=extra if choice is not None else extra | {"tool_choice": body["tool_choice"]},
    )


def _write_parameters(request: GenerationRequest) -> dict[str, Any]:
    """The parameters, those with a dot in their names within the object in front of it."""
    written: dict[str, Any] = {}
    for name, value in request.parameters.items():
        if name in ("tools", "include", *SEARCHES):
            continue
        place, dot, field = name.partition(".")
        if dot:
            written[place] = {**written.get(place, {}), field: _flat(value) if name == "text.format" else value}
        else:
            written[name] = value
    if not request.stream:
        written.pop("stream_options", None)
    if request.response_schema:
        written["text"] = {**written.get("text", {}), "format": _write_schema(request.response_schema)}
    included = _included(request)
    return written | {"include": included} if included else written


def _included(request: GenerationRequest) -> list[str]:
    """What to add to the answer: encrypted reasoning if nobody keeps it for us, and what a search looked at."""
    included = list(request.parameters.get("include") or ())
    if request.parameters.get("store") is False and not _THOUGHTLESS.search(request.model):
        included.append(ENCRYPTED)
    if request.web_search and request.parameters.get("web_search_type", "web_search") == "web_search":
        included.append(SOURCES)
    return list(dict.fromkeys(included))


def _flat(format: Any) -> Any:
    """A json_schema as Chat Completions nests it has its name and schema at the top here."""
    inner = format.get("json_schema") if isinstance(format, dict) else None
    return {"type": "json_schema", **inner} if isinstance(inner, dict) else format


def _read_parameters(body: dict[str, Any], has_schema: bool, searches: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters, and what is none."""
    parameters: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    told = STRUCTURE | {"tools", "tool_choice", "include"}
    for name, value in body.items():
        fields = {f"{name}.{field}": found for field, found in value.items()} if isinstance(value, dict) else {}
        if has_schema and name == "text":
            fields.pop("text.format", None)
        if name in NAMES and name not in told:
            parameters[name] = value
        elif isinstance(value, dict) and name in PLACES and NAMES.issuperset(fields):
            parameters |= fields
        elif name not in told:
            extra[name] = value
    if included := _asked(body, searches):
        parameters["include"] = included
    return parameters, extra


def _asked(body: dict[str, Any], searches: bool) -> list[Any]:
    """What a client asks to be included beyond what `build` adds by itself."""
    included = body.get("include") or []
    if not isinstance(included, list):
        raise InvalidRequest("Include must be a list.", "include")
    added = {ENCRYPTED} if body.get("store") is False else set()
    return [name for name in included if name not in added | ({SOURCES} if searches else set())]


def _write_tools(request: GenerationRequest) -> list[Any]:
    tools: list[Any] = [_write_tool(tool) for tool in request.tools]
    if request.web_search:
        kind = request.parameters.get("web_search_type") or "web_search"
        tools.append({"type": kind, **_search_options(request.parameters.get("web_search_options") or {})})
    hosted = request.parameters.get("tools") or []
    return tools + (list(hosted) if isinstance(hosted, list) else [hosted])


def _write_tool(tool: Tool) -> dict[str, Any]:
    """Flat. That it is not strict must be said: the upstream would take it as such, and refuse most schemas."""
    document: dict[str, Any] = {"type": "function", "name": tool.name, "parameters": tool.schema}
    document["strict"] = tool.strict
    return document | ({"description": tool.description} if tool.description else {})


def _search_options(options: Any) -> dict[str, Any]:
    """As they are here, or as Chat Completions nests the place of whoever asks."""
    found = dict(options) if isinstance(options, dict) else {}
    where = found.get("user_location")
    nested = where.get("approximate") if isinstance(where, dict) else None
    return found | {"user_location": {"type": "approximate", **nested}} if isinstance(nested, dict) else found


def _read_tools(tools: Any) -> tuple[tuple[Tool, ...], dict[str, Any] | None, list[Any]]:
    """Functions, the options of the web search if there is one, and the other tools of the upstream."""
    if tools is not None and not isinstance(tools, list):
        raise InvalidRequest("Tools must be a list.", "tools")
    functions: list[Tool] = []
    searched: dict[str, Any] | None = None
    hosted: list[Any] = []
    for tool in tools or ():
        kind = tool.get("type") if isinstance(tool, dict) else None
        if kind == "function":
            functions.append(_read_tool(tool))
        elif kind in ("web_search", "web_search_preview") and searched is None:
            options = {name: value for name, value in tool.items() if name != "type"}
            searched = {"web_search_options": options} if options else {}
            searched |= {"web_search_type": kind} if kind != "web_search" else {}
        elif isinstance(kind, str):
            hosted.append(tool)
        else:
            raise InvalidRequest("A tool must have a type.", "tools")
    return tuple(functions), searched, hosted


def _read_tool(tool: dict[str, Any]) -> Tool:
    name, description, schema = tool.get("name"), tool.get("description"), tool.get("parameters")
    if not isinstance(name, str):
        raise InvalidRequest("A function must have a name, beside its type.", "tools")
    return Tool(
        name=name,
        description=description if isinstance(description, str) else "",
        schema=schema if isinstance(schema, dict) else {},
        strict=tool.get("strict") is True,
    )


def _write_schema(schema: ResponseSchema) -> dict[str, Any]:
    return {"type": "json_schema", "name": schema.name, "strict": schema.strict, "schema": schema.schema}


def _read_schema(text: Any) -> ResponseSchema | None:
    found = text.get("format") if isinstance(text, dict) else None
    if not isinstance(found, dict) or found.get("type") != "json_schema":
        return None
    name, schema = found.get("name"), found.get("schema")
    if not isinstance(name, str) or not isinstance(schema, dict):
        raise InvalidRequest("A JSON schema must have a name and a schema, beside its type.", "text.format")
    return ResponseSchema(name=name, schema=schema, strict=found.get("strict") is True)


def _write_choice(choice: str) -> Any:
    return choice if choice in CHOICES else {"type": "function", "name": choice}


def _read_choice(choice: Any) -> str | None:
    """None for a choice that only this format has, as among some tools."""
    if choice is None or (isinstance(choice, str) and choice in CHOICES):
        return choice or ""
    if not isinstance(choice, dict) or not isinstance(choice.get("type"), str):
        raise InvalidRequest("The tool choice must be none, auto, required or a tool.", "tool_choice")
    name = choice.get("name")
    return name if choice["type"] == "function" and isinstance(name, str) else None


PLACES = frozenset(name.partition(".")[0] for name in NAMES if "." in name)
