"""What is sent to an upstream, and what is understood of a client's request."""

import json

import pytest

from apps.wire.exceptions import InvalidRequest, UnknownFormat
from apps.wire.formats import get
from apps.wire.messages import (
    Audio,
    Citation,
    GenerationRequest,
    HttpRequest,
    Image,
    Message,
    Reasoning,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from apps.wire.openai_chat import build, parse

HELLO = Message("user", (Text("Say hi"),))


def body(*messages: Message, **fields) -> dict:
    return json.loads(build(GenerationRequest(model="m", messages=messages, **fields)).body)


def asked(document) -> GenerationRequest:
    return parse(HttpRequest("POST", "/v1/chat/completions", {}, json.dumps(document).encode()))


def test_a_minimal_request_asks_for_a_stream_with_usage():
    request = build(GenerationRequest(model="gpt-4o", messages=(HELLO,)))
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers == {"Content-Type": "application/json", "Accept": "text/event-stream"}
    assert json.loads(request.body) == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "Say hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_whole_reply_is_asked_for_without_stream_options():
    request = build(GenerationRequest(model="m", messages=(HELLO,), stream=False))
    assert request.headers["Accept"] == "application/json"
    assert set(json.loads(request.body)) == {"model", "messages"}


def test_the_system_prompt_stands_first_and_parameters_go_by_their_own_names():
    sent = body(HELLO, system="Be brief.", parameters={"temperature": 0.3, "stop": ["END"]}, extra={"top_a": 1})
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (sent["temperature"], sent["stop"], sent["top_a"]) == (0.3, ["END"], 1)


def test_extra_fields_have_the_last_word():
    assert body(HELLO, parameters={"temperature": 1}, extra={"temperature": 2})["temperature"] == 2


def test_pictures_and_sounds_of_the_user_are_sent_as_parts():
    parts = (
        Text("Look"),
        Image(media_type="image/png", data="AAAA"),
        Image(url="https://e.x/a.png"),
        Audio(media_type="audio/mpeg", data="BBBB"),
    )
    assert body(Message("user", parts))["messages"][0]["content"] == [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "https://e.x/a.png"}},
        {"type": "input_audio", "input_audio": {"data": "BBBB", "format": "mp3"}},
    ]


def test_an_answers_thoughts_pictures_and_sources_are_not_sent_back():
    parts = (Reasoning("Hm."), Text("Hi"), Image(media_type="image/png", data="AAAA"), Citation(url="https://e.x"))
    assert body(HELLO, Message("assistant", parts), HELLO)["messages"][1] == {"role": "assistant", "content": "Hi"}


def test_an_answers_sound_goes_back_as_what_it_said_and_a_refusal_as_a_refusal():
    parts = (Audio(media_type="audio/wav", data="AAAA", transcript="Hi"), Refusal("No."))
    sent = body(Message("assistant", parts))["messages"][0]
    assert sent == {"role": "assistant", "content": "Hi", "refusal": "No."}


def test_signed_thoughts_go_back_as_they_came():
    details = [{"type": "reasoning.text", "text": "Hm.", "signature": "c2ln"}]
    parts = (Reasoning("Hm.", opaque={"reasoning_details": details}), Text("Hi"))
    assert body(Message("assistant", parts))["messages"][0]["reasoning_details"] == details


def test_tool_calls_go_back_verbatim_and_each_result_is_a_message():
    call = ToolCall(id="a", name="f", arguments='{"x": 1}')
    results = (ToolResult(call_id="a", content="1"), ToolResult(call_id="b", content="2"))
    sent = body(Message("assistant", (call,)), Message("tool", results))["messages"]
    function = {"name": "f", "arguments": '{"x": 1}'}
    assert sent == [
        {"role": "assistant", "content": None, "tool_calls": [{"id": "a", "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": "a", "content": "1"},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
    ]


def test_tools_and_the_choice_among_them_are_sent():
    sent = body(HELLO, tools=(Tool("f", "does f", {"type": "object"}),), tool_choice="f")
    function = {"name": "f", "description": "does f", "parameters": {"type": "object"}}
    assert sent["tools"] == [{"type": "function", "function": function}]
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "f"}}
    assert body(HELLO, tool_choice="required")["tool_choice"] == "required"


def test_text_that_is_no_unicode_is_mended_and_not_refused():
    assert body(Message("user", (Text("a\ud83d"),)))["messages"][0]["content"] == "a\ufffd"


def test_a_clients_request_is_understood_in_its_other_spellings():
    request = asked(
        {
            "model": "m",
            "messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "image_url", "image_url": "https://e.x/a.png"}]},
                {
                    "role": "assistant",
                    "content": "",
                    "refusal": "",
                    "tool_calls": [{"function": {"name": "f", "arguments": None}}],
                },
                {"role": "function", "content": "1"},
            ],
            "temperature": 1,
            "stream_options": {"include_usage": False},
            "vendor_thing": True,
        }
    )
    assert request.system == "Be brief."
    assert request.messages[0] == Message("user", (Image(url="https://e.x/a.png"),))
    assert request.messages[1] == Message("assistant", (ToolCall(name="f"),))
    assert request.messages[2] == Message("tool", (ToolResult(content="1"),))
    assert (request.stream, request.parameters, request.extra) == (False, {"temperature": 1}, {"vendor_thing": True})


@pytest.mark.parametrize(
    ("document", "param"),
    [
        *(([], ""), ({}, "model"), ({"model": 7}, "model"), ({"model": "m"}, "messages")),
        ({"model": "m", "messages": []}, "messages"),
        ({"model": "m", "messages": ["hi"]}, "messages"),
        ({"model": "m", "messages": [{"role": "wizard"}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user", "content": 7}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages"),
        ({"model": "m", "messages": [{"role": "assistant", "tool_calls": [{}]}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user"}], "tools": {}}, "tools"),
        ({"model": "m", "messages": [{"role": "user"}], "tools": [{"type": "function"}]}, "tools"),
        ({"model": "m", "messages": [{"role": "user"}], "tool_choice": "sometimes"}, "tool_choice"),
    ],
)
def test_a_request_that_is_wrong_is_refused_with_the_field_named(document, param):
    with pytest.raises(InvalidRequest) as caught:
        asked(document)
    assert caught.value.param == param
    assert str(caught.value)


def test_a_body_that_is_no_json_is_refused():
    with pytest.raises(InvalidRequest):
        parse(HttpRequest("POST", "/v1/chat/completions", {}, b"model=m"))


def test_a_format_is_found_by_name_or_refused():
    assert get("openai_chat").path == "/v1/chat/completions"
    with pytest.raises(UnknownFormat):
        get("telepathy")
