"""What each recorded stream of fixtures/gemini says."""

import base64

from apps.wire.events import Failed, Finished, Started
from apps.wire.messages import Audio, Citation, File, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

STARTED = Started("r1", "gemini-2.5-flash")
STARTS: dict[str, Started] = {}
STOP = Finished(reason="stop", raw="STOP")
TOOLS = Finished(reason="tool_calls", raw="STOP")
CUT = Finished(reason="stop", raw="", truncated=True)
USED = Usage(input_tokens=4, output_tokens=2)
ASKED = Usage(input_tokens=4)
HELLO = Text("Hello")
THOUGHT = Reasoning("Let me think.")
SIGNED = {"thoughtSignature": "c2ln"}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
WEATHER = ToolCall(id="c1", name="get_weather", arguments='{"city":"Oslo"}')
CODE = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
PYTHON = '{"language":"PYTHON","code":"print(1)"}'


def heard(samples: bytes, rate: int) -> Audio:
    """A WAV file of these samples: a header of 44 bytes says their rate, one channel, 16 bits."""
    head = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\1\0\1\0"
    head += rate.to_bytes(4, "little") + (2 * rate).to_bytes(4, "little") + b"\2\0\x10\0data"
    sound = head + len(samples).to_bytes(4, "little") + samples
    return Audio(media_type="audio/wav", data=base64.b64encode(sound).decode())


def ran(status: str, *parts: dict, arguments: str = PYTHON) -> HostedTool:
    return HostedTool(name="code_interpreter", arguments=arguments, status=status, opaque={"parts": list(parts)})


def searched(queries: str) -> HostedTool:
    return HostedTool(name="web_search", arguments=f'{{"queries":{queries}}}', status="completed")


SAME_AS_PLAIN = [
    "plain",
    "lf",
    "array",
    "array_one_line",
    "array_in_an_event",
    "whole_document",
    "keep_alive",
    "done_marked",
    "no_final_newline",
    "usage_alone",
    "usage_on_every_chunk",
    "converted",
    "candidate_without_content",
    "content_without_parts",
    "no_candidates_in_a_chunk",
    "index_and_role_missing",
    "reason_on_every_chunk",
    "reason_unspecified_first",
    "safety_ratings",
    "snake_case",
    "several_parts_in_a_chunk",
]

ANSWERS = {
    "utf8": ([Text("é中文👩‍🚀𝕏 line\u2028end")], STOP),
    "thoughts": ([THOUGHT, HELLO], STOP),
    "thoughts_between_texts": ([Text("One. "), Reasoning("Hm."), Text("Two.")], STOP),
    "signed_at_the_end": ([HELLO, Text(opaque=SIGNED)], STOP),
    "signed_text_between": ([Text("One. "), Text("Two. ", opaque=SIGNED), Text("Three.")], STOP),
    "signed_thought": ([Reasoning("Let me think.", opaque=SIGNED), HELLO], STOP),
    "signature_alone": ([HELLO, Text(opaque=SIGNED)], STOP),
    "function_call": ([WEATHER], TOOLS),
    "function_call_signed": ([ToolCall("c1", "get_weather", '{"city":"Oslo"}', SIGNED)], TOOLS),
    "function_calls_parallel": (
        [ToolCall("c1", "get_weather", '{"city":"Oslo"}', SIGNED), ToolCall("c2", "get_time", "{}")],
        TOOLS,
    ),
    "function_calls_without_ids": (
        [
            Text("Let me look."),
            ToolCall("call_c3971925_0", "get_weather", '{"city":"Oslo"}'),
            ToolCall("call_c3971925_1", "get_weather", '{"city":"Oslo"}'),
            ToolCall("call_f7b82b7a_2", "get_time", "{}"),
        ],
        TOOLS,
    ),
    "function_call_args_as_text": ([WEATHER], TOOLS),
    "function_call_in_pieces": (
        [ToolCall("c1", "get_weather", '{"city":"Oslo","days":[{"n":2},{"n":3}],"a b":true,"none":null}')],
        TOOLS,
    ),
    "function_call_in_pieces_cut": ([ToolCall("c1", "get_weather", '{"city":"Os"}')], CUT),
    "image": ([Text("Look: "), Image(media_type="image/png", data=PNG), Text("Nice.")], STOP),
    "image_drafts_and_signature": (
        [
            Image(media_type="image/png", data="AAAA", opaque={"thought": True}),
            Text("Here: ", opaque=SIGNED),
            Image(media_type="image/png", data=PNG, opaque={"thoughtSignature": "cGlj"}),
        ],
        STOP,
    ),
    "image_in_snake_case": ([Image(media_type="image/png", data=PNG)], STOP),
    "image_as_data_uri": ([Image(media_type="image/webp", data=PNG)], STOP),
    "image_by_address": (
        [
            Image(media_type="image/png", url="https://example.org/a.png"),
            File(media_type="video/mp4", url="gs://bucket/a.mp4"),
        ],
        STOP,
    ),
    "image_refused": ([], Finished(reason="content_filter", raw="IMAGE_SAFETY")),
    "video": ([File(media_type="video/mp4", data="AAAA")], STOP),
    "video_named": ([File(name="a.mp4", media_type="video/mp4", data="AAAA")], STOP),
    "speech": ([heard(b"\1\2\3\4\5\6", 24_000)], STOP),
    "speech_with_transcript": (
        [Audio(media_type="audio/wav", data=heard(b"\0\1", 16_000).data, transcript="Hello")],
        STOP,
    ),
    "speech_as_a_file": ([Audio(media_type="audio/mpeg", data="SUQzAAAA")], STOP),
    "code_execution": (
        [
            Text("Let me see. "),
            ran("completed", CODE | SIGNED, {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}),
            Text("It is 1."),
        ],
        STOP,
    ),
    "code_execution_failed": (
        [ran("failed", CODE, {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}})],
        STOP,
    ),
    "code_execution_cut": ([ran("failed", CODE)], CUT),
    "server_side_tool": (
        [
            HostedTool(
                "t1",
                "web_search",
                '{"queries":["oslo"]}',
                "completed",
                {
                    "parts": [
                        {"toolCall": {"id": "t1", "toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["oslo"]}}}
                        | SIGNED,
                        {"toolResponse": {"id": "t1", "toolType": "GOOGLE_SEARCH_WEB", "response": {"x": 1}}},
                    ]
                },
            ),
            HELLO,
        ],
        STOP,
    ),
    "grounding": (
        [
            Reasoning("Hm."),
            Text("Zürich 🏔 is cold. Oslo is colder."),
            searched('["zürich","oslo"]'),
            Citation("https://a.x/", "a.x", 0, 17),
            Citation("https://c.x/", "c", 0, 17, quote="cold!"),
            Citation("https://b.x/", "b.x", 18, 33),
            Citation("https://maps.x/", "Oslo"),
        ],
        STOP,
    ),
    "grounding_on_the_way": (
        [
            Text("Zürich 🏔 is cold. "),
            Citation("https://a.x/", "a.x", 0, 17),
            Text("Oslo is colder."),
            Citation("https://b.x/", "b.x", 18, 33),
            searched('["zürich","oslo"]'),
        ],
        STOP,
    ),
    "grounding_empty": ([HELLO], STOP),
    "grounding_by_part": (
        [Text("Zürich. Zürich!"), searched('["q"]'), Citation("https://a.x/", "a", 8, 14)],
        STOP,
    ),
    "grounding_by_characters": (
        [
            Text("éé cold"),
            searched('["q"]'),
            Citation("https://a.x/", "a", 3, 7),
            Citation("https://a.x/", "a", 0, 7),
        ],
        STOP,
    ),
    "url_context": (
        [
            HELLO,
            HostedTool(name="web_fetch", arguments='{"url":"https://a.x/"}', status="completed"),
            HostedTool(name="web_fetch", arguments='{"url":"https://b.x/"}', status="failed"),
        ],
        STOP,
    ),
    "citations": (
        [Text("é code"), Citation("https://a.x/", "", 2, 6), Citation("", "A book")],
        STOP,
    ),
    "blocked_prompt": ([], Finished(reason="content_filter", raw="blockReason SAFETY")),
    "blocked_prompt_with_a_message": (
        [Refusal("Not this.")],
        Finished(reason="content_filter", raw="blockReason PROHIBITED_CONTENT"),
    ),
    "stopped_for_safety": (
        [Text("Hel"), Refusal("That was unsafe.")],
        Finished(reason="content_filter", raw="SAFETY"),
    ),
    "max_tokens_without_text": ([], Finished(reason="length", raw="MAX_TOKENS")),
    "reason_of_tomorrow": ([HELLO], Finished(reason="other", raw="SOMETHING_NEW")),
    "no_reason": ([HELLO], CUT),
    "cut_in_an_event": ([Text("Hel")], CUT),
    "array_cut": ([Text("Hel")], CUT),
}

OVERLOADED = Failed("The model is overloaded.", "UNAVAILABLE", "503", retryable=True)
EMPTY = Failed("The upstream closed the connection without an answer.", code="empty_reply")
FAILURES = {
    "error_google": ([], OVERLOADED),
    "error_in_an_array": ([], Failed("Quota.", "RESOURCE_EXHAUSTED", "429", retryable=True)),
    "error_openai_shape": (
        [],
        Failed("prompt blocked", "upstream_error", "prompt_blocked", request_id="2026abc"),
    ),
    "error_in_the_middle": ([Text("Hel")], OVERLOADED),
    "error_in_the_middle_of_an_array": ([Text("Hel")], OVERLOADED),
    "empty": ([], EMPTY),
    "empty_array": ([], EMPTY),
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
    "second_candidate": ([HELLO], ["another candidate than the first"]),
    "unknown_fields": (
        [HELLO],
        [
            "unknown field candidates.content.parts.mood",
            "unknown field candidates.content.tone",
            "unknown field candidates.groundingMetadata.odd",
            "unknown field candidates.luck",
            "unknown field nova",
        ],
    ),
    "unknown_parts": ([HELLO], ["unknown part"]),
    "unknown_objects": ([HELLO], ["no candidates in this object"]),
    "malformed_few": ([HELLO], ["not JSON", "not a JSON object", "not JSON"]),
    "strays_in_an_array": ([HELLO], ["not a server-sent event", "not a server-sent event"]),
    "strange_types": (
        [HELLO],
        [
            "not a candidate",
            "not a part",
            "a text that is none",
            "not a function call",
            "not a function call",
            "not inline data",
            "a sound that is none",
            "not a file",
            "not a tool of the upstream",
            "not a finish reason",
            "groundingMetadata is no object",
        ],
    ),
}

USAGES = {
    "usage_thoughts": Usage(4, 12, reasoning_tokens=10),
    "usage_tools_and_cache": Usage(104, 2, cached_tokens=3),
    "usage_thoughts_in_the_answer": Usage(4, 12, reasoning_tokens=10),
    "usage_left_out_in_between": Usage(4, 7, reasoning_tokens=5),
    "usage_total_alone": Usage(4, 2),
    "usage_strange": None,
    "max_tokens_without_text": Usage(4, 9, reasoning_tokens=9),
    "blocked_prompt": Usage(4),
}

# Recorded for a test of their own.
APART = {"malformed_call"}
