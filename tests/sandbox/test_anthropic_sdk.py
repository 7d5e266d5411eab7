"""Anthropic's own SDK, with strict validation, drives the sandbox in the Messages format."""

import base64

import anthropic as sdk
import pytest
from pydantic import BaseModel

from apps.sandbox.library import picture, text

ASK = [{"role": "user", "content": "Hello there"}]
WEATHER = {
    "name": "get_weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class City(BaseModel):
    name: str
    people: int


def create(anthropic, model: str, messages=ASK, **more):
    return anthropic.messages.create(model=model, max_tokens=4096, messages=messages, **more)


def streamed(anthropic, model: str, messages=ASK, **more):
    with anthropic.messages.stream(model=model, max_tokens=4096, messages=messages, **more) as stream:
        return stream.get_final_message()


def said(message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def test_the_models_are_listed(anthropic):
    names = [model.id for model in anthropic.models.list()]
    assert {"sandbox-echo", "sandbox-signed", "fault-429"} <= set(names)


def test_a_whole_reply_is_valid_and_counted(anthropic):
    reply = create(anthropic, "sandbox-echo")
    assert (said(reply), reply.stop_reason) == ("Hello there", "end_turn")
    assert reply.usage.input_tokens > 0 and reply.usage.output_tokens > 0


def test_a_stream_comes_to_the_same(anthropic):
    found = streamed(anthropic, "sandbox-echo@0")
    assert (said(found), found.stop_reason) == ("Hello there", "end_turn")
    assert found.usage.output_tokens > 0


def test_every_event_of_a_stream_is_valid(anthropic):
    names = [event.type for event in create(anthropic, "sandbox-reasoning@0", stream=True)]
    assert (names[0], names[-1]) == ("message_start", "message_stop")
    assert set(names) == {
        *("message_start", "content_block_start", "content_block_delta", "content_block_stop"),
        *("message_delta", "message_stop"),
    }


@pytest.mark.parametrize("ask", [create, streamed])
def test_thoughts_are_signed_and_checked_when_they_come_back(anthropic, ask):
    thinking = {"type": "enabled", "budget_tokens": 1024}
    reply = ask(anthropic, "sandbox-signed@0", thinking=thinking)
    assert (reply.content[0].thinking, said(reply)) == (text("reasoning_thoughts"), text("reasoning_answer"))
    again = {"role": "user", "content": "Again"}
    back = [block.to_dict() for block in reply.content]
    kept = [*ASK, {"role": "assistant", "content": back}, again]
    assert said(ask(anthropic, "sandbox-signed@0", kept, thinking=thinking))
    back[0]["thinking"] += " Or not."
    with pytest.raises(sdk.BadRequestError, match="signature"):
        ask(anthropic, "sandbox-signed@0", kept, thinking=thinking)


@pytest.mark.parametrize("ask", [create, streamed])
def test_tools_are_called_at_once_and_their_results_used(anthropic, ask):
    reply = ask(anthropic, "sandbox-tools@0", tools=[WEATHER])
    calls = [block for block in reply.content if block.type == "tool_use"]
    assert reply.stop_reason == "tool_use" and [call.input["city"] for call in calls] == ["Oslo", "Bergen"]
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": f"7 °C {call.id}"} for call in calls]
    turn = {"role": "assistant", "content": [block.to_dict() for block in reply.content]}
    told = ask(anthropic, "sandbox-tools@0", [*ASK, turn, {"role": "user", "content": results}], tools=[WEATHER])
    assert "7 °C call_oslo" in said(told) and "7 °C call_bergen" in said(told)


def test_a_schema_is_honoured(anthropic):
    reply = anthropic.messages.parse(model="sandbox-schema", max_tokens=100, messages=ASK, output_format=City)
    assert isinstance(reply.parsed_output, City)


@pytest.mark.parametrize("ask", [create, streamed])
def test_a_search_is_shown_with_its_results_and_cited(anthropic, ask):
    search = {"type": "web_search_20250305", "name": "web_search"}
    reply = ask(anthropic, "sandbox-search@0", tools=[search])
    called, found, answer = reply.content
    assert (called.type, called.input) == ("server_tool_use", {"query": "Hello there"})
    assert [result.title for result in found.content] == ["Boiling point of water", "Cooking on Everest"]
    assert [source.url for source in answer.citations] == [result.url for result in found.content]
    assert all(source.type == "web_search_result_location" for source in answer.citations)


def test_an_image_and_a_pdf_arrive(anthropic):
    pdf = base64.b64encode(b"%PDF-1.4 /Type /Page \0").decode()
    content = [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": picture()}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": pdf}},
    ]
    reply = said(create(anthropic, "sandbox-attachments", [{"role": "user", "content": content}]))
    assert "160 × 100 pixels" in reply and "application/pdf" in reply


def test_what_came_from_a_cache_is_counted_apart(anthropic):
    usage = create(anthropic, "sandbox-cached").usage
    assert usage.cache_read_input_tokens == 1024 and usage.input_tokens < 1024


def test_a_refusal_and_a_cut_answer_say_why_they_ended(anthropic):
    assert create(anthropic, "fault-filter").stop_reason == "refusal"
    assert streamed(anthropic, "fault-length@0").stop_reason == "max_tokens"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("fault-400", sdk.BadRequestError),
        ("fault-401", sdk.AuthenticationError),
        ("fault-403", sdk.PermissionDeniedError),
        ("fault-404", sdk.NotFoundError),
        ("fault-429", sdk.RateLimitError),
        ("fault-500", sdk.InternalServerError),
        ("fault-502", sdk.InternalServerError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_refused_request_is_the_error_of_its_status(anthropic, name, error, stream):
    with pytest.raises(error):
        create(anthropic, name, stream=stream)


def test_an_error_in_the_middle_of_a_stream_is_raised(anthropic):
    with pytest.raises(sdk.APIStatusError, match="overloaded"):
        streamed(anthropic, "fault-error-in-stream@0")


def test_a_wrong_key_is_refused(anthropic):
    with pytest.raises(sdk.AuthenticationError):
        create(anthropic.with_options(api_key="wrong"), "sandbox-echo")
