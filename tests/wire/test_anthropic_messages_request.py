"""What is sent to an upstream."""

import base64
import json

import pytest
from msgspec.structs import replace

from apps.wire.anthropic_messages import build
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    Image,
    Message,
    Reasoning,
    Refusal,
    ResponseSchema,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)

HELLO = Message("user", (Text("Say hi"),))
PNG = "iVBORw0KGgoAAAANSUhEUg=="
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "Oslo"}}
RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [{"encrypted_content": "Eq"}]}
SEARCHED = HostedTool(
    "srvtoolu_1", "web_search", '{"query":"Oslo"}', "completed", {"server_tool_use": SEARCH, "tool_result": RESULT}
)
WEATHER = Tool("get_weather", "looks", {"type": "object", "properties": {"city": {"type": "string"}}})


def body(*messages: Message, **fields) -> dict:
    return json.loads(build(GenerationRequest(model="m", messages=messages, **fields)).body)


def content(*messages: Message, turn: int = 0, **fields):
    return body(*messages, **fields)["messages"][turn]["content"]


def test_a_minimal_request_names_its_version_and_sends_the_key_as_x_api_key():
    request = build(GenerationRequest(model="claude-sonnet-4-5", messages=(HELLO,)))
    assert (request.method, request.path, request.key_as) == ("POST", "/v1/messages", "x-api-key")
    assert request.headers == {
        "Content-Type": "application/json",
        "Accept": "text/event-stream",
        "anthropic-version": "2023-06-01",
    }
    assert json.loads(request.body) == {
        "model": "claude-sonnet-4-5",
        "messages": [{"role": "user", "content": "Say hi"}],
        "max_tokens": 4096,
        "stream": True,
    }


def test_a_whole_reply_is_asked_for_without_stream():
    request = build(GenerationRequest(model="m", messages=(HELLO,), stream=False))
    assert request.headers["Accept"] == "application/json"
    assert "stream" not in json.loads(request.body)


def test_betas_go_into_their_header():
    request = build(GenerationRequest(model="m", messages=(HELLO,), parameters={"anthropic_beta": ["a", "b"]}))
    assert request.headers["anthropic-beta"] == "a,b"
    assert "anthropic_beta" not in json.loads(request.body)


def test_parameters_stand_where_the_format_has_them():
    given = {
        "temperature": 0.3,
        "top_k": 5,
        "stop_sequences": ["END"],
        "thinking": "adaptive",
        "thinking_display": "summarized",
        "effort": "high",
        "user_id": "u1",
        "service_tier": "standard_only",
    }
    sent = body(HELLO, parameters=given, extra={"top_a": 1, "temperature": 1})
    assert (sent["temperature"], sent["top_k"], sent["stop_sequences"], sent["top_a"]) == (1, 5, ["END"], 1)
    assert sent["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert sent["output_config"] == {"effort": "high"}
    assert sent["metadata"] == {"user_id": "u1"}
    assert sent["service_tier"] == "standard_only"


def test_system_turns_are_told_with_the_system_prompt():
    sent = body(HELLO, Message("system", (Text("Be kind."),)), HELLO, system="Be brief.")
    assert sent["system"] == "Be brief.\n\nBe kind."
    assert [turn["role"] for turn in sent["messages"]] == ["user"]


def test_neighbours_of_one_role_are_one_turn():
    sent = body(HELLO, HELLO, Message("assistant", (Text("a"),)), Message("assistant", (Text("b"),)), HELLO)["messages"]
    assert [turn["role"] for turn in sent] == ["user", "assistant", "user"]
    assert [block["text"] for block in sent[0]["content"]] == ["Say hi", "Say hi"]


def test_a_conversation_that_an_assistant_begins_gets_a_first_word_of_the_user():
    sent = body(Message("assistant", (Text("Welcome"),)), HELLO)["messages"]
    assert [turn["role"] for turn in sent] == ["user", "assistant", "user"]


def test_results_stand_first_in_the_users_turn_and_every_call_has_one():
    calls = (Text("Look"), ToolCall("a", "f", '{"x":1}'), ToolCall("b", "f", ""), ToolCall("c", "g", "{}"))
    results = (ToolResult("a", "1"), ToolResult("c", "no", is_error=True))
    sent = body(HELLO, Message("assistant", calls), HELLO, Message("tool", results))["messages"]
    assert sent[1]["content"] == [
        {"type": "text", "text": "Look"},
        {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
        {"type": "tool_use", "id": "b", "name": "f", "input": {}},
        {"type": "tool_use", "id": "c", "name": "g", "input": {}},
    ]
    assert sent[2]["content"] == [
        {"type": "tool_result", "tool_use_id": "a", "content": "1"},
        {"type": "tool_result", "tool_use_id": "c", "content": "no", "is_error": True},
        {"type": "tool_result", "tool_use_id": "b", "content": "This tool gave no result.", "is_error": True},
        {"type": "text", "text": "Say hi"},
    ]


@pytest.mark.parametrize("arguments", ['{"ci', "[1]", "7", '"x"', "\ud83d"])
def test_arguments_that_are_no_object_are_sent_in_one(arguments):
    (block,) = content(HELLO, Message("assistant", (ToolCall("a", "f", arguments),)), HELLO, turn=1)
    assert set(block["input"]) == {"raw"}


def test_an_id_of_another_format_is_made_one_that_is_accepted_in_call_and_result():
    sent = body(
        HELLO,
        Message("assistant", (ToolCall("functions.f:0", "f", "{}"),)),
        Message("tool", (ToolResult("functions.f:0"),)),
    )["messages"]
    assert sent[1]["content"][0]["id"] == sent[2]["content"][0]["tool_use_id"] == "functions_f_0"


def test_pictures_and_documents_of_the_user_are_blocks():
    parts = (
        Image(media_type="image/png", data=PNG),
        Image(url="https://e.x/a.png"),
        File("r.pdf", "application/pdf", "AAAA"),
        File("l.pdf", "application/pdf", url="https://e.x/a.pdf"),
        File("n.md", "text/markdown", base64.b64encode("é".encode()).decode()),
        Text("Look"),
    )
    assert content(Message("user", parts)) == [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
        {"type": "image", "source": {"type": "url", "url": "https://e.x/a.png"}},
        {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"},
            "title": "r.pdf",
        },
        {"type": "document", "source": {"type": "url", "url": "https://e.x/a.pdf"}, "title": "l.pdf"},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "é"}, "title": "n.md"},
        {"type": "text", "text": "Look"},
    ]


def test_what_the_format_has_no_word_for_is_left_away_and_a_sound_is_what_it_says():
    parts = (
        Text("Hear"),
        Audio("audio/wav", "AAAA", "ding"),
        Audio("audio/wav", "AAAA"),
        File("v", "video/mp4", "AAAA"),
    )
    assert [block["text"] for block in content(Message("user", parts))] == ["Hear", "ding"]


def test_documents_are_cited_if_asked_for():
    parts = (File("r.pdf", "application/pdf", "AAAA"), Text("Look"))
    document, text = content(Message("user", parts), parameters={"citations": True})
    assert document["citations"] == {"enabled": True}
    assert "citations" not in text


def test_thoughts_go_back_with_their_signature_and_only_then():
    parts = (
        Reasoning("Hm.", opaque={"signature": "Eq"}, seconds=2.0),
        Reasoning(opaque={"redacted": "Em"}),
        Reasoning("Unsigned."),
        Reasoning("Foreign.", opaque={"reasoning_details": [{"signature": "x"}]}),
        Text("Hi"),
    )
    assert content(HELLO, Message("assistant", parts), HELLO, turn=1) == [
        {"type": "thinking", "thinking": "Hm.", "signature": "Eq"},
        {"type": "redacted_thinking", "data": "Em"},
        {"type": "text", "text": "Hi"},
    ]


def test_an_answers_pictures_stay_behind_and_its_refusal_is_what_it_said():
    parts = (Image(media_type="image/png", data=PNG), Citation(url="https://e.x"), Refusal("No."), Text(" \n"))
    assert content(HELLO, Message("assistant", parts), HELLO, turn=1) == "No."


def test_a_search_goes_back_as_it_came_with_the_sources_of_its_text():
    cited = [{"type": "web_search_result_location", "url": "https://e.x", "encrypted_index": "Eo", "cited_text": "q"}]
    parts = (SEARCHED, Text("Cold.", opaque={"citations": cited}), Citation(url="https://e.x", start=0, end=5))
    assert content(HELLO, Message("assistant", parts), HELLO, turn=1) == [
        SEARCH,
        RESULT,
        {"type": "text", "text": "Cold.", "citations": cited},
    ]


def test_a_result_stands_as_far_behind_its_call_as_it_came():
    call, result = SEARCH | {"id": "outer"}, RESULT | {"tool_use_id": "outer"}
    opaque = {"server_tool_use": call, "tool_result": result, "apart": 3}
    outer = HostedTool("outer", "code_interpreter", '{"query":"Oslo"}', "completed", opaque)
    parts = (outer, SEARCHED, Text("Cold."))
    assert content(HELLO, Message("assistant", parts), HELLO, turn=1) == [
        call,
        SEARCH,
        RESULT,
        result,
        {"type": "text", "text": "Cold."},
    ]


def test_a_search_without_its_result_goes_back_only_to_go_on_from_it():
    running = HostedTool("srvtoolu_1", "web_search", '{"query":"Oslo"}', "running", {"server_tool_use": SEARCH})
    answer = Message("assistant", (Text("I look."), running))
    assert content(HELLO, answer, turn=1) == [{"type": "text", "text": "I look."}, SEARCH]
    assert content(HELLO, answer, HELLO, turn=1) == "I look."


def test_a_result_that_came_after_a_pause_goes_back_behind_its_call_and_one_without_a_call_stays_behind():
    paused = HostedTool("srvtoolu_1", "web_search", '{"query":"Oslo"}', "running", {"server_tool_use": SEARCH})
    late = HostedTool("srvtoolu_1", "web_search", status="completed", opaque={"tool_result": RESULT})
    answer = (Text("I look."), paused, late, Text("Cold."))
    told = [{"type": "text", "text": "I look."}, SEARCH, RESULT, {"type": "text", "text": "Cold."}]
    assert content(HELLO, Message("assistant", answer), HELLO, turn=1) == told
    assert content(HELLO, Message("assistant", (late, Text("Cold."))), HELLO, turn=1) == "Cold."


def test_tools_that_another_format_ran_stay_behind():
    foreign = HostedTool("ws_1", "web_search", "{}", "completed", {"item": {"id": "ws_1"}})
    assert content(HELLO, Message("assistant", (foreign, Text("Hi"))), HELLO, turn=1) == "Hi"


def test_unknown_blocks_go_back_as_they_came():
    block = {"type": "compaction", "content": "What was said."}
    parts = (HostedTool(name="compaction", status="completed", opaque={"content_block": block}), Text("Hi"))
    assert content(HELLO, Message("assistant", parts), HELLO, turn=1)[0] == block


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ("required", {"type": "any"}),
        ("get_weather", {"type": "tool", "name": "get_weather"}),
    ],
)
def test_tools_and_the_choice_among_them_are_sent(choice, sent):
    found = body(HELLO, tools=(WEATHER, Tool("bare")), tool_choice=choice)
    assert found["tools"] == [
        {"name": "get_weather", "description": "looks", "input_schema": WEATHER.schema},
        {"name": "bare", "input_schema": {"type": "object"}},
    ]
    (strict,) = body(HELLO, tools=(replace(WEATHER, strict=True),))["tools"]
    assert strict == {**found["tools"][0], "strict": True}
    assert found["tool_choice"] == sent
    assert "tool_choice" not in body(HELLO, tool_choice=choice)


def test_calls_one_at_a_time_are_part_of_the_choice():
    found = body(HELLO, tools=(WEATHER,), parameters={"parallel_tool_calls": False})
    assert found["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}


def test_the_search_is_a_tool_whose_version_and_bounds_are_parameters():
    assert body(HELLO, web_search=True)["tools"] == [{"type": "web_search_20250305", "name": "web_search"}]
    given = {"web_search_version": "web_search_20260209", "web_search_max_uses": 2}
    given |= {"web_search_allowed_domains": ["e.x"]}
    (tool,) = body(HELLO, web_search=True, parameters=given)["tools"]
    assert tool == {"type": "web_search_20260209", "name": "web_search", "max_uses": 2, "allowed_domains": ["e.x"]}


def test_tools_that_anthropic_runs_stand_behind_ours():
    fetch = {"type": "web_fetch_20250910", "name": "web_fetch"}
    sent = body(HELLO, tools=(WEATHER,), parameters={"server_tools": [fetch]})["tools"]
    assert [tool["name"] for tool in sent] == ["get_weather", "web_fetch"]


def test_a_schema_closes_its_objects_unless_they_say_otherwise():
    schema = {
        "type": "object",
        "properties": {
            "type": {"type": "object", "properties": {}},
            "open": {"type": "object", "additionalProperties": True},
            "list": {"type": "array", "items": {"anyOf": [{"type": "object"}, {"type": "string"}]}},
        },
    }
    sent = body(HELLO, response_schema=ResponseSchema("a", schema))["output_config"]["format"]
    assert sent["type"] == "json_schema"
    assert sent["schema"] == {
        "type": "object",
        "properties": {
            "type": {"type": "object", "properties": {}, "additionalProperties": False},
            "open": {"type": "object", "additionalProperties": True},
            "list": {
                "type": "array",
                "items": {"anyOf": [{"type": "object", "additionalProperties": False}, {"type": "string"}]},
            },
        },
        "additionalProperties": False,
    }
    loose = body(HELLO, response_schema=ResponseSchema("a", schema, strict=False), parameters={"effort": "low"})
    assert loose["output_config"] == {"effort": "low", "format": {"type": "json_schema", "schema": schema}}


def test_caching_marks_where_system_tools_and_conversation_end():
    given = {"cache_control": True, "cache_ttl": "1h"}
    messages = (HELLO, Message("assistant", (Text("Hi"),)), Message("user", (Text("a"), Text("b"))))
    sent = body(*messages, system="Be brief.", tools=(WEATHER, WEATHER), web_search=True, parameters=given)
    mark = {"type": "ephemeral", "ttl": "1h"}
    assert sent["system"] == [{"type": "text", "text": "Be brief.", "cache_control": mark}]
    assert [tool.get("cache_control") for tool in sent["tools"]] == [None, None, mark]
    assert sent["messages"][0]["content"] == "Say hi"
    assert [block.get("cache_control") for block in sent["messages"][2]["content"]] == [None, mark]
    assert json.dumps(body(HELLO, parameters={"cache_control": True})).count("ephemeral") == 1
    assert "cache_control" not in json.dumps(body(*messages, parameters={"cache_control": False}))


@pytest.mark.parametrize(
    ("given", "budget", "tokens"),
    [
        ({"thinking": "enabled", "thinking_budget": 8000}, 8000, 12096),
        ({"thinking_budget": 8000}, 8000, 12096),
        ({"thinking": "enabled"}, 2048, 6144),
        ({"thinking": "enabled", "thinking_budget": 8000, "max_tokens": 5000}, 4999, 5000),
        ({"thinking": "enabled", "thinking_budget": 8000, "max_tokens": 500}, 1024, 500),
        (
            {"thinking_budget": 8000, "max_tokens": 500, "anthropic_beta": ["interleaved-thinking-2025-05-14"]},
            8000,
            500,
        ),
    ],
)
def test_the_thinking_budget_is_less_than_the_longest_answer(given, budget, tokens):
    sent = body(HELLO, parameters=given)
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": budget}
    assert sent["max_tokens"] == tokens
