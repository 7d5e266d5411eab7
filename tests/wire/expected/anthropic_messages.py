"""What each recorded stream of fixtures/anthropic_messages says."""

from apps.wire.events import Failed, Finished, Started
from apps.wire.messages import Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

STARTED = Started("msg_1", "claude-sonnet-4-5-20250929")
STARTS: dict[str, Started] = {}
STOP = Finished(reason="stop", raw="end_turn")
TOOLS = Finished(reason="tool_calls", raw="tool_use")
CUT = Finished(reason="stop", raw="", truncated=True)
USED = Usage(input_tokens=9, output_tokens=2, cached_tokens=0, cache_write_tokens=0)
COUNTED = Usage(input_tokens=9, output_tokens=2)
HELLO = Text("Hello")
THOUGHT = Reasoning("Let me think.")
SIGNED = Reasoning("Let me think.", opaque={"signature": "EqQBCg=="})
WEATHER = ToolCall(id="toolu_1", name="get_weather", arguments='{"city":"Oslo"}')
CODE = {"type": "code_execution_20260120", "tool_id": "srvtoolu_1"}
FOUND = {
    "type": "web_search_result",
    "url": "https://e.x",
    "title": "T",
    "encrypted_content": "EqgfCioI",
    "page_age": "2 days ago",
}
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "Oslo"}}
RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [FOUND]}
NO_RESULT = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
PASSAGE = {
    "type": "web_search_result_location",
    "url": "https://e.x",
    "title": "T",
    "encrypted_index": "Eo8B",
    "cited_text": "It is 7 °C.",
}
PAGE = {
    "type": "page_location",
    "document_index": 0,
    "document_title": "Report",
    "start_page_number": 1,
    "end_page_number": 2,
    "cited_text": "Sales rose.",
}
PLACE = {
    "type": "char_location",
    "document_index": 1,
    "document_title": None,
    "start_char_index": 0,
    "end_char_index": 9,
    "cited_text": "They fell",
}


def searched(status: str, **opaque) -> HostedTool:
    return HostedTool("srvtoolu_1", "web_search", '{"query": "Oslo"}', status, {"server_tool_use": SEARCH, **opaque})


SAME_AS_PLAIN = [
    "plain",
    "ping",
    "no_event_names",
    "wrong_event_names",
    "no_types",
    "crlf",
    "extra_blank_lines",
    "done_after_the_stop",
    "done_instead_of_the_stop",
    "indexes_begin_at_one",
    "indexes_missing",
    "starts_missing",
    "stops_missing",
    "text_in_the_start",
    "usage_zeroed_at_the_end",
    "message_repeats_the_deltas",
    "content_in_the_start",
]

ANSWERS = {
    "message_in_a_stream": ([HELLO], STOP),
    "thinking": ([SIGNED, HELLO], STOP),
    "thinking_unsigned": ([THOUGHT, HELLO], STOP),
    "thinking_omitted": ([Reasoning(opaque={"signature": "EqQBCg=="}), HELLO], STOP),
    "thinking_signed_twice": ([SIGNED, HELLO], STOP),
    "thinking_redacted": ([Reasoning(opaque={"redacted": "EmwKAhgB"}), HELLO], STOP),
    "thinking_between_tools": (
        [
            Reasoning("One.", opaque={"signature": "EqQBCg=="}),
            WEATHER,
            Reasoning("Two.", opaque={"signature": "second=="}),
            HELLO,
        ],
        STOP,
    ),
    "starts_missing_at_one_index": ([THOUGHT, HELLO], STOP),
    "stops_missing_between": ([THOUGHT, HELLO], STOP),
    "blocks_overlap": ([SIGNED, HELLO], STOP),
    "tool_use": ([Text("Let me look."), WEATHER], TOOLS),
    "tool_use_parallel_open": ([WEATHER, ToolCall("toolu_2", "get_time", '{"zone":"CET"}')], TOOLS),
    "tool_use_without_input": ([ToolCall("toolu_1", "get_time", "{}"), ToolCall("toolu_2", "get_date", "{}")], TOOLS),
    "tool_use_whole_in_the_start": ([WEATHER], TOOLS),
    "tool_use_without_start": ([ToolCall("call_0", "", '{"city":"Oslo"}')], TOOLS),
    "tool_use_called_by_code": (
        [ToolCall("toolu_1", "get_weather", '{"city":"Oslo"}', opaque={"caller": CODE})],
        TOOLS,
    ),
    "tool_use_of_a_converted_model": (
        [THOUGHT, ToolCall("call_1", "get_weather", '{"city":"Oslo"}'), ToolCall("call_2", "get_time", "{}")],
        Finished(reason="tool_calls", raw="tool_calls"),
    ),
    "web_search": (
        [
            Text("I look: "),
            searched("completed", tool_result=RESULT),
            Text("7 °C.", opaque={"citations": [PASSAGE]}),
            Citation(url="https://e.x", title="T", start=8, end=13, quote="It is 7 °C."),
            Text(" Cold."),
        ],
        STOP,
    ),
    "web_search_failed": ([searched("failed", tool_result={**RESULT, "content": NO_RESULT}), HELLO], STOP),
    "web_search_paused": ([Text("I look: "), searched("running")], Finished(reason="paused", raw="pause_turn")),
    "web_search_result_alone": (
        [HostedTool("srvtoolu_1", "web_search", status="completed", opaque={"tool_result": RESULT}), HELLO],
        STOP,
    ),
    "web_search_within_code": (
        [
            HostedTool(
                "srvtoolu_1",
                "code_interpreter",
                '{"code":"search()"}',
                "completed",
                {
                    "server_tool_use": {**SEARCH, "name": "code_execution", "input": {"code": "search()"}},
                    "tool_result": {
                        "type": "code_execution_tool_result",
                        "tool_use_id": "srvtoolu_1",
                        "content": {
                            "type": "code_execution_result",
                            "stdout": "7",
                            "stderr": "",
                            "return_code": 0,
                            "content": [],
                        },
                    },
                    "apart": 3,
                },
            ),
            HostedTool(
                "srvtoolu_2",
                "web_search",
                '{"query":"q"}',
                "completed",
                {
                    "server_tool_use": {**SEARCH, "id": "srvtoolu_2", "input": {"query": "q"}, "caller": CODE},
                    "tool_result": {**RESULT, "tool_use_id": "srvtoolu_2", "caller": CODE},
                },
            ),
            HELLO,
        ],
        STOP,
    ),
    "mcp": (
        [
            HostedTool(
                "mcptoolu_1",
                "mcp",
                '{"say":"hi"}',
                "failed",
                {
                    "server_tool_use": {
                        "type": "mcp_tool_use",
                        "id": "mcptoolu_1",
                        "name": "echo",
                        "server_name": "demo",
                        "input": {"say": "hi"},
                    },
                    "tool_result": {
                        "type": "mcp_tool_result",
                        "tool_use_id": "mcptoolu_1",
                        "is_error": True,
                        "content": [{"type": "text", "text": "hi"}],
                    },
                },
            ),
            HELLO,
        ],
        STOP,
    ),
    "container": (
        [
            HostedTool(
                name="code_interpreter",
                status="completed",
                opaque={"content_block": {"type": "container_upload", "file_id": "file_1"}},
            ),
            HELLO,
        ],
        STOP,
    ),
    "citations_of_documents": (
        [
            Text("Sales rose", opaque={"citations": [PAGE]}),
            Citation(title="Report", start=0, end=10, quote="Sales rose."),
            Text(" and "),
            Text("fell.", opaque={"citations": [PLACE, PLACE]}),
            Citation(start=15, end=20, quote="They fell"),
        ],
        STOP,
    ),
    "citations_while_texts_overlap": (
        [
            Text("Hel"),
            Text("lo", opaque={"citations": [PASSAGE]}),
            Citation(url="https://e.x", title="T", start=3, end=5, quote="It is 7 °C."),
        ],
        STOP,
    ),
    "image": ([Image(media_type="image/png", data="iVBORw0KGgo="), HELLO], STOP),
    "refusal": ([Refusal("This could do harm.")], Finished(reason="content_filter", raw="refusal")),
    "refusal_unexplained": ([Text("Hel")], Finished(reason="content_filter", raw="refusal")),
    "context_exceeded": ([HELLO], Finished(reason="length", raw="model_context_window_exceeded")),
    "max_tokens": ([HELLO], Finished(reason="length", raw="max_tokens")),
    "stop_sequence": ([HELLO], Finished(reason="stop", raw="stop_sequence")),
    "stop_without_a_reason": ([HELLO], Finished(reason="stop", raw="")),
    "stop_missing": ([HELLO], Finished(reason="stop", raw="end_turn", truncated=True)),
    "end_missing": ([HELLO], CUT),
    "cut_in_an_event": ([HELLO], CUT),
    "cut_in_a_call": ([HostedTool("srvtoolu_1", "web_search", '{"que', "running")], CUT),
    "empty_answer": ([], STOP),
}

FAILURES = {
    "error_event": ([HELLO], Failed("Overloaded", "overloaded_error", retryable=True)),
    "error_first": ([], Failed("Slow down", "rate_limit_error", retryable=True)),
    "error_without_event_name": ([HELLO], Failed("Internal server error", "api_error", retryable=True)),
    "error_in_openais_shape": (
        [HELLO],
        Failed("upstream gone", "new_api_error", "do_request_failed", request_id="20260101abc"),
    ),
    "error_bare_at_the_end": ([HELLO], Failed("upstream timed out", "upstream_error", "do_request_failed")),
    "error_without_words": ([HELLO], Failed('{"type":"error","error":{}}')),
    "empty": ([], Failed("The upstream closed the connection without an answer.", code="empty_reply")),
    "html": (
        [],
        Failed(
            'The upstream answered with a web page titled "New API" instead of a model\'s reply: check its base URL.',
            type="html",
            status=200,
        ),
    ),
    "openai_chunks": ([], Failed("What the upstream sent is no answer of this format.", code="no_answer")),
}

ODDITIES = {
    "unknown_block": (
        [
            HostedTool(
                name="compaction",
                status="completed",
                opaque={"content_block": {"type": "compaction", "content": "What was said."}},
            ),
            HELLO,
        ],
        ["unknown block"],
    ),
    "unknown_block_with_deltas": (
        [HostedTool(name="hologram", status="completed"), HELLO],
        ["unknown block", "unknown delta"],
    ),
    "unknown_delta": ([HELLO], ["unknown delta"]),
    "unknown_event": ([HELLO], ["unknown event"]),
    "unknown_fields": (
        [HELLO],
        [
            "unknown field message.nova",
            "unknown field text.mood",
            "unknown field delta.tone",
            "unknown field extra",
        ],
    ),
    "strange_types": (
        [HELLO],
        [
            "no message in this event",
            "no block in this event",
            "unknown delta",
            "unknown citation",
            "text is not a text",
            "unknown citation",
            "not a stop reason",
        ],
    ),
    "malformed_few": ([HELLO], ["not JSON", "not a JSON object"]),
}

USAGES = {
    "plain": USED,
    "message_in_a_stream": COUNTED,
    "usage_repeated": COUNTED,
    "usage_zeroed_at_the_end": USED,
    "usage_in_openai_names": COUNTED,
    "usage_in_the_start_only": Usage(input_tokens=9),
    "usage_cached": Usage(
        2109, 12, cached_tokens=2000, cache_write_tokens=100, reasoning_tokens=7, hour_write_tokens=40
    ),
    "usage_missing": None,
    "usage_of_zeros": None,
    "usage_strange": None,
}

# Recorded for a test of their own.
APART: set[str] = set()
