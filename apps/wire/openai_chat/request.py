"""A generation request as Chat Completions writes it, and back."""

from typing import Any

from ..exceptions import InvalidRequest, Undecodable
from ..messages import GenerationRequest, HttpRequest, ResponseSchema, Tool
from ..tolerant import dumps, loads
from .parameters import NAMES
from .turns import read_turns, write_turns

PATH = "/v1/chat/completions"
TAKES = frozenset({"image", "pdf", "audio", "video", "text_file", "tools", "strict", "schema", "web_search"})
CHOICES = ("none", "auto", "required")
STRUCTURE = frozenset({"model", "messages", "stream", "stream_options", "tools", "tool_choice"})


def build(request: GenerationRequest) -> HttpRequest:
    """The HTTP request. A stream always asks for usage: without it new-api drops the last chunk, whatever it holds."""
    body: dict[str, Any] = {"model": request.model, "messages": _messages(request), **request.parameters}
    if request.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if request.tools:
        body["tools"] = [_write_tool(tool) for tool in request.tools]
    if request.response_schema:
        body["response_format"] = {"type": "json_schema", "json_schema": _write_schema(request.response_schema)}
    if request.web_search:
        body.setdefault("web_search_options", {})
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
    model, messages = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not model:
        raise InvalidRequest("The model's name is missing.", "model")
    if not isinstance(messages, list) or not messages:
        raise InvalidRequest("There must be at least one message.", "messages")
    system, turns = read_turns(messages)
    schema = _read_schema(body.get("response_format"))
    return GenerationRequest(
        model=model,
        messages=turns,
        system=system,
        parameters=_parameters(body, {"response_format"} if schema else set()),
        tools=_read_tools(body.get("tools")),
        tool_choice=_read_choice(body.get("tool_choice")),
        response_schema=schema,
        web_search=isinstance(body.get("web_search_options"), dict),
        stream=body.get("stream") is True,
        extra={name: value for name, value in body.items() if name not in NAMES | STRUCTURE},
    )


def _messages(request: GenerationRequest) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": request.system}] if request.system else []
    return system + write_turns(request.messages)


def _parameters(body: dict[str, Any], told: set[str]) -> dict[str, Any]:
    """The parameters but those that are told elsewhere; empty search options say only that there is a search."""
    if not body.get("web_search_options", True):
        told = told | {"web_search_options"}
    return {name: value for name, value in body.items() if name in NAMES - told}


def _write_schema(schema: ResponseSchema) -> dict[str, Any]:
    return {"name": schema.name, "strict": schema.strict, "schema": schema.schema}


def _read_schema(wanted: Any) -> ResponseSchema | None:
    found = wanted.get("json_schema") if isinstance(wanted, dict) and wanted.get("type") == "json_schema" else None
    if not isinstance(found, dict):
        return None
    name, schema = found.get("name"), found.get("schema")
    if not isinstance(name, str) or not isinstance(schema, dict):
        raise InvalidRequest("A JSON schema must have a name and a schema.", "response_format")
    return ResponseSchema(name=name, schema=schema, strict=found.get("strict") is True)


def _write_tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name, "parameters": tool.schema}
    if tool.description:
        function["description"] = tool.description
    if tool.strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _read_tools(tools: Any) -> tuple[Tool, ...]:
    if tools is None:
        return ()
    if not isinstance(tools, list):
        raise InvalidRequest("Tools must be a list.", "tools")
    return tuple(_read_tool(tool) for tool in tools)


def _read_tool(tool: Any) -> Tool:
    function = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise InvalidRequest("A tool must be a function with a name.", "tools")
    description, schema = function.get("description"), function.get("parameters")
    return Tool(
        name=function["name"],
        description=description if isinstance(description, str) else "",
        schema=schema if isinstance(schema, dict) else {},
        strict=function.get("strict") is True,
    )


def _write_choice(choice: str) -> Any:
    return choice if choice in CHOICES else {"type": "function", "function": {"name": choice}}


def _read_choice(choice: Any) -> str:
    if choice is None:
        return ""
    if isinstance(choice, str) and choice in CHOICES:
        return choice
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str):
        raise InvalidRequest("The tool choice must be none, auto, required or a function.", "tool_choice")
    return name
