"""The request, both ways: `build` for upstreams, `parse` for those who call us."""

from typing import Any

from ..exceptions import InvalidRequest, Undecodable
from ..messages import GenerationRequest, HttpRequest
from ..tolerant import dumps, loads
from .readings import read_marks, read_system, read_turns, reads_citations
from .settings import read_settings, write_headers, write_settings
from .tools import read_choice, read_tools, write_tools
from .turns import shortened, write_system, write_turns

PATH = "/v1/messages"
TAKES = frozenset({"image", "pdf", "text_file", "tools", "strict", "schema", "web_search"})
STRUCTURE = ("model", "messages", "system", "stream", "tools", "tool_choice")


def build(request: GenerationRequest) -> HttpRequest:
    """The HTTP request, for the key in `x-api-key`: gateways take it there too."""
    given = request.parameters
    turns = write_turns(request.messages, cite=given.get("citations") is True)
    system: Any = write_system(request.system, request.messages)
    tools = write_tools(request)
    if given.get("cache_control"):
        system, tools, turns = _marked(system, tools, turns, given.get("cache_ttl"))
    body: dict[str, Any] = {"model": request.model, "messages": [shortened(turn) for turn in turns]}
    if system:
        body["system"] = system
    body |= write_settings(given, request.response_schema) | tools
    if request.stream:
        body["stream"] = True
    accept = "text/event-stream" if request.stream else "application/json"
    return HttpRequest(
        method="POST",
        path=PATH,
        headers={"Content-Type": "application/json", "Accept": accept, **write_headers(given)},
        body=dumps(body | dict(request.extra)),
        key_as="x-api-key",
    )


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
    tools, searches, of_tools = read_tools(body.get("tools"))
    choice, of_choice = read_choice(body.get("tool_choice"))
    rest = {name: value for name, value in body.items() if name not in STRUCTURE}
    given, schema, extra = read_settings(rest, request.headers)
    cited = {"citations": True} if reads_citations(messages) else {}
    return GenerationRequest(
        model=model,
        messages=read_turns(messages),
        system=read_system(body.get("system")),
        parameters=given | of_tools | of_choice | read_marks(body) | cited,
        tools=tools,
        tool_choice=choice,
        response_schema=schema,
        web_search=searches,
        stream=body.get("stream") is True,
        extra=extra,
    )


def _marked(
    system: str, tools: dict[str, Any], turns: list[dict[str, Any]], ttl: Any
) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    """What is repeated with each turn, marked where it ends: of the four marks that are allowed these are three."""
    mark = {"cache_control": {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}}
    blocks = [{"type": "text", "text": system, **mark}] if system else ""
    if entries := tools.get("tools"):
        tools = tools | {"tools": [*entries[:-1], entries[-1] | mark]}
    last = next(turn for turn in reversed(turns) if turn["role"] == "user")
    last["content"] = [*last["content"][:-1], last["content"][-1] | mark]
    return blocks, tools, turns
