"""Every event of a stream that is known from Google and gateways, recorded in fixtures/gemini."""

import pytest

from apps.wire.events import (
    AudioDelta,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    UsageReported,
)
from apps.wire.gemini import Decoder, Encoder
from apps.wire.messages import Audio, HostedTool, Image, Reasoning, Refusal, Text, ToolCall

from .expected.gemini import ANSWERS, CODE, FAILURES, HELLO, ODDITIES, SAME_AS_PLAIN, SIGNED, STOP, USAGES, USED, heard
from .reading import decode, fold, one_byte_each, read, recorded, recordings

NAMES = recordings("gemini")


def events_of(name: str):
    return decode(recorded(name, "gemini"), format="gemini")


@pytest.mark.parametrize("name", SAME_AS_PLAIN)
def test_streams_that_differ_in_form_say_the_same(name):
    found = read(name, "gemini")
    assert (found.parts, found.usage, found.finished) == ([HELLO], USED, STOP)
    assert found.unrecognized == []
    assert found.started == Started(id="r1", model="gemini-2.5-flash")


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_into_parts_and_an_end(name):
    found = read(name, "gemini")
    assert (found.parts, found.finished) == ANSWERS[name]


@pytest.mark.parametrize("name", FAILURES)
def test_an_error_keeps_what_was_said_and_says_what_happened(name):
    found = read(name, "gemini")
    assert (found.parts, found.failed) == FAILURES[name]
    assert found.finished is None


@pytest.mark.parametrize("name", ODDITIES)
def test_what_is_not_understood_is_shown_and_the_answer_goes_on(name):
    found = read(name, "gemini")
    assert (found.parts, found.finished) == ([HELLO], STOP)
    assert [entry.why for entry in found.unrecognized] == ODDITIES[name]
    assert all(entry.data for entry in found.unrecognized)


@pytest.mark.parametrize("name", USAGES)
def test_usage_is_cumulative_and_thoughts_are_part_of_the_output(name):
    assert read(name, "gemini").usage == USAGES[name]


def test_every_recorded_stream_is_tested():
    assert set(NAMES) == {*SAME_AS_PLAIN, *ANSWERS, *FAILURES, *ODDITIES, *USAGES, "malformed_call"}


@pytest.mark.parametrize("name", NAMES)
def test_one_byte_at_a_time_gives_the_same_events(name):
    data = recorded(name, "gemini")
    assert decode(*one_byte_each(data), format="gemini") == decode(data, format="gemini")


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_ends_exactly_once_and_last(name):
    events = events_of(name)
    assert [event for event in events if isinstance(event, Finished | Failed)] == [events[-1]]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_begun_in_order_and_ended_once(name):
    begun = [event.index for event in events_of(name) if isinstance(event, PartStarted)]
    ended = [event.index for event in events_of(name) if isinstance(event, PartEnded)]
    assert begun == list(range(len(begun))) == sorted(ended)


def test_the_events_of_a_plain_stream_one_by_one():
    assert events_of("plain") == [
        Started(id="r1", model="gemini-2.5-flash"),
        PartStarted(0, Text()),
        PartDelta(0, "Hel"),
        PartDelta(0, "lo"),
        PartEnded(0),
        UsageReported(USED),
        STOP,
    ]


@pytest.mark.parametrize("name", ["plain", "array", "array_one_line"])
def test_text_arrives_with_the_bytes_that_bring_it_also_out_of_an_array(name):
    decoder = Decoder()
    assert PartDelta(0, "Hel") in decoder.feed(recorded(name, "gemini").partition(b"lo")[0])
    assert not decoder.done


def test_an_array_of_many_megabytes_is_read_without_a_second_look_at_each_byte():
    picture = b"A" * 300_000
    body = b'[{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"' + picture
    body += b'"}}]},"finishReason":"STOP"}]}]'
    chunks = [body[place : place + 1000] for place in range(0, len(body), 1000)]
    parts = fold(decode(*chunks, format="gemini")).parts
    assert parts == [Image(media_type="image/png", data=picture.decode())]


def test_braces_and_quotes_within_texts_do_not_end_an_object_of_an_array():
    said = r'"}{ \" ]\\'
    body = b'[{"candidates":[{"content":{"parts":[{"text":"\\"}{ \\\\\\" ]\\\\\\\\"}]},"finishReason":"STOP"}]}]'
    assert fold(decode(*one_byte_each(body), format="gemini")).parts == [Text(said)]


def test_a_tool_that_google_runs_is_told_as_running_before_its_result():
    begun, ended = [event for event in events_of("code_execution") if getattr(event, "index", 0) == 1][:2]
    assert (begun.part.name, begun.part.status, begun.part.opaque) == (
        "code_interpreter",
        "running",
        {"parts": [CODE | SIGNED]},
    )
    assert ended.part.status == "completed"


def test_sound_is_played_as_it_comes_in_whole_samples_and_kept_as_a_file():
    assert events_of("speech")[1:5] == [
        PartStarted(0, Audio(media_type="audio/pcm;rate=24000")),
        AudioDelta(0, "AQI="),
        AudioDelta(0, "AwQFBg=="),
        PartEnded(0, heard(b"\1\2\3\4\5\6", 24_000)),
    ]


def test_a_remark_on_a_faulty_end_is_shown():
    found = read("malformed_call", "gemini")
    assert found.finished == Finished(reason="other", raw="MALFORMED_FUNCTION_CALL")
    assert [entry.data for entry in found.unrecognized] == ['"Malformed function call: print(x)"']


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"),
        ("BLOCKLIST", "content_filter"),
        ("PROHIBITED_CONTENT", "content_filter"),
        ("SPII", "content_filter"),
        ("MODEL_ARMOR", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"),
        ("IMAGE_PROHIBITED_CONTENT", "content_filter"),
        ("IMAGE_RECITATION", "content_filter"),
        ("LANGUAGE", "other"),
        ("OTHER", "other"),
        ("MALFORMED_FUNCTION_CALL", "other"),
        ("UNEXPECTED_TOOL_CALL", "other"),
        ("TOO_MANY_TOOL_CALLS", "other"),
        ("MISSING_THOUGHT_SIGNATURE", "other"),
        ("NO_IMAGE", "other"),
        ("IMAGE_OTHER", "other"),
        ("MALFORMED_RESPONSE", "other"),
        ("ESCALATION", "other"),
        ("WHATEVER_COMES_NEXT", "other"),
        ("length", "length"),
    ],
)
def test_a_finish_reason_is_translated_and_its_own_word_kept(raw, reason):
    body = b'data: {"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"%s"}]}\n\n' % raw.encode()
    assert fold(decode(body, format="gemini")).finished == Finished(reason=reason, raw=raw)


def encoded(*events) -> bytes:
    encoder = Encoder()
    return b"".join(encoder.encode(event) for event in events) + encoder.finish()


def test_a_call_that_another_format_tells_in_pieces_is_one_object_here():
    call = [PartStarted(0, ToolCall("a", "f")), PartDelta(0, '{"x"'), PartDelta(0, ":1}"), PartEnded(0)]
    again = fold(decode(encoded(*call, Finished("tool_calls", "tool_calls")), format="gemini"))
    assert again.parts == [ToolCall("a", "f", '{"x":1}')]
    assert again.finished == Finished("tool_calls", "STOP")


def test_what_other_formats_say_is_said_as_well_as_it_can_be():
    searching = [
        PartStarted(0, HostedTool("w", "web_search", status="running")),
        PartDelta(0, '{"query":"oslo"}'),
        PartEnded(0, HostedTool(status="completed")),
    ]
    refusing = [PartStarted(1, Refusal()), PartDelta(1, "No."), PartEnded(1)]
    thinking = [PartStarted(2, Reasoning()), PartDelta(2, "Hm."), PartEnded(2, Reasoning(opaque={"signature": "x"}))]
    again = fold(decode(encoded(*searching, *refusing, *thinking, Finished("stop", "end_turn")), format="gemini"))
    assert again.parts == [
        Text("No."),
        Reasoning("Hm."),
        HostedTool(name="web_search", arguments='{"queries":["oslo"]}', status="completed"),
    ]
    assert again.finished == STOP


def test_a_signature_that_is_told_at_the_end_of_a_text_follows_it_alone():
    told = [PartStarted(0, Text()), PartDelta(0, "Hello"), PartEnded(0, Text(opaque=SIGNED)), STOP]
    assert fold(decode(encoded(*told), format="gemini")).parts == [HELLO, Text(opaque=SIGNED)]
