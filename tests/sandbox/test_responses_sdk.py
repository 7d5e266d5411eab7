"""OpenAI's own SDK, with strict validation, drives the sandbox in the Responses format."""

import base64
import json

import openai
import pytest
from pydantic import BaseModel

from apps.sandbox.library import drafts, picture, text

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


class City(BaseModel):
    name: str
    people: int


def events(official, model: str, asked="Hello there", **more) -> list:
    return list(official.responses.create(model=model, input=asked, stream=True, **more))


def test_a_whole_reply_is_valid_and_counted(official):
    reply = official.responses.create(model="sandbox-echo", input="Hello there")
    assert (reply.output_text, reply.status) == ("Hello there", "completed")
    assert reply.usage.input_tokens > 0 and reply.usage.output_tokens > 0


def test_a_stream_is_valid_and_numbered_from_its_beginning_to_its_end(official):
    found = events(official, "sandbox-echo@0")
    assert (found[0].type, found[-1].type) == ("response.created", "response.completed")
    assert [event.sequence_number for event in found] == list(range(len(found)))
    assert "".join(event.delta for event in found if event.type == "response.output_text.delta") == "Hello there"
    assert found[-1].response.output_text == "Hello there"


def test_the_sdks_own_reader_of_streams_comes_to_the_same(official):
    with official.responses.stream(model="sandbox-tools@0", input="Hello") as stream:
        calls = [item for item in stream.get_final_response().output if item.type == "function_call"]
    assert [json.loads(call.arguments)["city"] for call in calls] == ["Oslo", "Bergen"]


def test_a_tool_is_called_and_its_result_used(official):
    asked = [{"role": "user", "content": "How is the weather?"}]
    for number in (1, 2):
        reply = official.responses.create(model="sandbox-tool-loop", input=asked, tools=[WEATHER])
        call = next(item for item in reply.output if item.type == "function_call")
        assert set(json.loads(call.arguments)) == {"city"}
        result = {"type": "function_call_output", "call_id": call.call_id, "output": f"{number} °C"}
        asked = [*asked, *(item.to_dict() for item in reply.output), result]
    told = official.responses.create(model="sandbox-tool-loop", input=asked, tools=[WEATHER])
    assert "1 °C" in told.output_text and "2 °C" in told.output_text


def test_an_answer_can_be_gone_on_from(official):
    first = official.responses.create(model="sandbox-tool", input="How is the weather?", tools=[WEATHER])
    call = next(item for item in first.output if item.type == "function_call")
    result = [{"type": "function_call_output", "call_id": call.call_id, "output": "7 °C"}]
    told = official.responses.create(model="sandbox-tool", input=result, previous_response_id=first.id)
    assert "7 °C" in told.output_text


def test_a_schema_is_honoured(official):
    parsed = official.responses.parse(model="sandbox-schema", input="Oslo?", text_format=City)
    assert isinstance(parsed.output_parsed, City)


def test_reasoning_is_summarized_and_its_encrypted_content_checked(official):
    asked = [{"role": "user", "content": "A bat and a ball"}]
    wanted = {"include": ["reasoning.encrypted_content"], "store": False}
    reply = official.responses.create(model="sandbox-signed", input=asked, **wanted)
    thought = reply.output[0]
    assert (thought.type, thought.summary[0].text) == ("reasoning", text("reasoning_thoughts"))
    back = [item.to_dict() for item in reply.output]
    again = {"role": "user", "content": "Again"}
    assert official.responses.create(model="sandbox-signed", input=[*asked, *back, again], **wanted).output_text
    back[0]["encrypted_content"] = "changed"
    with pytest.raises(openai.BadRequestError):
        official.responses.create(model="sandbox-signed", input=[*asked, *back, again], **wanted)
    with pytest.raises(openai.BadRequestError) as caught:
        official.responses.create(model="sandbox-other-account", input=[*asked, *back, again], **wanted)
    assert caught.value.code == "invalid_encrypted_content"


def test_an_image_comes_with_its_drafts(official):
    found = events(official, "sandbox-images@0")
    shown = [event.partial_image_b64 for event in found if event.type == "response.image_generation_call.partial_image"]
    assert tuple(shown) == drafts()
    [item] = [item for item in found[-1].response.output if item.type == "image_generation_call"]
    assert item.result == picture()


def test_an_image_and_a_pdf_arrive(official):
    pdf = base64.b64encode(b"%PDF-1.4 /Type /Page \0").decode()
    content = [
        {"type": "input_image", "image_url": f"data:image/png;base64,{picture()}", "detail": "auto"},
        {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{pdf}"},
    ]
    said = official.responses.create(model="sandbox-attachments", input=[{"role": "user", "content": content}])
    assert "160 × 100 pixels" in said.output_text and "application/pdf named a.pdf" in said.output_text


def test_a_search_is_shown_and_cited(official):
    found = events(official, "sandbox-search@0", tools=[{"type": "web_search"}])
    assert "response.web_search_call.completed" in [event.type for event in found]
    message = found[-1].response.output[-1]
    assert [note.title for note in message.content[0].annotations] == ["Boiling point of water", "Cooking on Everest"]


def test_an_answer_in_the_background_is_waited_for(official):
    made = official.responses.create(model="sandbox-echo", input="Hello", background=True)
    assert made.status == "queued"
    assert official.responses.retrieve(made.id).status == "in_progress"
    assert official.responses.retrieve(made.id).output_text == "Hello"
    stopped = official.responses.create(model="sandbox-echo", input="Hello", background=True)
    assert official.responses.cancel(stopped.id).status == "cancelled"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("fault-400", openai.BadRequestError),
        ("fault-401", openai.AuthenticationError),
        ("fault-404", openai.NotFoundError),
        ("fault-429", openai.RateLimitError),
        ("fault-500", openai.InternalServerError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_refused_request_is_the_error_of_its_status(official, name, error, stream):
    with pytest.raises(error):
        official.responses.create(model=name, input="Hello", stream=stream)


def test_a_model_that_refuses_streams_says_which_field_is_wrong(official):
    with pytest.raises(openai.BadRequestError) as caught:
        events(official, "sandbox-no-stream")
    assert caught.value.param == "stream"
    assert official.responses.create(model="sandbox-no-stream", input="Hello").output_text == "Hello"


def test_an_error_in_the_middle_is_told_as_a_failed_response(official):
    last = events(official, "fault-error-in-stream@0")[-1]
    assert (last.type, last.response.error.message) == ("response.failed", "The server is overloaded.")


def test_an_incomplete_answer_is_no_error(official):
    reply = official.responses.create(model="fault-length@0", input="Hello")
    assert (reply.status, reply.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    filtered = official.responses.create(model="fault-filter@0", input="Hello")
    assert filtered.incomplete_details.reason == "content_filter"


def test_a_model_of_responses_alone_is_not_found_in_chat(official):
    assert official.responses.create(model="o3-pro", input="Hello").output_text == "Hello"
    with pytest.raises(openai.NotFoundError) as caught:
        official.chat.completions.create(model="o3-pro", messages=[{"role": "user", "content": "Hello"}])
    assert caught.value.param == "model"
