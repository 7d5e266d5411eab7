"""What a client may ask us in the words of Responses."""

import json

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.messages import GenerationRequest, HttpRequest, Message, Reasoning, Text, Tool, ToolCall, ToolResult
from apps.wire.openai_responses import build, parse

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
REASONING = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAA"}


def parsed(**body) -> GenerationRequest:
    document = {"model": "m", "input": "x", **body}
    return parse(HttpRequest("POST", "/v1/responses", {}, json.dumps(document).encode()))


def test_a_client_may_send_a_text_alone():
    request = parsed(input="Hello", instructions="Be brief.")
    assert (request.messages, request.system) == ((Message("user", (Text("Hello"),)),), "Be brief.")
    assert request.stream is False


def test_all_items_of_one_answer_are_one_message():
    items = [
        {"role": "user", "content": "x"},
        REASONING,
        {"type": "message", "role": "assistant", "id": "msg_1", "content": [{"type": "output_text", "text": "a"}]},
        {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": "f",
            "arguments": "{}",
            "status": "completed",
        },
        {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": "y"}]},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": "z"},
    ]
    user, answer, results = parsed(input=items).messages
    assert user.role == "user"
    assert answer.parts == (
        Reasoning(opaque={"item": REASONING}),
        Text("a", opaque={"item": {"id": "msg_1"}}),
        ToolCall("call_1", "f", "{}", opaque={"item": {"id": "fc_1"}}),
    )
    assert results.parts == (ToolResult("call_1", "y"), ToolResult("call_2", "z"))


def test_what_we_do_not_know_is_extra():
    request = parsed(mood="good", reasoning={"effort": "low", "depth": 3}, tool_choice={"type": "web_search"})
    assert request.extra == {
        "mood": "good",
        "reasoning": {"effort": "low", "depth": 3},
        "tool_choice": {"type": "web_search"},
    }
    assert build(request).body == build(parse(build(request))).body


def test_searches_and_other_tools_are_told_apart():
    tools = [
        {"type": "function", "name": "f", "parameters": SCHEMA, "strict": True},
        {"type": "web_search_preview", "search_context_size": "low"},
        {"type": "file_search", "vector_store_ids": ["vs_1"]},
    ]
    request = parsed(tools=tools)
    assert (request.tools, request.web_search) == ((Tool("f", "", SCHEMA, strict=True),), True)
    assert request.parameters == {
        "web_search_options": {"search_context_size": "low"},
        "web_search_type": "web_search_preview",
        "tools": tools[2:],
    }


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"model": ""}, "model"),
        ({"input": 7}, "input"),
        ({"input": [7]}, "input"),
        ({"input": [{"role": "tool", "content": "x"}]}, "input"),
        ({"input": [{"type": "item_reference", "id": "rs_1"}]}, "input"),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file_1"}]}]}, "input"),
        ({"input": [{"type": "function_call", "name": "f", "arguments": "{}"}]}, "input"),
        ({"input": [{"type": "function_call_output", "output": "x"}]}, "input"),
        ({"instructions": 7}, "instructions"),
        ({"tools": {}}, "tools"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"tool_choice": 7}, "tool_choice"),
        ({"include": "x"}, "include"),
        ({"text": {"format": {"type": "json_schema", "json_schema": {}}}}, "text.format"),
    ],
)
def test_a_request_that_cannot_be_understood_is_refused_by_the_name_of_its_field(body, param):
    with pytest.raises(InvalidRequest) as refused:
        parsed(**body)
    assert refused.value.param == param


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null"])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(InvalidRequest):
        parse(HttpRequest("POST", "/v1/responses", {}, body))
