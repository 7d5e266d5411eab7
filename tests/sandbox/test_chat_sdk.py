"""OpenAI's own SDK, with strict validation of every reply, drives the sandbox in the Chat Completions format."""

import base64
import json

import openai
import pytest
from pydantic import BaseModel

from apps.sandbox.library import long_text, picture, samples_of, text, tone

ASK = [{"role": "user", "content": "Hello there"}]


def chunks(official, model: str, messages=ASK, **more):
    return list(
        official.chat.completions.create(
            model=model, messages=messages, stream=True, stream_options={"include_usage": True}, **more
        )
    )


def said(found, field: str = "content") -> str:
    return "".join(getattr(chunk.choices[0].delta, field, None) or "" for chunk in found if chunk.choices)


def reasons(found) -> list[str]:
    return [chunk.choices[0].finish_reason for chunk in found if chunk.choices and chunk.choices[0].finish_reason]


def test_the_models_are_listed(official):
    names = [model.id for model in official.models.list()]
    assert {"sandbox-markdown", "sandbox-echo", "sandbox-tools", "fault-429", "fault-endless"} <= set(names)
    assert len(names) == len(set(names))


def test_a_whole_reply_is_valid_and_counted(official):
    reply = official.chat.completions.create(model="sandbox-echo", messages=ASK)
    assert reply.choices[0].message.content == "Hello there"
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens > 0 and reply.usage.prompt_tokens > 0


def test_a_stream_is_valid_and_ends_with_its_reason_and_usage(official):
    found = chunks(official, "sandbox-echo@0")
    assert said(found) == "Hello there"
    assert reasons(found) == ["stop"]
    assert found[-1].choices == [] and found[-1].usage.completion_tokens > 0
    assert {(chunk.id, chunk.model) for chunk in found} == {("chatcmpl-sandbox", "sandbox-echo@0")}


@pytest.mark.parametrize("name", ["markdown", "code", "table", "math", "chinese"])
def test_every_script_arrives_as_it_was_written(official, name):
    assert said(chunks(official, f"sandbox-{name}@0")) == text(name)


def test_the_long_answer_has_more_than_five_thousand_words(official):
    found = said(chunks(official, "sandbox-long@0"))
    assert found == long_text()
    assert len(found.split()) > 5000


def test_reasoning_comes_before_the_answer_and_apart_from_it(official):
    found = chunks(official, "sandbox-reasoning@0")
    assert said(found, "reasoning_content") == text("reasoning_thoughts")
    assert said(found) == text("reasoning_answer")
    assert found[-1].usage.completion_tokens_details.reasoning_tokens > 0
    whole = official.chat.completions.create(model="sandbox-reasoning", messages=ASK)
    assert whole.choices[0].message.reasoning_content == text("reasoning_thoughts")


def test_two_tools_are_called_at_once_and_their_results_are_used(official):
    with official.chat.completions.stream(model="sandbox-tools@0", messages=ASK) as stream:
        message = stream.get_final_completion().choices[0].message
    assert [json.loads(call.function.arguments)["city"] for call in message.tool_calls] == ["Oslo", "Bergen"]
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"7 °C ({call.id})"} for call in message.tool_calls]
    call = message.model_dump(include={"role": True, "content": True, "tool_calls": True})
    answer = said(chunks(official, "sandbox-tools@0", [*ASK, call, *results]))
    assert "7 °C (call_oslo)" in answer and "7 °C (call_bergen)" in answer
    whole = official.chat.completions.create(model="sandbox-tools", messages=ASK)
    assert whole.choices[0].finish_reason == "tool_calls"
    assert len(whole.choices[0].message.tool_calls) == 2


def test_a_loop_of_two_rounds_is_gone_through(official):
    function = {"name": "count", "parameters": {"type": "object", "properties": {"of": {"type": "string"}}}}
    messages = [*ASK]
    for number in (1, 2):
        message = create(official, "sandbox-tool-loop", messages, tools=[{"type": "function", "function": function}])
        [call] = message.tool_calls
        assert (call.function.name, json.loads(call.function.arguments)) == ("count", {"of": "sandbox"})
        messages += [message, {"role": "tool", "tool_call_id": call.id, "content": f"result {number}"}]
    told = create(official, "sandbox-tool-loop", messages).content
    assert "result 1" in told and "result 2" in told


def create(official, model: str, messages=ASK, **more):
    return official.chat.completions.create(model=model, messages=messages, **more).choices[0].message


class City(BaseModel):
    name: str
    people: int


def test_a_schema_is_honoured(official):
    reply = official.chat.completions.parse(model="sandbox-schema", messages=ASK, response_format=City)
    assert isinstance(reply.choices[0].message.parsed, City)


def test_signed_thoughts_are_checked_when_they_come_back(official):
    message = create(official, "sandbox-signed").to_dict()
    assert create(official, "sandbox-signed", [*ASK, message, *ASK]).content == text("reasoning_answer")
    message["reasoning_details"][0]["text"] += " Or not."
    with pytest.raises(openai.BadRequestError):
        create(official, "sandbox-signed", [*ASK, message, *ASK])


def test_what_came_along_is_told(official):
    pdf = base64.b64encode(b"%PDF-1.4 /Type /Page \0").decode()
    content = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture()}"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{pdf}"}},
        {"type": "input_audio", "input_audio": {"data": tone(), "format": "wav"}},
    ]
    told = create(official, "sandbox-attachments", [{"role": "user", "content": content}]).content
    assert "160 × 100 pixels" in told and "application/pdf named a.pdf" in told and "0.6 seconds" in told


def test_a_sound_is_streamed_as_samples_and_whole_as_a_file(official):
    wanted = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}
    pieces = [
        chunk.choices[0].delta.audio
        for chunk in chunks(official, "sandbox-audio@0", **wanted)
        if chunk.choices and getattr(chunk.choices[0].delta, "audio", None)
    ]
    sound = b"".join(base64.b64decode(piece.data or "") for piece in pieces)
    assert sound == samples_of(tone()) and len([piece for piece in pieces if piece.data]) > 1
    assert "".join(piece.transcript or "" for piece in pieces) == "This is how an A sounds."
    whole = create(official, "sandbox-audio", modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"})
    assert (whole.content, whole.audio.data, whole.audio.transcript) == (None, tone(), "This is how an A sounds.")


def test_a_model_that_refuses_streams_says_which_field_is_wrong(official):
    with pytest.raises(openai.BadRequestError) as caught:
        chunks(official, "sandbox-no-stream")
    assert caught.value.param == "stream"
    assert create(official, "sandbox-no-stream").content == "Hello there"


def test_the_answer_says_by_what_it_was_made(official):
    reply = official.chat.completions.create(model="sandbox-substitute", messages=ASK)
    assert (reply.model, reply.system_fingerprint) == ("sandbox-echo", "fp_sandbox")


def test_an_image_is_a_real_png(official):
    found = chunks(official, "sandbox-images@0")
    images = [
        image for chunk in found if chunk.choices for image in getattr(chunk.choices[0].delta, "images", None) or []
    ]
    assert [image["image_url"]["url"] for image in images] == [f"data:image/png;base64,{picture()}"]


def test_sources_are_annotations(official):
    whole = official.chat.completions.create(model="sandbox-sources", messages=ASK)
    assert [note.url_citation.title for note in whole.choices[0].message.annotations] == [
        "Boiling point of water",
        "Cooking on Everest",
    ]


def test_counting_goes_to_the_number_in_the_name(official):
    assert said(chunks(official, "sandbox-count-30-0")).split() == [str(number) for number in range(1, 31)]


def test_a_request_for_a_title_is_answered_with_one(official):
    ask = "Give this conversation a title of at most six words, in its own language.\n\nWhat is Markdown?"
    found = said(chunks(official, "sandbox-markdown", [{"role": "user", "content": ask}]))
    assert found == "A tour of Markdown"


def test_a_refusal_and_a_filtered_answer_are_valid(official):
    assert said(chunks(official, "fault-refusal@0"), "refusal").startswith("I am sorry")
    filtered = chunks(official, "fault-filter@0")
    assert (said(filtered), reasons(filtered)) == ("", ["content_filter"])
    assert reasons(chunks(official, "fault-length@0")) == ["length"]


@pytest.mark.parametrize("name", ["fault-bytes", "fault-huge", "fault-no-done"])
def test_odd_but_legal_streams_are_read_to_the_end(official, name):
    found = chunks(official, f"{name}@0")
    assert said(found)
    assert reasons(found) == ["stop"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("fault-400", openai.BadRequestError),
        ("fault-401", openai.AuthenticationError),
        ("fault-403", openai.PermissionDeniedError),
        ("fault-404", openai.NotFoundError),
        ("fault-429", openai.RateLimitError),
        ("fault-500", openai.InternalServerError),
        ("fault-502", openai.InternalServerError),
        ("no-such-model", openai.InternalServerError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_refused_request_is_the_error_of_its_status(official, name, error, stream):
    with pytest.raises(error):
        official.chat.completions.create(model=name, messages=ASK, stream=stream)


def test_too_many_requests_say_when_to_come_back(official):
    with pytest.raises(openai.RateLimitError) as caught:
        official.chat.completions.create(model="fault-429", messages=ASK)
    assert caught.value.response.headers["retry-after"] == "1"
    assert caught.value.code == "rate_limit_exceeded"


def test_a_refusal_that_passes_is_overcome_by_a_retry(official):
    patient = official.with_options(max_retries=1)
    assert patient.chat.completions.create(model="fault-503-once", messages=ASK).choices[0].message.content


def test_a_wrong_key_is_refused(official):
    with pytest.raises(openai.AuthenticationError):
        official.with_options(api_key="sk-wrong").models.list()


def test_an_error_in_the_middle_of_a_stream_is_raised(official):
    with pytest.raises(openai.APIError, match="overloaded"):
        chunks(official, "fault-error-in-stream@0")


def test_a_request_that_is_wrong_is_refused_with_its_field(official):
    with pytest.raises(openai.BadRequestError) as caught:
        official.chat.completions.create(model="sandbox-echo", messages=[])
    assert caught.value.param == "messages"
