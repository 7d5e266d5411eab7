"""What is particular to the streams of Responses; what all formats' recordings have in common is in test_recorded."""

import json
import typing
from functools import partial

import pytest
from openai.types.responses import ResponseStreamEvent

from apps.wire.events import (
    AudioDelta,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    Unrecognized,
    UsageReported,
)
from apps.wire.messages import HostedTool, Image, Text
from apps.wire.openai_responses import Decoder
from apps.wire.openai_responses.fields import IGNORED
from apps.wire.openai_responses.hosted import TOOLS
from apps.wire.openai_responses.stream import READERS

from . import reading
from .expected.openai_responses import HELLO, STOP, USED
from .reading import fold

decode = partial(reading.decode, format="openai_responses")
recorded = partial(reading.recorded, format="openai_responses")
read = partial(reading.read, format="openai_responses")


def sse(*documents: dict) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


def event(name: str, **told) -> dict:
    return {"type": f"response.{name}", **told}


def names_of(union) -> set[str]:
    """The values that `type` may have in the members of one of the SDK's annotated unions."""
    members = typing.get_args(typing.get_args(union)[0])
    return {name for member in members for name in typing.get_args(member.model_fields["type"].annotation)}


def test_every_event_of_the_official_sdk_is_read_or_deliberately_ignored():
    assert names_of(ResponseStreamEvent) <= READERS.keys() | IGNORED
    assert not READERS.keys() & IGNORED


def test_every_output_item_of_the_official_sdk_has_a_part():
    from openai.types.responses import ResponseOutputItem

    ours = {"message", "reasoning", "function_call", "custom_tool_call"}
    assert names_of(ResponseOutputItem) <= TOOLS.keys() | ours


@pytest.mark.parametrize("name", sorted(READERS))
def test_an_event_with_nothing_in_it_never_passes_for_an_answer_or_crashes(name):
    events = decode(sse({"type": name}))
    assert sum(isinstance(event, Finished | Failed) for event in events) == 1
    fold(events)


def test_the_events_of_a_plain_stream_one_by_one():
    assert decode(recorded("plain")) == [
        Started(id="resp_1", model="gpt-5-2025-08-07"),
        PartStarted(0, Text()),
        PartDelta(0, "Hel"),
        PartDelta(0, "lo"),
        PartEnded(0),
        UsageReported(USED),
        STOP,
    ]


def test_text_arrives_with_the_chunk_that_brings_it():
    decoder = Decoder()
    decoder.feed(sse(event("output_text.delta", item_id="msg_1", delta="a")))
    assert decoder.feed(sse(event("output_text.delta", item_id="msg_1", delta="b"))) == [PartDelta(0, "b")]


def test_the_last_event_ends_the_stream_without_a_mark_of_the_end():
    decoder = Decoder()
    decoder.feed(recorded("plain"))
    assert decoder.done
    assert decoder.feed(b"data: [DONE]\n\n") == decoder.finish() == []


def test_a_hosted_tool_tells_its_state_as_it_changes():
    events = decode(recorded("web_search"))
    changes = [event for event in events if getattr(event, "index", None) == 0]
    assert changes[:2] == [
        PartStarted(0, HostedTool(id="ws_1", name="web_search", status="running")),
        PartUpdated(0, HostedTool(status="completed")),
    ]
    assert isinstance(changes[2], PartEnded)


def test_the_code_of_an_interpreter_grows_as_json():
    grown = [event.text for event in decode(recorded("code_interpreter")) if isinstance(event, PartDelta)]
    assert grown == ['{"code":"print(\\"', "é\\n", '\\")', '"}']


def test_partial_images_are_laid_over_each_other_and_the_last_one_stays():
    told = [event for event in decode(recorded("image_generation")) if getattr(event, "index", None) == 1]
    assert told == [
        PartStarted(1, Image(media_type="image/webp", data="UklGRgAA")),
        PartUpdated(1, Image(media_type="image/webp", data="UklGRgAB")),
        PartEnded(1, Image(media_type="image/webp", data="UklGRg==")),
    ]


def test_sound_is_played_as_it_comes():
    played = [event for event in decode(recorded("audio")) if isinstance(event, AudioDelta)]
    assert played == [AudioDelta(0, "AAE="), AudioDelta(0, "AgM=")]


def test_what_a_search_looked_at_is_cited_once_and_only_if_it_was_not_cited_before():
    assert [part.url for part in read("web_search").parts[2:]] == ["https://e.x/", "https://f.x/"]


def test_a_model_that_is_named_only_at_the_end_is_known_then():
    events = decode(recorded("llama_cpp"))
    told = [event for event in events if isinstance(event, Started)]
    assert told == [Started("resp_1"), Started("resp_1", "gpt-5-2025-08-07")]


def test_two_texts_that_end_at_once_are_not_told_twice_by_the_end():
    added = [event("output_item.added", output_index=0, item={"type": "message", "id": f"msg_{n}"}) for n in (1, 2)]
    deltas = [event("output_text.delta", item_id=f"msg_{n}", output_index=0, delta=str(n)) for n in (1, 2, 1, 2)]
    found = fold(decode(sse(*added, *deltas, event("completed", response={"output": []}))))
    assert found.parts == [Text("11"), Text("22")]


def test_a_content_index_tells_texts_of_one_message_apart():
    deltas = [event("output_text.delta", item_id="msg_1", content_index=n, delta=str(n)) for n in (0, 1, 0, 1)]
    assert fold(decode(sse(*deltas))).parts == [Text("00"), Text("11")]


def test_text_after_its_item_has_ended_is_not_lost():
    late = event("output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta=" Bye")
    data = recorded("plain").partition(b"event: response.completed")[0] + sse(late, event("completed", response={}))
    assert fold(decode(data)).parts == [HELLO, Text(" Bye")]


@pytest.mark.parametrize("stated", [True, False])
def test_an_answer_in_the_background_is_to_be_asked_for_again(stated):
    reply = {"id": "resp_1", "object": "response", "model": "o3-pro", "status": "queued", "background": stated}
    decoder = Decoder("application/json")
    events = decoder.feed(json.dumps(reply).encode()) + decoder.finish()
    assert events == [Started("resp_1", "o3-pro")]
    assert (decoder.poll, decoder.done) == ("/v1/responses/resp_1", False)


def test_looks_at_a_background_answer_go_on_where_its_stream_was_cut():
    begun = {"id": "resp_1", "object": "response", "model": "m", "status": "in_progress", "background": True}
    whole = {"type": "message", "id": "msg_1", "content": [{"type": "output_text", "text": "Hello"}]}
    decoder = Decoder()
    events = decoder.feed(
        sse(event("created", response=begun), event("output_text.delta", item_id="msg_1", delta="Hel"))
    )
    events += decoder.finish()
    assert decoder.poll
    for reply in (begun, {**begun, "status": "completed", "output": [whole]}):
        events += decoder.feed(json.dumps(reply).encode()) + decoder.finish()
    assert fold(events).parts == [HELLO]
    assert (events[-1], decoder.poll, decoder.done) == (STOP, "", True)


def test_a_stream_of_the_background_tells_where_it_goes_on_unless_its_events_are_not_numbered():
    begun = {"id": "resp_1", "status": "in_progress", "background": True}

    def broken_off(*numbers: int) -> str:
        decoder = Decoder()
        deltas = [event("output_text.delta", item_id="m", delta="x", sequence_number=number) for number in numbers]
        decoder.feed(sse(event("created", response=begun), *deltas) + b"data: {")
        assert not any(isinstance(found, Unrecognized) for found in decoder.finish())
        return decoder.resume

    assert broken_off(1, 2, 7) == "/v1/responses/resp_1?stream=true&starting_after=7"
    assert broken_off() == broken_off(0, 0) == broken_off(1, 2, 1) == ""


def test_a_mark_of_the_end_is_none_to_an_answer_in_the_background():
    begun = {"id": "resp_1", "status": "in_progress", "background": True}
    decoder = Decoder()
    decoder.feed(sse(event("created", response=begun)) + b"data: [DONE]\n\n")
    assert decoder.finish() == []
    assert decoder.poll


def test_a_stream_that_was_cut_is_truncated_where_the_gateway_dropped_the_background():
    assert fold(decode(recorded("neither_end_nor_done"))).finished.truncated


@pytest.mark.parametrize("id", ["", "..", "../models", "a/b", "x" * 600, 7])
def test_an_id_that_makes_no_path_is_not_asked_for(id):
    decoder = Decoder()
    decoder.feed(json.dumps({"id": id, "object": "response", "status": "queued"}).encode())
    decoder.finish()
    assert decoder.poll in ("", "/v1/responses/" + str(id)) and ".." not in decoder.poll
    assert not decoder.poll.removeprefix("/v1/responses/").count("/")


def test_ten_thousand_calls_are_kept_apart():
    calls = [{"type": "function_call", "call_id": f"c{n}", "name": "f"} for n in range(10_000)]
    told = [event("output_item.done", item=call) for call in calls]
    assert len(fold(decode(sse(*told, event("completed", response={"output": calls})))).parts) == 10_000


def test_an_unknown_event_is_shown_as_it_came():
    shown = [event for event in decode(sse(event("mood.changed", mood="good"))) if isinstance(event, Unrecognized)]
    assert shown == [Unrecognized('{"type":"response.mood.changed","mood":"good"}', "unknown event")]
