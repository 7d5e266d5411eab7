"""What Responses is asked instead, where an upstream refused something that can be left away."""

import json

import pytest

from apps.wire.events import Failed
from apps.wire.messages import File, GenerationRequest, HostedTool, Message, Reasoning, Text, ToolCall
from apps.wire.openai_responses import amend, build

ITEM = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAA"}
SEARCH = {"id": "ws_1", "type": "web_search_call", "status": "completed"}
ASKED = Message("user", (Text("x"),))
THOUGHT = Message(
    "assistant",
    (
        Reasoning("Hm.", opaque={"item": ITEM}),
        HostedTool("ws_1", "web_search", opaque={"item": SEARCH}),
        Text("a", opaque={"item": {"id": "msg_1"}}),
        ToolCall("call_1", "f", "{}", opaque={"item": {"id": "fc_1"}}),
    ),
)


def refused(message="", code="", param="", status=400) -> Failed:
    return Failed(message or "No.", "invalid_request_error", code, param, status)


def request(**fields) -> GenerationRequest:
    return GenerationRequest(model="gpt-5", messages=(ASKED, THOUGHT, ASKED), **fields)


def amended(failed: Failed, **fields) -> dict | None:
    found = amend(request(**fields), failed)
    return None if found is None else json.loads(build(found).body)


@pytest.mark.parametrize(
    "failed",
    [
        refused("The encrypted content gAAA... could not be verified.", "invalid_encrypted_content"),
        refused("The encrypted content for item rs_1 could not be verified.", status=0),
        refused("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false."),
        refused("Item 'msg_1' of type 'message' was provided without its required 'reasoning' item: 'rs_1'."),
        refused(param="input[1].encrypted_content"),
    ],
)
def test_reasoning_of_another_account_is_left_away_with_all_that_came_from_it(failed):
    items = amended(failed)["input"]
    assert [item.get("type") for item in items] == [None, "message", "function_call", None]
    assert not any("id" in item for item in items)


def test_reasoning_is_left_away_once():
    failed = refused(code="invalid_encrypted_content")
    assert amend(amend(request(), failed), failed) is None


@pytest.mark.parametrize(
    "failed",
    [
        refused("Previous response with id 'resp_1' not found.", "previous_response_not_found", "previous_response_id"),
        refused("Previous response with id 'resp_1' not found.", status=404),
        refused("Unsupported parameter: previous_response_id"),
    ],
)
def test_an_answer_that_the_upstream_does_not_have_is_told_in_full(failed):
    body = amended(failed, previous_id="resp_1")
    assert "previous_response_id" not in body
    assert len(body["input"]) == 6
    assert amended(failed) is None


@pytest.mark.parametrize(
    "failed",
    [
        refused("Your organization must be verified to stream this model.", "unsupported_value", "stream"),
        refused("This model does not support streaming."),
        refused("Unsupported parameter: 'stream' is not supported with this model.", param="stream", status=422),
    ],
)
def test_a_model_that_does_not_stream_is_asked_for_a_whole_answer(failed):
    assert "stream" not in amended(failed)
    assert amended(failed, stream=False) is None


def test_encrypted_reasoning_is_not_asked_of_a_model_that_has_none():
    failed = refused("Encrypted content is not supported with this model.", param="include")
    parameters = {"store": False, "include": ["file_search_call.results"]}
    assert amended(failed, parameters=parameters)["include"] == ["file_search_call.results"]
    assert amended(failed, parameters={"store": False})["include"] == []


def test_what_a_person_asked_to_include_is_not_taken_away():
    failed = refused("Invalid value: 'x'.", param="include[0]")
    assert amended(failed, parameters={"include": ["x"]}) is None


def test_a_text_that_is_refused_as_a_file_is_said():
    file = File(name="a.md", media_type="text/markdown", data="SGVsbG8=")
    asked = GenerationRequest(model="m", messages=(Message("user", (file,)),))
    found = amend(asked, refused("Invalid file data: unsupported MIME type 'text/markdown'."))
    assert found.messages == (Message("user", (Text("a.md\n\nHello"),)),)


@pytest.mark.parametrize(
    "failed",
    [
        refused("Incorrect API key provided.", "invalid_api_key", status=401),
        refused("Rate limit reached", "rate_limit_exceeded", status=429),
        refused("upstream gone: stream not supported", status=503),
        refused("Unsupported value: 'temperature'.", "unsupported_value", "temperature"),
    ],
)
def test_what_cannot_be_left_away_is_told_to_the_person(failed):
    assert amended(failed, previous_id="") is None
