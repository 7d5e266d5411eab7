"""What is tried once more after a refusal, and what is not."""

import pytest
from msgspec.structs import replace

from apps.wire.events import Failed
from apps.wire.gemini import amend
from apps.wire.messages import GenerationRequest, HostedTool, Image, Message, Reasoning, Text, ToolCall

ASKED = GenerationRequest(model="m", messages=(Message("user", (Text("Hi"),)),))
SIGNED = {"thoughtSignature": "c2ln"}
STAND_IN = {"thoughtSignature": "skip_thought_signature_validator"}


def after(*parts) -> GenerationRequest:
    return replace(ASKED, messages=(*ASKED.messages, Message("assistant", parts)))


@pytest.mark.parametrize(
    "message", ["Invalid thoughtSignature.", "Thought signature is not valid.", "thought_signature"]
)
def test_signatures_that_are_refused_are_left_away_everywhere(message):
    ran = HostedTool(name="code_interpreter", opaque={"parts": [{"executableCode": {}} | SIGNED]})
    image = Image(media_type="image/png", data="AAAA", opaque={"thought": True} | SIGNED)
    asked = after(Text("a", SIGNED), Reasoning("b", SIGNED), ToolCall("c", "f", "{}", SIGNED), ran, image)
    assert amend(asked, Failed(message, status=400)) == after(
        Text("a"),
        Reasoning("b"),
        ToolCall("c", "f", "{}"),
        replace(ran, opaque={"parts": [{"executableCode": {}}]}),
        replace(image, opaque={"thought": True}),
    )


def test_a_signature_that_is_missed_is_stood_in_for():
    failed = Failed("Function call `f` in the 2. content block is missing a thought_signature.", status=400)
    asked = after(Text("a"), ToolCall("c", "f", "{}"), ToolCall("d", "g", "{}", SIGNED))
    assert amend(asked, failed) == after(
        Text("a"), ToolCall("c", "f", "{}", STAND_IN), ToolCall("d", "g", "{}", SIGNED)
    )


@pytest.mark.parametrize(
    "failed",
    [
        Failed("This model does not support streaming.", status=400),
        Failed("models/x is not found for API version v1, or is not supported for streamGenerateContent.", status=404),
        Failed("streamGenerateContent is not implemented", status=501),
    ],
)
def test_where_streaming_is_refused_the_whole_reply_is_asked_for(failed):
    assert amend(ASKED, failed) == replace(ASKED, stream=False)
    assert amend(replace(ASKED, stream=False), failed) is None


@pytest.mark.parametrize(
    "failed",
    [
        Failed("Invalid thoughtSignature.", status=400),
        Failed("Invalid thoughtSignature.", status=500),
        Failed("models/x is not found for API version v1beta.", status=404),
        Failed("Quota exceeded for streamGenerateContent", status=429),
        Failed("API key not valid.", status=400),
    ],
)
def test_other_refusals_are_told_to_the_person(failed):
    assert amend(ASKED, failed) is None
