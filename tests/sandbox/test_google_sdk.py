"""Google's own SDK drives the sandbox in the Gemini format. Its types refuse fields that the format does not have."""

import base64

import pytest
from google.genai import errors, types
from pydantic import BaseModel

from apps.sandbox.library import SOURCES, picture, text

WEATHER = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="get_weather",
            parameters=types.Schema(type="OBJECT", properties={"city": types.Schema(type="STRING")}),
        )
    ]
)
BY_HAND = types.AutomaticFunctionCallingConfig(disable=True)


class City(BaseModel):
    name: str
    people: int


def whole(google, model: str, contents="Hello there", **config):
    return google.models.generate_content(
        model=model, contents=contents, config=types.GenerateContentConfig(**config) if config else None
    )


def streamed(google, model: str, contents="Hello there", **config) -> list:
    config = types.GenerateContentConfig(**config) if config else None
    return list(google.models.generate_content_stream(model=model, contents=contents, config=config))


def parts(chunks) -> list:
    found = (chunk.candidates[0].content.parts or [] for chunk in chunks if chunk.candidates)
    return [part for part_list in found for part in part_list]


def said(found) -> str:
    return "".join(part.text for part in found if part.text and not part.thought)


def test_the_models_are_listed(google):
    assert {"models/sandbox-echo", "models/fault-429"} <= {model.name for model in google.models.list()}


def test_a_whole_reply_is_valid_and_counted(google):
    reply = whole(google, "sandbox-echo")
    assert (reply.text, reply.candidates[0].finish_reason) == ("Hello there", types.FinishReason.STOP)
    assert reply.usage_metadata.prompt_token_count > 0 and reply.usage_metadata.candidates_token_count > 0


def test_a_stream_comes_to_the_same(google):
    found = streamed(google, "sandbox-echo@0")
    assert said(parts(found)) == "Hello there"
    assert found[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert found[-1].usage_metadata.candidates_token_count > 0


def test_thoughts_come_apart_and_their_signature_is_checked(google):
    reply = whole(google, "sandbox-signed", thinking_config=types.ThinkingConfig(include_thoughts=True))
    thought, answer = reply.candidates[0].content.parts
    assert (thought.thought, thought.text, answer.text) == (
        True,
        text("reasoning_thoughts"),
        text("reasoning_answer"),
    )
    ask, again = types.UserContent("Hello"), types.UserContent("Again")
    assert whole(google, "sandbox-signed", [ask, reply.candidates[0].content, again]).text
    answer.thought_signature = b"another one"
    with pytest.raises(errors.ClientError, match="Thought signature"):
        whole(google, "sandbox-signed", [ask, reply.candidates[0].content, again])


def test_tools_are_called_at_once_and_their_results_used(google):
    found = parts(streamed(google, "sandbox-tools@0", tools=[WEATHER], automatic_function_calling=BY_HAND))
    calls = [part.function_call for part in found if part.function_call]
    assert [call.args["city"] for call in calls] == ["Oslo", "Bergen"]
    results = [
        types.Part(
            function_response=types.FunctionResponse(id=call.id, name=call.name, response={"result": call.args["city"]})
        )
        for call in calls
    ]
    contents = [types.UserContent("Hello"), types.ModelContent(found), types.UserContent(results)]
    reply = whole(google, "sandbox-tools", contents, tools=[WEATHER], automatic_function_calling=BY_HAND).text
    assert "Oslo" in reply and "Bergen" in reply


def test_the_sdk_runs_a_loop_of_two_rounds_by_itself(google):
    asked = []

    def get_weather(city: str) -> str:
        """The weather of a city."""
        asked.append(city)
        return f"{len(asked)} °C"

    reply = whole(google, "sandbox-signed-tools", tools=[get_weather])
    assert len(asked) == 2 and "1 °C" in reply.text and "2 °C" in reply.text


def test_a_schema_is_honoured(google):
    reply = whole(google, "sandbox-schema", response_mime_type="application/json", response_schema=City)
    assert isinstance(reply.parsed, City)


def test_a_search_is_grounded_by_bytes(google):
    reply = whole(google, "sandbox-search", tools=[types.Tool(google_search=types.GoogleSearch())])
    grounding = reply.candidates[0].grounding_metadata
    assert [chunk.web.uri for chunk in grounding.grounding_chunks] == list(SOURCES)
    assert grounding.web_search_queries == ["Hello there"]
    cited = [support.segment for support in grounding.grounding_supports]
    assert [segment.text for segment in cited] == [
        reply.text.encode()[segment.start_index or 0 : segment.end_index].decode() for segment in cited
    ]


def test_an_image_comes_as_inline_data(google):
    found = parts(streamed(google, "sandbox-images@0", response_modalities=["TEXT", "IMAGE"]))
    [image] = [part.inline_data for part in found if part.inline_data]
    assert (image.mime_type, image.data) == ("image/png", base64.b64decode(picture()))


def test_a_sound_comes_as_samples_while_it_is_streamed(google):
    found = parts(streamed(google, "sandbox-audio@0", response_modalities=["AUDIO"]))
    sounds = [part.inline_data for part in found if part.inline_data]
    assert len(sounds) > 1 and all(sound.mime_type.startswith("audio/L16") for sound in sounds)


def test_what_came_along_is_told(google):
    pdf, video = b"%PDF-1.4 /Type /Page \0", b"\0\0\0\x18ftypmp42" + bytes(20)
    contents = [
        types.Part.from_bytes(data=base64.b64decode(picture()), mime_type="image/png"),
        types.Part.from_bytes(data=pdf, mime_type="application/pdf"),
        types.Part.from_bytes(data=video, mime_type="video/mp4"),
    ]
    reply = whole(google, "sandbox-attachments", contents).text
    assert "160 × 100 pixels" in reply and "application/pdf" in reply and "video/mp4" in reply


@pytest.mark.parametrize(
    ("name", "error", "status"),
    [
        ("fault-400", errors.ClientError, "INVALID_ARGUMENT"),
        ("fault-401", errors.ClientError, "UNAUTHENTICATED"),
        ("fault-403", errors.ClientError, "PERMISSION_DENIED"),
        ("fault-404", errors.ClientError, "NOT_FOUND"),
        ("fault-429", errors.ClientError, "RESOURCE_EXHAUSTED"),
        ("fault-500", errors.ServerError, "INTERNAL"),
    ],
)
@pytest.mark.parametrize("ask", [whole, streamed])
def test_a_refused_request_is_the_error_of_its_status(google, name, error, status, ask):
    with pytest.raises(error) as caught:
        ask(google, name)
    assert (caught.value.code, caught.value.status) == (int(name[-3:]), status)


def test_an_error_in_the_middle_of_a_stream_is_raised(google):
    with pytest.raises(errors.APIError, match="overloaded"):
        streamed(google, "fault-error-in-stream@0")
