"""What is particular to the streams of Chat Completions; what all recordings have in common is in test_recorded."""

import pytest

from apps.wire.events import Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Citation, Text

from .expected.openai_chat import CUT, HELLO, STOP, USED
from .reading import decode, fold, read, recorded


def test_the_events_of_a_plain_stream_one_by_one():
    assert decode(recorded("plain")) == [
        Started(id="chatcmpl-A1", model="gpt-4o", fingerprint="fp_1"),
        PartStarted(0, Text()),
        PartDelta(0, "Hel"),
        PartDelta(0, "lo"),
        PartEnded(0),
        UsageReported(USED),
        STOP,
    ]


def test_an_event_that_the_end_cut_off_is_shown():
    found = read("cut_in_an_event")
    assert [entry.why for entry in found.unrecognized] == ["the stream ended in the middle of this event"]
    assert found.unrecognized[0].data.endswith('"del')


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (b'{"delta":{},"finish_reason":"error"}', "The upstream ended the answer with an error."),
        (b'{"delta":{},"error":{"message":"gone"}}', "gone"),
    ],
)
def test_a_choice_may_end_with_an_error(choice, message):
    found = fold(decode(b'data: {"choices":[%s]}\n\ndata: [DONE]\n\n' % choice))
    assert (found.failed.message, found.finished) == (message, None)


@pytest.mark.parametrize("name", [b"citations", b"search_results"])
def test_sources_beside_the_answer_are_read_under_either_name(name):
    found = fold(decode(b'data: {"choices":[{"delta":{"content":"x"}}],"%s":[{"url":"https://e.x"}]}\n\n' % name))
    assert found.parts == [Text("x"), Citation(url="https://e.x")]


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
