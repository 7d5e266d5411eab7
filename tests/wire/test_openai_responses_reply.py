"""What we answer in the words of Responses, held against the types of the official SDK."""

import json

import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from apps.wire.events import (
    AudioDelta,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    UsageReported,
)
from apps.wire.messages import (
    Audio,
    Citation,
    HostedTool,
    Image,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    Usage,
)
from apps.wire.openai_responses import Encoder, build_reply, parse_reply

from .reading import fold

USED = UsageReported(Usage(9, 2, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0))
STOP = Finished(raw="completed")
ASKED = '{"query":"rain"}'
PARTS = {
    "text": [PartStarted(0, Text()), PartDelta(0, "Hi"), PartEnded(0)],
    "refusal": [PartStarted(0, Refusal()), PartDelta(0, "No"), PartEnded(0)],
    "reasoning": [PartStarted(0, Reasoning()), PartDelta(0, "Hm"), PartEnded(0)],
    "call": [PartStarted(0, ToolCall("call_1", "f")), PartDelta(0, "{}"), PartEnded(0)],
    "custom": [
        PartStarted(0, ToolCall("call_1", "f", opaque={"item": {"type": "custom_tool_call"}})),
        PartDelta(0, "ls"),
        PartEnded(0),
    ],
    "search": [
        PartStarted(0, HostedTool("ws_1", "web_search", status="running")),
        PartUpdated(0, HostedTool(status="completed")),
        PartEnded(0, HostedTool(arguments=ASKED, status="completed")),
    ],
    "mcp": [
        PartStarted(0, HostedTool("mcp_1", "mcp", status="running")),
        PartDelta(0, "{}"),
        PartEnded(0, HostedTool(status="completed")),
    ],
    "image": [PartStarted(0, Image(media_type="image/png", data="AAAA")), PartEnded(0)],
    "partial images": [
        PartStarted(0, HostedTool("ig_1", "image_generation", status="running")),
        PartStarted(1, Image(media_type="image/png", data="AAAA")),
        PartUpdated(1, Image(media_type="image/png", data="BBBB")),
        PartEnded(1, Image(media_type="image/png", data="CCCC")),
        PartEnded(0, HostedTool(status="completed")),
    ],
    "citation": [
        PartStarted(0, Text("One. ")),
        PartEnded(0),
        PartStarted(1, Text("Two.")),
        PartStarted(2, Citation(url="https://e.x", title="E", start=5, end=9)),
        PartEnded(2),
        PartEnded(1),
    ],
}


def streamed(*events) -> list[dict]:
    encoder = Encoder()
    data = b"".join(encoder.encode(event) for event in events) + encoder.finish()
    frames = [frame.split(b"\ndata: ") for frame in data.split(b"\n\n") if frame]
    documents = [json.loads(body) for _name, body in frames]
    assert [name.decode() for name, _body in frames] == [f"event: {document['type']}" for document in documents]
    return documents


def answering(name: str) -> list:
    return [Started("resp_1", "gpt-5"), *PARTS[name], USED, STOP]


@pytest.mark.parametrize("name", PARTS)
def test_each_event_is_what_the_official_sdk_expects(name):
    documents = streamed(*answering(name))
    for document in documents:
        TypeAdapter(ResponseStreamEvent).validate_python(document)
    assert [document["sequence_number"] for document in documents] == list(range(len(documents)))


@pytest.mark.parametrize("name", PARTS)
def test_the_last_event_tells_all_that_the_whole_reply_does(name):
    whole = json.loads(build_reply(answering(name)))
    Response.model_validate(whole)
    assert streamed(*answering(name))[-1]["response"] == whole


def test_offsets_count_within_the_text_that_is_annotated():
    output = json.loads(build_reply(answering("citation")))["output"]
    found = {"type": "url_citation", "url": "https://e.x", "title": "E", "start_index": 0, "end_index": 4}
    assert [item["content"][0]["annotations"] for item in output] == [[], [found]]


def test_the_final_image_is_the_result_of_its_item():
    (item,) = json.loads(build_reply(answering("partial images")))["output"]
    assert (item["type"], item["result"], item["output_format"]) == ("image_generation_call", "CCCC", "png")


def test_a_search_of_another_format_is_told_as_one_of_this():
    (item,) = json.loads(build_reply(answering("search")))["output"]
    assert item == {
        "id": "ws_1",
        "type": "web_search_call",
        "status": "completed",
        "action": {"type": "search", "query": "rain"},
    }


def test_an_answer_that_is_too_long_is_incomplete_and_no_error():
    whole = json.loads(build_reply([Started("resp_1", "m"), *PARTS["text"], Finished("length", "max_tokens")]))
    assert (whole["status"], whole["incomplete_details"], whole["error"]) == (
        "incomplete",
        {"reason": "max_tokens"},
        None,
    )


def test_a_failure_in_the_middle_is_the_last_event_and_keeps_what_was_used():
    failed = Failed("Gone.", code="server_error", retryable=True)
    documents = streamed(Started("resp_1", "m"), *PARTS["text"], USED, failed)
    assert documents[-1]["type"] == "response.failed"
    assert documents[-1]["response"]["error"] == {"code": "server_error", "message": "Gone."}
    assert documents[-1]["response"]["usage"]["input_tokens"] == 9


def test_a_failure_before_anything_was_said_is_an_error():
    assert streamed(Failed("Gone.", code="server_error"))[0]["type"] == "error"


def test_an_answer_that_breaks_off_has_no_last_event():
    assert streamed(Started("resp_1", "m"), *PARTS["text"], Finished(truncated=True))[-1]["type"].endswith("item.done")


def test_sound_is_played_and_stands_in_the_whole_reply():
    sound = [
        PartStarted(0, Audio()),
        PartDelta(0, "Hello"),
        AudioDelta(0, "AAE="),
        PartEnded(0, Audio(media_type="audio/mpeg", data="SUQzAAAA")),
    ]
    events = [Started("resp_1", "m"), *sound, STOP]
    kinds = [document["type"] for document in streamed(*events)]
    assert "response.audio.delta" in kinds and "response.audio.transcript.delta" in kinds
    assert fold(parse_reply(build_reply(events))).parts == [Audio("audio/mpeg", "SUQzAAAA", "Hello")]


def test_what_the_format_cannot_say_leaves_no_bytes():
    citation = [PartStarted(0, Citation(url="https://e.x")), PartEnded(0)]
    assert len(streamed(Started("resp_1", "m"), *citation, STOP)) == 3
