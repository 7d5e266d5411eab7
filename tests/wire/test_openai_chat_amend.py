"""What is tried once more after a refusal, and what is not."""

import base64

import pytest
from msgspec.structs import replace

from apps.wire.events import Failed
from apps.wire.formats import get
from apps.wire.messages import File, GenerationRequest, Message, Reasoning, Text, Tool, ToolCall
from apps.wire.openai_chat import amend

ASKED = GenerationRequest(model="m", messages=(Message("user", (Text("Hi"),)),))


@pytest.mark.parametrize(
    "failed",
    [
        Failed("Your organization must be verified to stream this model.", param="stream", status=400),
        Failed("This model does not support streaming.", status=400),
        Failed("Unrecognized request argument supplied: stream_options", param="stream_options", status=400),
        Failed("stream mode is not allowed", status=422),
    ],
)
def test_where_streaming_is_refused_the_whole_reply_is_asked_for(failed):
    assert amend(ASKED, failed) == replace(ASKED, stream=False)


@pytest.mark.parametrize("format", ["openai_chat", "openai_responses", "anthropic_messages"])
def test_where_strict_tools_are_not_known_they_go_as_plain_ones(format):
    strict = replace(ASKED, tools=(Tool("f", strict=True), Tool("g")))
    refused = Failed("tools.0.custom.strict: Extra inputs are not permitted", status=400)
    assert get(format).amend(strict, refused) == replace(strict, tools=(Tool("f"), Tool("g")))
    assert get(format).amend(replace(strict, tools=(Tool("g"),)), refused) is None


@pytest.mark.parametrize(
    "failed",
    [
        Failed("This model's maximum context length is 8192 tokens.", status=400),
        Failed("The stream was cut.", status=0),
        Failed("This model does not support streaming.", status=500),
        Failed("Rate limit reached", status=429),
        Failed("Invalid temperature", param="temperature", status=400),
    ],
)
def test_other_refusals_are_told_to_the_person(failed):
    assert amend(ASKED, failed) is None


def test_what_was_amended_already_is_not_tried_again():
    assert amend(replace(ASKED, stream=False), Failed("no streaming support", param="stream", status=400)) is None


def test_the_limit_goes_by_its_new_name_where_the_old_one_is_refused():
    message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
    limited = replace(ASKED, parameters={"max_tokens": 9, "seed": 1})
    found = amend(limited, Failed(message, param="max_tokens", status=400))
    assert found.parameters == {"max_completion_tokens": 9, "seed": 1}


def test_a_sound_that_cannot_be_streamed_is_asked_for_as_samples():
    spoken = replace(ASKED, parameters={"audio": {"voice": "alloy", "format": "mp3"}})
    failed = Failed("audio.format 'mp3' is not supported when stream=true", param="audio.format", status=400)
    assert amend(spoken, failed) == replace(ASKED, parameters={"audio": {"voice": "alloy", "format": "pcm16"}})


@pytest.mark.parametrize(
    "failed",
    [
        Failed("The reasoning_content is not allowed in messages", status=400),
        Failed("Invalid `signature` in `thinking` block: thinking signature does not match", status=400),
        Failed("The encrypted content could not be verified.", code="invalid_encrypted_content", status=400),
    ],
)
def test_thoughts_that_are_refused_are_left_away_and_the_rest_stays(failed):
    thought = Reasoning("Hm.", opaque={"reasoning_details": [{"signature": "x"}]})
    call = ToolCall("a", "f", "{}", {"extra_content": {}})
    asked = replace(ASKED, messages=(*ASKED.messages, Message("assistant", (thought, Text("Hi"), call))))
    found = amend(asked, failed)
    assert found.messages[1].parts == (Text("Hi"), ToolCall("a", "f", "{}"))
    assert amend(ASKED, failed) is None


def test_a_text_that_is_refused_as_a_file_is_said():
    text = File("a.txt", "text/plain", base64.b64encode("é".encode()).decode())
    pdf = File("a.pdf", "application/pdf", "AAAA")
    asked = replace(ASKED, messages=(Message("user", (text, pdf)),))
    failed = Failed("Expected a file with an application/pdf MIME type, but got 'text/plain'.", status=400)
    assert amend(asked, failed).messages[0].parts == (Text("a.txt\n\né"), pdf)
    assert amend(replace(ASKED, messages=(Message("user", (pdf,)),)), failed) is None
