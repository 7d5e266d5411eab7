"""What is understood of a client's request in Gemini's format."""

import json

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.gemini import parse
from apps.wire.messages import GenerationRequest, HttpRequest, Image, Message, Text, Tool, ToolCall, ToolResult

SIGNED = {"thoughtSignature": "c2ln"}
LOOSE = {"type": "object", "properties": {"city": {"$ref": "#/$defs/city"}}, "additionalProperties": False}


def asked(document, path: str = "/v1beta/models/m:generateContent") -> GenerationRequest:
    return parse(HttpRequest("POST", path, {}, json.dumps(document).encode()))


def test_what_we_have_no_words_for_comes_as_extra():
    document = {
        "contents": [{"parts": [{"text": "Hi"}]}],
        "generationConfig": {"temperature": 1, "candidateCount": 2, "thinkingConfig": {"odd": 1}},
        "tools": [{"googleMaps": {}, "googleSearch": {}}, {"google_search": {"searchTypes": {}}}],
        "toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}},
        "x": 1,
    }
    found = asked(document)
    assert (found.parameters, found.web_search, found.tool_choice) == ({"temperature": 1}, True, "")
    assert found.extra == {
        "generationConfig": {"candidateCount": 2, "thinkingConfig": {"odd": 1}},
        "tools": [{"googleMaps": {}}, {"googleSearch": {"searchTypes": {}}}],
        "toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}},
        "x": 1,
    }


def test_names_in_snake_case_are_understood_as_the_official_api_does():
    document = {
        "contents": [
            {"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": "AAAA"}}]},
            {"role": "model", "parts": [{"function_call": {"name": "f"}, "thought_signature": "c2ln"}]},
            {"role": "function", "parts": [{"function_response": {"name": "f", "response": {"output": "7"}}}]},
        ],
        "system_instruction": {"parts": [{"text": "Be "}, {"text": "brief."}]},
        "generation_config": {"max_output_tokens": 9, "thinking_config": {"include_thoughts": True}},
        "tools": [{"function_declarations": [{"name": "f", "parameters_json_schema": LOOSE}]}, {"google_search": {}}],
    }
    found = asked(document)
    assert found.messages == (
        Message("user", (Image(media_type="image/png", data="AAAA"),)),
        Message("assistant", (ToolCall("call_00000000_0", "f", "{}", SIGNED),)),
        Message("tool", (ToolResult("call_00000000_0", "7", name="f"),)),
    )
    assert (found.system, found.parameters) == ("Be \n\nbrief.", {"maxOutputTokens": 9, "includeThoughts": True})
    assert (found.tools, found.web_search, found.extra) == ((Tool("f", schema=LOOSE),), True, {})


def test_results_without_ids_belong_to_the_calls_of_their_names_in_order():
    call = {"functionCall": {"name": "f", "args": {}}}
    result = {"functionResponse": {"name": "f", "response": {"result": "7"}}}
    contents = [{"role": "model", "parts": [call, call]}, {"role": "user", "parts": [result, result, {"text": "So?"}]}]
    calls, results, question = asked({"contents": contents}).messages
    assert [part.id for part in calls.parts] == [part.call_id for part in results.parts]
    assert len({part.id for part in calls.parts}) == 2
    assert question == Message("user", (Text("So?"),))


@pytest.mark.parametrize(
    ("path", "model", "stream"),
    [
        ("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "gemini-2.5-flash", True),
        ("/v1beta/models/m:generateContent?key=k", "m", False),
        ("/v1/models/m:generateContent", "m", False),
        ("/v1beta/models/google%2Fm%3Afree:streamGenerateContent", "google/m:free", True),
        ("/v1beta/models/google/m:free:streamGenerateContent", "google/m:free", True),
        ("/v1beta/tunedModels/mine:generateContent", "tunedModels/mine", False),
    ],
)
def test_model_and_way_of_answering_are_read_from_the_path(path, model, stream):
    found = asked({"contents": [{"parts": [{"text": "Hi"}]}]}, path)
    assert (found.model, found.stream) == (model, stream)


@pytest.mark.parametrize(
    ("document", "param"),
    [
        ([], ""),
        ({}, "contents"),
        ({"contents": []}, "contents"),
        ({"contents": [{"role": "robot", "parts": [{"text": "x"}]}]}, "contents"),
        ({"contents": [{"role": "user", "parts": []}]}, "contents"),
        ({"contents": [{"role": "user", "parts": [{"hologram": 1}]}]}, "contents"),
        ({"contents": [{"parts": [{"text": "x"}]}], "tools": {}}, "tools"),
        ({"contents": [{"parts": [{"text": "x"}]}], "tools": [{"functionDeclarations": [{}]}]}, "tools"),
        ({"contents": [{"parts": [{"text": "x"}]}], "systemInstruction": 7}, "systemInstruction"),
    ],
)
def test_a_request_that_is_none_is_refused_and_its_field_named(document, param):
    with pytest.raises(InvalidRequest) as refused:
        asked(document)
    assert refused.value.param == param


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1beta/models/m:countTokens", "/v1beta/models/m"])
def test_a_path_that_names_no_model_or_action_is_refused(path):
    with pytest.raises(InvalidRequest):
        asked({"contents": [{"parts": [{"text": "Hi"}]}]}, path)
