"""What is sent to an upstream, and what is understood of a client's request."""

import json

import pytest

from apps.wire.exceptions import InvalidRequest, UnknownFormat
from apps.wire.formats import get
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    HttpRequest,
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


@pytest.mark.parametrize(
    ("file", "sent"),
    [
        (
            File("a.pdf", "application/pdf", "AAAA"),
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
        ),
        (
            File("", "text/plain", "AAAA"),
            {"type": "file", "file": {"filename": "file", "file_data": "data:text/plain;base64,AAAA"}},
        ),
        (
            File("a.pdf", "application/pdf", url="https://e.x/a.pdf"),
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "https://e.x/a.pdf"}},
        ),
        (
            File("a.mp4", "video/mp4", "AAAA"),
            {"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA"}},
        ),
        (
            File("a.mp4", "video/mp4", url="https://e.x/a.mp4"),
            {"type": "video_url", "video_url": {"url": "https://e.x/a.mp4"}},
        ),
    ],
)
def test_a_file_goes_along_with_its_name_and_a_video_in_its_own_way(file, sent):
    assert body(Message("user", (file,)))["messages"][0]["content"] == [sent]


def test_an_answers_thoughts_pictures_and_sources_are_not_sent_back():
    searched = HostedTool("ws_1", "web_search", opaque={"item": {"type": "web_search_call"}})
    picture, source = Image(media_type="image/png", data="AAAA"), Citation(url="https://e.x")
    parts = (Reasoning("Hm."), searched, Text("Hi"), picture, source)
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


def test_the_rounds_of_one_answer_are_told_apart():
    call = ToolCall(id="a", name="f", arguments="{}")
    parts = (Text("I look."), call, ToolResult(call_id="a", content="1"), Text("Found."))
    sent = body(HELLO, Message("assistant", parts))["messages"][1:]
    assert [document["role"] for document in sent] == ["assistant", "tool", "assistant"]
    assert (sent[0]["content"], sent[2]) == ("I look.", {"role": "assistant", "content": "Found."})


def test_a_tool_that_failed_says_so_in_words_once():
    results = (ToolResult("a", "no such city", is_error=True), ToolResult("b", "Error: 404", is_error=True))
    call = Message("assistant", (ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}")))
    request = GenerationRequest(model="m", messages=(HELLO, call, Message("tool", results)))
    read = parse(build(request))
    told = [part.content for message in read.messages for part in message.parts if isinstance(part, ToolResult)]
    assert told == ["Error: no such city", "Error: 404"]
    assert parse(build(read)) == read


def test_plain_thoughts_go_back_in_a_tool_loop_and_not_in_a_later_turn():
    call, result = ToolCall(id="a", name="f", arguments="{}"), Message("tool", (ToolResult(call_id="a"),))
    looped = (HELLO, Message("assistant", (Reasoning("Hm."), call)), result)
    assert body(*looped)["messages"][1]["reasoning_content"] == "Hm."
    assert "reasoning_content" not in body(*looped, HELLO)["messages"][1]


def test_thoughts_that_another_format_signed_stay_behind():
    call = ToolCall(id="a", name="f", arguments="{}", opaque={"thoughtSignature": "x"})
    parts = (Reasoning("Hm.", opaque={"signature": "x"}), call)
    sent = body(HELLO, Message("assistant", parts))["messages"][1]
    assert set(sent) == {"role", "content", "tool_calls"}
    assert set(sent["tool_calls"][0]) == {"id", "type", "function"}


def test_a_tool_call_takes_its_own_signature_back():
    signature = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
    sent = body(HELLO, Message("assistant", (ToolCall("a", "f", "{}", signature),)))["messages"][1]
    assert sent["tool_calls"][0]["extra_content"] == signature["extra_content"]


def test_a_schema_for_the_answer_is_sent_in_the_formats_way_and_wins_over_a_parameter():
    wanted = ResponseSchema("city", {"type": "object"})
    sent = body(HELLO, response_schema=wanted, parameters={"response_format": {"type": "text"}})
    schema = {"name": "city", "strict": True, "schema": {"type": "object"}}
    assert sent["response_format"] == {"type": "json_schema", "json_schema": schema}


def test_a_web_search_is_asked_for_with_the_options_that_are_set():
    assert body(HELLO, web_search=True)["web_search_options"] == {}
    options = {"search_context_size": "high"}
    sent = body(HELLO, web_search=True, parameters={"web_search_options": options})
    assert sent["web_search_options"] == options
    assert "web_search_options" not in body(HELLO)


def test_sound_is_asked_for_by_parameters():
    sent = body(HELLO, parameters={"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}})
    assert (sent["modalities"], sent["audio"]["voice"]) == (["text", "audio"], "alloy")


def test_tools_and_the_choice_among_them_are_sent():
    sent = body(HELLO, tools=(Tool("f", "does f", {"type": "object"}),), tool_choice="f")
    function = {"name": "f", "description": "does f", "parameters": {"type": "object"}}
    assert sent["tools"] == [{"type": "function", "function": function}]
    strict = body(HELLO, tools=(Tool("f", "does f", {"type": "object"}, strict=True),))
    assert strict["tools"] == [{"type": "function", "function": {**function, "strict": True}}]
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
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": "https://e.x/a.png"},
                        {"type": "video_url", "video_url": "https://e.x/a.mp4"},
                    ],
                },
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
    assert request.messages[0] == Message(
        "user", (Image(url="https://e.x/a.png"), File(media_type="video/mp4", url="https://e.x/a.mp4"))
    )
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
        ({"model": "m", "messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]}, "messages"),
        ({"model": "m", "messages": [{"role": "assistant", "tool_calls": [{}]}]}, "messages"),
        ({"model": "m", "messages": [{"role": "user"}], "tools": {}}, "tools"),
        ({"model": "m", "messages": [{"role": "user"}], "tools": [{"type": "function"}]}, "tools"),
        ({"model": "m", "messages": [{"role": "user"}], "tool_choice": "sometimes"}, "tool_choice"),
        (
            {
                "model": "m",
                "messages": [{"role": "user"}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "x"}},
            },
            "response_format",
        ),
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
