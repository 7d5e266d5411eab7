"""What each recorded stream of fixtures/openai_chat says."""

import base64

import msgspec

from apps.wire.events import Failed, Finished, Started
from apps.wire.messages import Audio, Citation, Image, Reasoning, Refusal, Text, ToolCall, Usage


def heard(samples: bytes) -> str:
    """The base64 of the WAV file that has these samples: a header of 44 bytes says that they are 24 kHz mono."""
    size = len(samples)
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\1\0\1\0" + (24000).to_bytes(4, "little")
    head += (48000).to_bytes(4, "little") + b"\2\0\x10\0data" + size.to_bytes(4, "little")
    return base64.b64encode(head + samples).decode()


STARTED = Started("chatcmpl-A1", "gpt-4o")
STARTS = {"plain": Started("chatcmpl-A1", "gpt-4o", "fp_1")}
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
    "tool_calls_signed": (
        [msgspec.structs.replace(WEATHER, opaque={"extra_content": {"google": {"thought_signature": "c2ln"}}})],
        TOOLS,
    ),
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
    "audio_after_text": ([HELLO, Audio(media_type="audio/wav", data=heard(b"\0\1"), transcript="Hi")], STOP),
    "audio": ([Audio(media_type="audio/wav", data=heard(b"\0\1\2\3"), transcript="Hello")], STOP),
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
    "usage_openrouter": Usage(9, 2, cached_tokens=3, cache_write_tokens=4, cost=0.5),
    "usage_litellm": Usage(9, 2, cached_tokens=0, cache_write_tokens=5),
    "usage_claude_behind_new_api": Usage(9, 2, cached_tokens=0, cache_write_tokens=6),
    "usage_strange": None,
    "usage_missing": None,
}

# Recorded for a test of their own.
APART: set[str] = set()
