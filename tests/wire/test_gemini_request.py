"""What is sent to an upstream in Gemini's format."""

import json

import pytest
from google.genai import types

from apps.wire.formats import get
from apps.wire.gemini import PARAMETERS, build, parse
from apps.wire.gemini.parameters import PLACES
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
from apps.wire.parameters import convert

HELLO = Message("user", (Text("Say hi"),))
SIGNED = {"thoughtSignature": "c2ln"}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
LOOSE = {"type": "object", "properties": {"city": {"$ref": "#/$defs/city"}}, "additionalProperties": False}


def body(*messages: Message, model: str = "gemini-2.5-flash", **fields) -> dict:
    return json.loads(build(GenerationRequest(model=model, messages=messages or (HELLO,), **fields)).body)


def test_a_minimal_request_asks_for_a_stream_of_events():
    request = build(GenerationRequest(model="gemini-2.5-flash", messages=(HELLO,)))
    assert request.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    assert (request.method, request.key_as) == ("POST", "x-goog-api-key")
    assert request.headers == {"Content-Type": "application/json", "Accept": "text/event-stream"}
    assert json.loads(request.body) == {"contents": [{"role": "user", "parts": [{"text": "Say hi"}]}]}


def test_a_whole_reply_is_asked_for_at_another_path():
    request = build(GenerationRequest(model="m", messages=(HELLO,), stream=False))
    assert (request.path, request.headers["Accept"]) == ("/v1beta/models/m:generateContent", "application/json")


def test_all_parameters_stand_where_the_format_has_them():
    values = {
        "temperature": 0.3,
        "topP": 0.5,
        "topK": 4,
        "maxOutputTokens": 100,
        "stopSequences": ["END"],
        "seed": 7,
        "includeThoughts": True,
        "thinkingLevel": "low",
        "aspectRatio": "16:9",
        "imageSize": "2K",
        "voiceName": "Kore",
        "languageCode": "en-US",
        "responseModalities": ["text", "IMAGE"],
        "responseLogprobs": True,
        "logprobs": 3,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        "cachedContent": "cachedContents/1",
    }
    sent = body(parameters=values)
    assert sent["safetySettings"] == values["safetySettings"]
    assert sent["cachedContent"] == "cachedContents/1"
    assert sent["generationConfig"] == {
        "temperature": 0.3,
        "topP": 0.5,
        "topK": 4,
        "maxOutputTokens": 100,
        "stopSequences": ["END"],
        "seed": 7,
        "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "low"},
        "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}, "languageCode": "en-US"},
        "responseModalities": ["TEXT", "IMAGE"],
        "responseLogprobs": True,
        "logprobs": 3,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
    }
    types.GenerateContentConfig.model_validate(sent["generationConfig"])


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_parameter_is_a_field_that_google_knows(name):
    values = {parameter.name: _example(parameter) for parameter in PARAMETERS if parameter.name == name}
    sent = body(parameters=values)
    types.GenerateContentConfig.model_validate(sent.pop("generationConfig", {}))
    assert sent.keys() <= {"contents", "safetySettings", "cachedContent", "serviceTier", "store", "labels"}
    assert parse(build(GenerationRequest("m", (HELLO,), parameters=values))).parameters == values


def _example(parameter):
    examples = {"number": 1, "integer": 1, "boolean": True, "text": "x", "strings": ["AUDIO"]}
    json_values = {"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT"}], "labels": {"a": "b"}}
    given = json_values.get(parameter.name, {"speakerVoiceConfigs": []})
    return parameter.choices[0] if parameter.choices else examples.get(parameter.kind, given)


def test_what_chat_completions_calls_otherwise_is_converted():
    values = {
        "max_tokens": 9,
        "top_p": 0.5,
        "stop": ["a"],
        "reasoning_effort": "high",
        "modalities": ["text"],
        "min_p": 1,
    }
    converted, left = convert(values, get("openai_chat").PARAMETERS, PARAMETERS)
    assert converted == {
        "maxOutputTokens": 9,
        "topP": 0.5,
        "stopSequences": ["a"],
        "thinkingLevel": "high",
        "responseModalities": ["text"],
    }
    assert [parameter.name for parameter in left] == ["min_p"]


def test_the_system_prompt_has_a_place_of_its_own_for_all_that_the_system_says():
    sent = body(Message("system", (Text("Later."),)), HELLO, system="Be brief.")
    assert sent["systemInstruction"] == {"parts": [{"text": "Be brief."}, {"text": "Later."}]}
    assert len(sent["contents"]) == 1


def test_attachments_go_inline_or_by_their_address():
    parts = (
        Image(media_type="image/png", data="AAAA"),
        Image(url="https://e.x/a.jpg"),
        Audio(media_type="audio/x-wav", data="AAAA"),
        File(name="a.pdf", media_type="application/pdf", data="AAAA"),
        File(media_type="video/mp4", url="https://e.x/a.mp4"),
        File(media_type="video/mp4", url="gs://bucket/a.mp4"),
        File(name="a.log", media_type="text/x-log; charset=utf-8", data="AAAA"),
        File(media_type="text/csv", data="AAAA"),
        Text("What are these?"),
    )
    found = body(Message("user", parts))["contents"][0]["parts"]
    assert found == [
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"fileData": {"mimeType": "image/png", "fileUri": "https://e.x/a.jpg"}},
        {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}},
        {"inlineData": {"mimeType": "application/pdf", "data": "AAAA"}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "https://e.x/a.mp4"}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://bucket/a.mp4"}},
        {"inlineData": {"mimeType": "text/plain", "data": "AAAA"}},
        {"inlineData": {"mimeType": "text/csv", "data": "AAAA"}},
        {"text": "What are these?"},
    ]
    types.Content.model_validate({"role": "user", "parts": found})


def test_a_signature_goes_back_on_the_very_part_that_had_it():
    ran = {"parts": [{"executableCode": {"language": "PYTHON", "code": "1"}, "thoughtSignature": "YQ=="}]}
    said = Message(
        "assistant",
        (
            Reasoning("Hm.", opaque=SIGNED),
            Text("One. "),
            Text("Two.", opaque=SIGNED),
            Text("", opaque=SIGNED),
            Image(media_type="image/png", data="AAAA", opaque=SIGNED),
            ToolCall("c1", "f", '{"a":1}', opaque=SIGNED),
            HostedTool(name="code_interpreter", status="completed", opaque=ran),
        ),
    )
    turn = body(HELLO, said)["contents"][1]
    assert turn == {
        "role": "model",
        "parts": [
            {"text": "Hm.", "thought": True, "thoughtSignature": "c2ln"},
            {"text": "One. "},
            {"text": "Two.", "thoughtSignature": "c2ln"},
            {"text": "", "thoughtSignature": "c2ln"},
            {"inlineData": {"mimeType": "image/png", "data": "AAAA"}, "thoughtSignature": "c2ln"},
            {"functionCall": {"id": "c1", "name": "f", "args": {"a": 1}}, "thoughtSignature": "c2ln"},
            *ran["parts"],
        ],
    }
    types.Content.model_validate(turn)


def test_what_other_formats_signed_is_left_behind():
    said = (
        Reasoning("Hm.", opaque={"signature": "x"}),
        Reasoning("Unsigned."),
        Text("Hi", opaque={"encrypted_content": "y"}),
        Refusal("No."),
        Audio(media_type="audio/wav", data="AAAA", transcript="Aloud."),
        Citation("https://e.x/"),
        HostedTool("w", "web_search", "{}", "completed", {"item": {}}),
        ToolCall("call_abc", "f", "{}", {"reasoning_details": []}),
    )
    assert body(HELLO, Message("assistant", said))["contents"][1]["parts"] == [
        {"text": "Hi"},
        {"text": "No."},
        {"text": "Aloud."},
        {"functionCall": {"id": "call_abc", "name": "f", "args": {}}},
    ]


def test_results_of_tools_are_one_turn_of_the_user_by_name_and_id():
    calls = Message("assistant", (ToolCall("c1", "f", '{"a":1}'), ToolCall("call_0badcafe_1", "g", "")))
    results = Message("tool", (ToolResult("c1", '{"t":7}'), ToolResult("call_0badcafe_1", "7C", name="g")))
    contents = body(HELLO, calls, results)["contents"]
    assert contents[1]["parts"][1] == {"functionCall": {"name": "g", "args": {}}}
    assert contents[2] == {
        "role": "user",
        "parts": [
            {"functionResponse": {"id": "c1", "name": "f", "response": {"t": 7}}},
            {"functionResponse": {"name": "g", "response": {"result": "7C"}}},
        ],
    }


@pytest.mark.parametrize(
    ("result", "response"),
    [
        (ToolResult("a", "text", name="f"), {"result": "text"}),
        (ToolResult("a", "[1,2]", name="f"), {"result": "[1,2]"}),
        (ToolResult("a", "7", name="f"), {"result": "7"}),
        (ToolResult("a", "", name="f"), {"result": ""}),
        (ToolResult("a", '{"x":1}', name="f"), {"x": 1}),
        (ToolResult("a", "It broke.", True, "f"), {"error": "It broke."}),
    ],
)
def test_a_result_is_always_an_object(result, response):
    part = body(HELLO, Message("tool", (result,)))["contents"][1]["parts"][0]
    assert part["functionResponse"]["response"] == response


@pytest.mark.parametrize(
    ("model", "signature"),
    [
        ("gemini-3-pro-preview", "skip_thought_signature_validator"),
        ("google/gemini-3.1-flash", "skip_thought_signature_validator"),
        ("gemini-2.5-flash", None),
    ],
)
def test_a_call_that_another_model_made_gets_the_stand_in_where_signatures_are_demanded(model, signature):
    calls = Message("assistant", (ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}")))
    first, second = body(HELLO, calls, model=model)["contents"][1]["parts"]
    assert first.get("thoughtSignature") == signature
    assert "thoughtSignature" not in second
    again = parse(build(GenerationRequest(model, (HELLO, calls))))
    assert again.messages[1] == calls


def test_schemas_go_where_every_model_takes_them_or_where_nothing_of_them_is_lost():
    plain, loose, nothing = Tool("f", "d", CITY), Tool("g", "", LOOSE), Tool("h")
    [declared] = body(tools=(plain, loose, nothing))["tools"]
    assert declared["functionDeclarations"] == [
        {"name": "f", "description": "d", "parameters": CITY},
        {"name": "g", "parametersJsonSchema": LOOSE},
        {"name": "h"},
    ]
    types.Tool.model_validate(declared)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"type": "string", "format": "email"},
        {"type": "string", "enum": ["a", ""]},
        {"type": "integer", "enum": [1, 2]},
        {"type": "object", "properties": {}},
        {"type": "array"},
        {"type": "string", "const": "a"},
        {"enum": ["a"]},
        {},
    ],
)
def test_a_schema_that_older_models_refuse_is_said_as_json_schema(schema):
    config = body(response_schema=ResponseSchema("x", {"type": "array", "items": schema}))["generationConfig"]
    assert config["responseJsonSchema"] == {"type": "array", "items": schema}
    assert "responseSchema" not in config


def test_a_schema_of_the_answer_brings_its_type():
    assert body(response_schema=ResponseSchema("x", CITY))["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseSchema": CITY,
    }


def test_web_search_and_googles_own_tools_stand_beside_functions():
    sent = body(tools=(Tool("f"),), web_search=True, parameters={"codeExecution": True, "urlContext": False})
    assert sent["tools"] == [{"functionDeclarations": [{"name": "f"}]}, {"googleSearch": {}}, {"codeExecution": {}}]
    assert "generationConfig" not in sent


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        ("f", {"mode": "ANY", "allowedFunctionNames": ["f"]}),
    ],
)
def test_the_choice_of_a_tool_is_a_mode(choice, config):
    assert body(tool_choice=choice)["toolConfig"] == {"functionCallingConfig": config}


def test_extra_json_reaches_every_field_and_has_the_last_word():
    extra = {
        "generationConfig": {"temperature": 1, "thinkingConfig": {"thinkingBudget": 9}, "routingConfig": {}},
        "tools": [{"googleMaps": {}}],
        "toolConfig": {"includeServerSideToolInvocations": True},
        "systemInstruction": {"parts": [{"text": "Mine."}]},
        "somethingNew": [1],
    }
    values = {"temperature": 0, "topK": 4, "includeThoughts": True}
    sent = body(parameters=values, tools=(Tool("f"),), tool_choice="auto", system="Ours.", extra=extra)
    assert sent["generationConfig"] == {
        "temperature": 1,
        "topK": 4,
        "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 9},
        "routingConfig": {},
    }
    assert sent["tools"] == [{"functionDeclarations": [{"name": "f"}]}, {"googleMaps": {}}]
    assert sent["toolConfig"] == {
        "functionCallingConfig": {"mode": "AUTO"},
        "includeServerSideToolInvocations": True,
    }
    assert (sent["systemInstruction"], sent["somethingNew"]) == ({"parts": [{"text": "Mine."}]}, [1])
