"""Every edge of a stream that is known from vendors and gateways, recorded in fixtures/openai_chat."""

import msgspec
import pytest

from apps.wire.events import Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Audio, Citation, Image, Reasoning, Refusal, Text, ToolCall, Usage

from .reading import NAMES, decode, fold, one_byte_each, read, recorded

STOP = Finished(reason="stop", raw="stop")
TOOLS = Finished(reason="tool_calls", raw="tool_calls")
CUT = Finished(reason="stop", raw="", truncated=True)
USED = Usage(input_tokens=9, output_tokens=2)
HELLO = Text("Hello")
THOUGHT = Reasoning("Let me think.")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
WEATHER = ToolCall(id="call_1", name="get_weather", arguments='{"city":"Oslo"}')
THOUGHTS = {"type": "reasoning.text", "text": "Let me think.", "index": 0}
SIGNED = {"type": "reasoning.text", "text": "Let me think.", "index": 0, "format": "anthropic-claude-v1"}

SAME_AS_PLAIN = [
    "plain",
    "comments",
    "crlf",
    "cr",
    "bom",
    "no_space",
    "done_with_spaces",
    "done_bare",
    "done_without_blank_line",
    "done_glued_to_the_event",
    "done_absent",
    "done_then_junk",
    "no_final_newline",
    "no_blank_lines",
    "extra_blank_lines",
    "data_over_several_lines",
    "usage_on_every_chunk",
    "usage_with_the_last_delta",
    "usage_groq",
    "usage_in_the_choice",
    "empty_choices_first",
    "text_after_the_reason",
    "message_in_a_stream",
    "message_repeats_the_deltas",
]

ANSWERS = {
    "line_separators": ([Text("one\u2028two\u2029three\u0085four\u000bfive".replace("\u000b", ""))], STOP),
    "utf8": ([Text("é中文👩‍🚀𝕏")], STOP),
    "lone_surrogates": ([Text("a\ufffd\ufffdb 😀 \ufffd\ufffd")], STOP),
    "invalid_utf8": ([Text("caf\ufffd \ufffd")], STOP),
    "raw_control_characters": ([Text("a\tb")], STOP),
    "minimal_chunks": ([HELLO], STOP),
    "usage_missing": ([HELLO], STOP),
    "done_only": ([HELLO], CUT),
    "done_only_no_text": ([], CUT),
    "neither_reason_nor_done": ([HELLO], CUT),
    "cut_in_an_event": ([HELLO], CUT),
    "cut_in_a_character": ([HELLO], CUT),
    "only_a_reason": ([], Finished(reason="content_filter", raw="content_filter")),
    "reasoning_content": ([THOUGHT, HELLO], STOP),
    "reasoning_openrouter": (
        [Reasoning("Let me think.", opaque={"reasoning_details": [{**SIGNED, "signature": "c2ln"}]}), HELLO],
        STOP,
    ),
    "reasoning_under_both_names": ([THOUGHT, HELLO], STOP),
    "reasoning_and_text_in_one_delta": ([THOUGHT, HELLO], STOP),
    "reasoning_between_texts": ([Text("One. "), Reasoning("Hm."), Text("Two.")], STOP),
    "reasoning_mistral": ([THOUGHT, HELLO], STOP),
    "think_tags_stay_text": ([Text("<think>\nLet me think.\n</think>\nHello")], STOP),
    "tool_calls_parallel": ([WEATHER, ToolCall(id="call_2", name="get_time", arguments='{"zone":"CET"}')], TOOLS),
    "tool_calls_index_begins_at_one": (
        [
            Text("Let me look."),
            msgspec.structs.replace(WEATHER, id="toolu_1"),
            ToolCall(id="toolu_2", name="get_time", arguments="{}"),
        ],
        TOOLS,
    ),
    "tool_calls_index_restarts": (
        [WEATHER, ToolCall(id="call_2", name="get_weather", arguments='{"city":"Bergen"}')],
        TOOLS,
    ),
    "tool_calls_missing_fields": ([WEATHER], TOOLS),
    "tool_calls_without_index": ([WEATHER, ToolCall(id="call_2", name="get_time", arguments="{}")], TOOLS),
    "tool_calls_without_ids": (
        [msgspec.structs.replace(WEATHER, id="call_0"), ToolCall(id="call_1", name="get_time", arguments="{}")],
        TOOLS,
    ),
    "tool_calls_id_on_each_fragment": ([WEATHER, ToolCall(id="call_2", name="get_time", arguments="{}")], TOOLS),
    "tool_calls_arguments_as_object": ([WEATHER], TOOLS),
    "tool_calls_name_late": ([WEATHER], TOOLS),
    "function_call_legacy": (
        [msgspec.structs.replace(WEATHER, id="call_0")],
        Finished(reason="tool_calls", raw="function_call"),
    ),
    "images_in_deltas": (
        [Text("Look: "), Image(media_type="image/png", data=PNG), Image(url="https://example.org/a.png")],
        STOP,
    ),
    "images_multi_mod_content": ([Text("Look: "), Image(media_type="image/png", data=PNG)], STOP),
    "image_as_markdown": ([Text(f"![image](data:image/png;base64,{PNG})")], STOP),
    "refusal": ([Refusal("I cannot.")], STOP),
    "annotations": (
        [
            HELLO,
            Citation(url="https://e.x", title="T", start=0, end=5),
            Citation(url="https://flat.x", title="F", start=0, end=1),
        ],
        STOP,
    ),
    "citations_beside_the_answer": (
        [HELLO, Citation(url="https://e.x", title="E"), Citation(url="https://f.x")],
        STOP,
    ),
    "reasoning_in_details_alone": (
        [
            Text("One. "),
            Reasoning("Let me think.", opaque={"reasoning_details": [THOUGHTS, {"type": "x.encrypted", "data": "ab"}]}),
            Text("Two."),
        ],
        STOP,
    ),
    "audio_after_text": ([HELLO, Audio(media_type="audio/pcm;rate=24000", data="AAE=", transcript="Hi")], STOP),
    "audio": ([Audio(media_type="audio/pcm;rate=24000", data="AAECAw==", transcript="Hello")], STOP),
}

FAILURES = {
    "error_first": ([], Failed("Rate limit reached", "requests", "rate_limit_exceeded", "", 0, True, "20260101abc")),
    "error_in_the_middle": ([HELLO], Failed("The server had an error", "server_error", "500", retryable=True)),
    "error_event": ([HELLO], Failed("upstream gone", code="do_request_failed")),
    "error_event_text": ([HELLO], Failed("upstream gone")),
    "error_bare_at_the_end": (
        [HELLO],
        Failed("upstream timed out", "upstream_error", "do_request_failed"),
    ),
    "error_bare_only": ([], Failed("upstream timed out", "upstream_error", "do_request_failed")),
    "error_in_the_choice": ([HELLO], Failed("Provider disconnected", code="502", retryable=True)),
    "error_anthropic": ([HELLO], Failed("Overloaded", "overloaded_error", retryable=True)),
    "error_gemini": ([], Failed("The model is overloaded.", "UNAVAILABLE", "503", retryable=True)),
    "error_with_choices": ([HELLO], Failed("out of memory")),
    "malformed_many": (
        [Text("Hel")],
        Failed("The upstream sent too many events that could not be read.", code="undecodable"),
    ),
    "plain_text": (
        [],
        Failed(
            "The upstream answered with a text that is no stream: "
            "upstream connect error or disconnect/reset before headers",
            code="no_stream",
        ),
    ),
    "empty": ([], Failed("The upstream closed the connection without an answer.", code="empty_reply")),
    "blank": ([], Failed("The upstream closed the connection without an answer.", code="empty_reply")),
    "only_comments": ([], Failed("The upstream closed the connection without an answer.", code="empty_reply")),
    "html": (
        [],
        Failed(
            'The upstream answered with a web page titled "New API" instead of a model\'s reply: check its base URL.',
            type="html",
            status=200,
        ),
    ),
}

ODDITIES = {
    "second_choice": ([HELLO], ["another choice than the first"]),
    "unknown_fields": ([HELLO], ["unknown field delta.mood", "unknown field nova"]),
    "unknown_objects": ([HELLO], ["no choices in this object"]),
    "malformed_few": ([HELLO], ["not JSON", "not a JSON object", "not JSON"]),
    "stray_lines": ([HELLO], ["not a server-sent event"]),
    "strange_types": (
        [HELLO],
        [
            "not a choice",
            "reasoning is not a text",
            "unknown part of content",
            "refusal is not a text",
            "not an image",
            "not an audio",
            "not a tool call",
            "unknown annotation",
            "not a finish reason",
        ],
    ),
}

USAGES = {
    "usage_new_api": Usage(9, 2, cached_tokens=4, reasoning_tokens=1, cost=0.0021),
    "usage_deepseek": Usage(9, 2, cached_tokens=6),
    "usage_strange": None,
    "usage_missing": None,
}


@pytest.mark.parametrize("name", SAME_AS_PLAIN)
def test_streams_that_differ_in_form_say_the_same(name):
    found = read(name)
    assert (found.parts, found.usage, found.finished) == ([HELLO], USED, STOP)
    assert found.unrecognized == []
    assert found.started == Started(id="chatcmpl-A1", model="gpt-4o")


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_into_parts_and_an_end(name):
    found = read(name)
    assert (found.parts, found.finished) == ANSWERS[name]


@pytest.mark.parametrize("name", FAILURES)
def test_an_error_keeps_what_was_said_and_says_what_happened(name):
    found = read(name)
    assert (found.parts, found.failed) == FAILURES[name]
    assert found.finished is None


@pytest.mark.parametrize("name", ODDITIES)
def test_what_is_not_understood_is_shown_and_the_answer_goes_on(name):
    found = read(name)
    parts, why = ODDITIES[name]
    assert (found.parts, found.finished) == (parts, STOP)
    assert [entry.why for entry in found.unrecognized] == why
    assert all(entry.data for entry in found.unrecognized)


@pytest.mark.parametrize("name", USAGES)
def test_usage_is_read_under_every_name_and_never_guessed(name):
    assert read(name).usage == USAGES[name]


def test_every_recorded_stream_is_tested():
    assert set(NAMES) == {*SAME_AS_PLAIN, *ANSWERS, *FAILURES, *ODDITIES, *USAGES}


@pytest.mark.parametrize("name", NAMES)
def test_one_byte_at_a_time_gives_the_same_events(name):
    data = recorded(name)
    assert decode(*one_byte_each(data)) == decode(data)


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_ends_exactly_once_and_last(name):
    events = decode(recorded(name))
    ends = [event for event in events if isinstance(event, Finished | Failed)]
    assert ends == [events[-1]]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_begun_in_order_and_ended_once(name):
    events = decode(recorded(name))
    begun = [event.index for event in events if isinstance(event, PartStarted)]
    ended = [event.index for event in events if isinstance(event, PartEnded)]
    assert begun == list(range(len(begun))) == sorted(ended)


def test_the_events_of_a_plain_stream_one_by_one():
    assert decode(recorded("plain")) == [
        Started(id="chatcmpl-A1", model="gpt-4o"),
        PartStarted(0, Text()),
        PartDelta(0, "Hel"),
        PartDelta(0, "lo"),
        PartEnded(0),
        UsageReported(USED),
        STOP,
    ]


def test_the_decoder_is_done_at_the_mark_of_the_end_and_not_before_usage():
    from apps.wire.openai_chat import Decoder

    decoder = Decoder()
    before, mark, _ = recorded("plain").partition(b"data: [DONE]")
    decoder.feed(before)
    assert not decoder.done
    decoder.feed(mark + b"\n\n")
    assert decoder.done
    assert decoder.feed(b'data: {"choices":[{"delta":{"content":"late"}}]}\n\n') == decoder.finish() == []


def test_text_arrives_with_the_chunk_that_brings_it():
    from apps.wire.openai_chat import Decoder

    decoder = Decoder()
    decoder.feed(b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    assert decoder.feed(b'data: {"choices":[{"delta":{"content":"b"}}]}\n\n') == [PartDelta(0, "b")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("end_turn", "stop"),
        ("max_tokens", "length"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
        ("insufficient_system_resource", "other"),
        ("whatever_comes_next", "stop"),
    ],
)
def test_a_finish_reason_is_translated_and_its_own_word_kept(raw, reason):
    body = b'data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"%s"}]}\n\n' % raw.encode()
    assert fold(decode(body)).finished == Finished(reason=reason, raw=raw)


def test_a_finish_reason_that_is_null_or_empty_to_the_end_is_no_end():
    body = b'data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":""}]}\n\ndata: [DONE]\n\n'
    assert fold(decode(body)).finished == CUT


def test_a_data_line_of_16_mb_in_small_chunks_is_one_delta():
    data = b'data: {"choices":[{"delta":{"content":"' + b"A" * (16 * 1024 * 1024) + b'"},"finish_reason":"stop"}]}\n\n'
    found = fold(decode(*(data[place : place + 1000] for place in range(0, len(data), 1000))))
    assert len(found.parts[0].text) == 16 * 1024 * 1024
    assert found.finished == STOP


def test_an_event_past_the_hard_limit_fails_and_keeps_what_was_said():
    megabyte = b"A" * (1024 * 1024)
    found = fold(decode(b'data: {"choices":[{"delta":{"content":"x"}}]}\n\n', b'data: {"', *[megabyte] * 65))
    assert found.parts == [Text("x")]
    assert found.failed.code == "too_large"


def test_json_nested_too_deeply_is_shown_and_no_crash():
    deep = b'data: {"choices":[{"delta":{"content":' + b"[" * 100_000 + b"]" * 100_000 + b"}}]}\n\n"
    found = fold(decode(recorded("plain").partition(b"data: [DONE]")[0], deep))
    assert (found.parts, found.finished) == ([HELLO], STOP)
    assert [entry.why for entry in found.unrecognized] == ["not JSON"]
    assert len(found.unrecognized[0].data) <= 4000


def test_ten_thousand_tool_calls_are_kept_apart():
    fragments = (
        b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c%d","function":{"name":"f"}}]}}]}\n\n' % number
        for number in range(10_000)
    )
    assert len(fold(decode(*fragments)).parts) == 10_000
