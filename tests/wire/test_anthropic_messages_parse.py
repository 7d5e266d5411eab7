"""What is understood of a client's request, and of the settings of another format."""

import json

import pytest

from apps.wire.anthropic_messages import PARAMETERS, build, parse
from apps.wire.exceptions import InvalidRequest
from apps.wire.messages import (
    File,
    GenerationRequest,
    HttpRequest,
    Image,
    Message,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from apps.wire.openai_chat import PARAMETERS as OF_CHAT
from apps.wire.parameters import check, convert

RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}


def asked(document, headers=None) -> GenerationRequest:
    return parse(HttpRequest("POST", "/v1/messages", headers or {}, json.dumps(document).encode()))


ASKED = {
    "model": "m",
    "max_tokens": 100,
    "system": [
        {"type": "text", "text": "Be", "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": "brief."},
    ],
    "messages": [
        {"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://e.x/a.png"}}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}}]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "a", "content": [{"type": "text", "text": "1"}]},
                {"type": "text", "text": "Go on", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            ],
        },
    ],
    "thinking": {"type": "between_tools"},
    "metadata": {"user_id": "u", "more": 1},
    "tools": [
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 3},
        {"type": "custom", "name": "f", "input_schema": {"type": "object"}},
        {"type": "web_fetch_20250910", "name": "web_fetch"},
    ],
    "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    "vendor_thing": True,
}


def test_a_clients_request_is_understood_in_its_other_spellings():
    request = asked(ASKED, {"Anthropic-Beta": "a, b"})
    assert request.system == "Be\n\nbrief."
    assert request.messages == (
        Message("user", (Image(url="https://e.x/a.png"),)),
        Message("assistant", (ToolCall("a", "f", '{"x":1}'),)),
        Message("tool", (ToolResult("a", "1"),)),
        Message("user", (Text("Go on"),)),
    )
    assert request.parameters == {
        "max_tokens": 100,
        "anthropic_beta": ["a", "b"],
        "web_search_max_uses": 3,
        "server_tools": [{"type": "web_fetch_20250910", "name": "web_fetch"}],
        "parallel_tool_calls": False,
        "cache_control": True,
    }
    assert (request.web_search, request.tool_choice, request.stream) == (True, "required", False)
    assert request.tools == (Tool("f", schema={"type": "object"}),)
    assert request.extra == {
        "thinking": {"type": "between_tools"},
        "metadata": {"user_id": "u", "more": 1},
        "vendor_thing": True,
    }


MESSAGE = {"role": "user", "content": "x"}


@pytest.mark.parametrize(
    ("document", "param"),
    [
        *(([], ""), ({}, "model"), ({"model": 7}, "model"), ({"model": "m"}, "messages")),
        ({"model": "m", "messages": []}, "messages"),
        ({"model": "m", "messages": ["hi"]}, "messages"),
        ({"model": "m", "messages": [{"role": "tool", "content": "x"}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user", "content": 7}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages"),
        ({"model": "m", "messages": [{"role": "assistant", "content": [RESULT]}]}, "messages"),
        ({"model": "m", "messages": [MESSAGE], "system": 7}, "system"),
        ({"model": "m", "messages": [MESSAGE], "tools": {}}, "tools"),
        ({"model": "m", "messages": [MESSAGE], "tools": [{"name": "f"}]}, "tools"),
        ({"model": "m", "messages": [MESSAGE], "tool_choice": "auto"}, "tool_choice"),
        ({"model": "m", "messages": [MESSAGE], "tool_choice": {"type": "tool"}}, "tool_choice"),
    ],
)
def test_a_request_that_is_wrong_is_refused_with_the_field_named(document, param):
    with pytest.raises(InvalidRequest) as caught:
        asked(document)
    assert caught.value.param == param
    assert str(caught.value)


def test_a_body_that_is_no_json_is_refused():
    with pytest.raises(InvalidRequest):
        parse(HttpRequest("POST", "/v1/messages", {}, b"model=m"))


def test_settings_of_chat_completions_are_found_again_and_the_others_named():
    given = {"temperature": 0.5, "max_completion_tokens": 100, "stop": ["x"], "reasoning_effort": "high"}
    given |= {"user": "u", "parallel_tool_calls": False}
    converted, left = convert(given | {"seed": 1, "presence_penalty": 1.0}, OF_CHAT, PARAMETERS)
    assert converted == {
        "temperature": 0.5,
        "max_tokens": 100,
        "stop_sequences": ["x"],
        "effort": "high",
        "user_id": "u",
        "parallel_tool_calls": False,
    }
    assert {parameter.name for parameter in left} == {"seed", "presence_penalty"}
    assert convert(converted, PARAMETERS, OF_CHAT) == (given, [])


def test_every_parameter_is_written_and_read_again():
    given = {"number": 0.5, "boolean": True, "text": "x", "strings": ["x"], "json": [{"type": "x", "name": "x"}]}
    needs = {"thinking_display": {"thinking": "adaptive"}, "cache_ttl": {"cache_control": True}}
    document = Message("user", (File("r", "application/pdf", "AAAA"),))
    for parameter in PARAMETERS:
        value = given.get(parameter.kind, parameter.choices[-1] if parameter.choices else parameter.minimum)
        values = needs.get(parameter.name, {}) | check([parameter], {parameter.name: value})
        built = build(GenerationRequest("m", (document,), parameters=values, web_search=True))
        assert parse(built).parameters[parameter.name] == value
