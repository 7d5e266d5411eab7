"""What is particular to the streams of Gemini; what all formats' recordings have in common is in test_recorded."""

import pytest

from apps.wire.events import (
    AudioDelta,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    UsageReported,
)
from apps.wire.gemini import Decoder, Encoder
from apps.wire.messages import Audio, Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall

from .expected.gemini import CODE, HELLO, SIGNED, STOP, USED, heard
from .reading import decode, fold, one_byte_each, read, recorded


def events_of(name: str):
    return decode(recorded(name, "gemini"), format="gemini")


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


def test_a_citation_arrives_with_the_words_behind_it_and_not_before_its_own_are_whole():
    before, _, after = recorded("grounding_on_the_way", "gemini").partition(b"Oslo")
    decoder = Decoder()
    begun = [*decoder.feed(before), *decoder.feed(b"Oslo" + after.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")]
    cited = [event.part for event in begun if isinstance(event, PartStarted) and isinstance(event.part, Citation)]
    assert cited == [Citation("https://a.x/", "a.x", 0, 17)]
    assert begun[-1] == PartDelta(2, "Oslo")


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
