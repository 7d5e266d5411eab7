"""Whole replies in Gemini's format, read and written, and what Google's own types say of what we write."""

import json

import pytest
from google.genai import types

from apps.wire.events import Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.gemini import Encoder, build_reply, parse_reply
from apps.wire.messages import Text, Usage

from .expected.gemini import ANSWERS, FAILURES
from .reading import decode, fold, recorded

REFUSALS = {"blocked_prompt_with_a_message"}


def events_of(name: str):
    return decode(recorded(name, "gemini"), format="gemini")


def test_a_whole_reply_says_what_its_stream_says():
    events = [
        Started("r1", "m"),
        PartStarted(0, Text()),
        PartDelta(0, "Hello"),
        PartEnded(0),
        UsageReported(Usage(4, 12, reasoning_tokens=10)),
        Finished("stop", "STOP"),
    ]
    assert json.loads(build_reply(events)) == {
        "candidates": [
            {"content": {"parts": [{"text": "Hello"}], "role": "model"}, "finishReason": "STOP", "index": 0}
        ],
        "usageMetadata": {
            "promptTokenCount": 4,
            "candidatesTokenCount": 2,
            "thoughtsTokenCount": 10,
            "totalTokenCount": 16,
        },
        "modelVersion": "m",
        "responseId": "r1",
    }
    assert parse_reply(build_reply(events)) == events


# We ourselves name all sources at the end: what was cited on the way is cited behind the text.
@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - REFUSALS - {"grounding_on_the_way"}))
def test_what_is_encoded_again_says_the_same_streamed_or_whole(name):
    events = events_of(name)
    encoder = Encoder()
    stream = b"".join([encoder.encode(event) for event in events] + [encoder.finish()])
    for again in (decode(stream, format="gemini"), parse_reply(build_reply(events))):
        assert (fold(again).parts, fold(again).finished) == (_unrefused(name), ANSWERS[name][1])


def _unrefused(name: str) -> list:
    """A refusal is a text here: there is no other word for it."""
    parts = [Text(part.text) if type(part).__name__ == "Refusal" else part for part in ANSWERS[name][0]]
    return [Text("".join(part.text for part in parts))] if name == "stopped_for_safety" else parts


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() | FAILURES.keys()))
def test_google_knows_every_field_that_we_write(name):
    events = events_of(name)
    encoder = Encoder()
    chunks = [line for event in events for line in encoder.encode(event).split(b"\r\n") if line]
    documents = [json.loads(line.removeprefix(b"data: ")) for line in chunks]
    for document in (*documents, json.loads(build_reply(events))):
        if "error" not in document:
            types.GenerateContentResponse.model_validate(document)


@pytest.mark.parametrize(
    ("failed", "error"),
    [
        (Failed("x", "UNAVAILABLE", "503"), {"code": 503, "message": "x", "status": "UNAVAILABLE"}),
        (Failed("x", "rate_limit_error", status=429), {"code": 429, "message": "x", "status": "RESOURCE_EXHAUSTED"}),
        (Failed("x", "INVALID_ARGUMENT"), {"code": 400, "message": "x", "status": "INVALID_ARGUMENT"}),
        (Failed("x", "overloaded", "busy"), {"code": 500, "message": "x", "status": "INTERNAL"}),
        (Failed("x", status=418), {"code": 418, "message": "x", "status": "UNKNOWN"}),
    ],
)
def test_an_error_is_googles_whatever_it_was(failed, error):
    assert json.loads(build_reply([failed])) == {"error": error}
