"""What each recorded stream of fixtures/openai_responses says."""

from apps.wire.events import Failed, Finished, Started
from apps.wire.messages import Audio, Citation, HostedTool, Image, Reasoning, Refusal, Text, ToolCall, Usage

from .openai_chat import PNG, heard

STARTED = Started("resp_1", "gpt-5-2025-08-07")
STARTS: dict[str, Started] = {}
STOP = Finished(reason="stop", raw="completed")
TOOLS = Finished(reason="tool_calls", raw="completed")
CUT = Finished(reason="stop", raw="", truncated=True)
USED = Usage(input_tokens=9, output_tokens=2, cached_tokens=4, reasoning_tokens=1)
HELLO = Text("Hello")
THOUGHT = Reasoning("Let me think.")
WEATHER = ToolCall(id="call_1", name="get_weather", arguments='{"city":"Oslo"}')
TIME = ToolCall(id="call_2", name="get_time", arguments='{"zone":"CET"}')

SAME_AS_PLAIN = [
    "plain",
    "no_event_lines",
    "crlf",
    "done_mark",
    "no_ids_and_no_places",
    "no_places",
    "no_ids",
    "only_deltas",
    "only_deltas_without_ids",
    "only_text_done",
    "only_part_done",
    "only_item_done",
    "only_completed",
    "last_delta_missing",
    "last_delta_only_at_the_end",
    "ids_that_change",
    "llama_cpp",
    "whole_reply",
    "ignored_events",
    "item_after_its_end",
]


def tool(name: str, item: dict, arguments: str = "", status: str = "completed") -> HostedTool:
    return HostedTool(id=item["id"], name=name, arguments=arguments, status=status, opaque={"item": item})


def search(id: str, action: dict | None, arguments: str = "", status: str = "completed") -> HostedTool:
    item = {"id": id, "type": "web_search_call", "status": status}
    return tool("web_search", item | ({"action": action} if action else {}), arguments, status)


def made(status: str = "completed", **item: object) -> dict:
    return {"id": "ig_1", "type": "image_generation_call", "status": status, **item}


ENCRYPTED = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "Let me think."}],
    "encrypted_content": "gAAAAABo",
}
OPEN = [{"type": "reasoning_text", "text": "Let me think."}]
SOURCES = [{"type": "url", "url": "https://e.x/"}, {"type": "url", "url": "https://f.x/"}]
SERVER = {"server_label": "deepwiki"}
ASKED = {"type": "mcp_call", "status": "completed", **SERVER, "name": "ask", "arguments": '{"q":"x"}', "output": "y"}
CODE = 'print("é\n")'

ANSWERS = {
    "divided_otherwise_at_the_end": ([Text("Hel"), Text("lo")], STOP),
    "text_that_changes_at_the_end": ([Text("Hello, you.")], STOP),
    "refusal": ([Refusal("I cannot.")], STOP),
    "text_and_refusal": ([Text("Well. "), Refusal("I cannot.")], STOP),
    "reasoning_summaries": ([Reasoning("**Looking** at it.\n\nLet me think."), HELLO], STOP),
    "reasoning_that_says_nothing": ([Reasoning(), HELLO], STOP),
    "reasoning_older_names": ([THOUGHT, HELLO], STOP),
    "reasoning_encrypted": (
        [
            Reasoning("Let me think.", opaque={"item": ENCRYPTED}),
            Text("Let me look.", opaque={"item": {"id": "msg_1", "phase": "commentary"}}),
            ToolCall("call_1", "get_weather", '{"city":"Oslo"}', opaque={"item": {"id": "fc_1"}}),
        ],
        TOOLS,
    ),
    "reasoning_text": (
        [
            Reasoning(
                "Let me think.", opaque={"item": {"id": "rs_1", "type": "reasoning", "summary": [], "content": OPEN}}
            ),
            HELLO,
        ],
        STOP,
    ),
    "reasoning_told_twice": (
        [
            Reasoning(
                "Let me think.",
                opaque={
                    "item": {"id": "rs_1", "type": "reasoning", "summary": ENCRYPTED["summary"], "content": OPEN},
                },
            ),
            HELLO,
        ],
        STOP,
    ),
    "function_call": ([WEATHER], TOOLS),
    "function_calls_parallel": ([WEATHER, TIME], TOOLS),
    "function_calls_by_place_alone": ([WEATHER, TIME], TOOLS),
    "function_calls_all_at_place_0": ([WEATHER, TIME], TOOLS),
    "function_calls_whole": ([WEATHER, TIME], TOOLS),
    "function_calls_only_at_the_end": ([WEATHER, TIME], TOOLS),
    "function_calls_by_call_id": ([WEATHER, TIME], TOOLS),
    "function_call_arguments_as_object": ([WEATHER], TOOLS),
    "function_call_never_announced": ([ToolCall("fc_1", "get_weather", '{"city":"Oslo"}')], TOOLS),
    "function_call_never_done": ([WEATHER], CUT),
    "custom_tool_call": (
        [ToolCall("call_1", "shell", "ls -l", opaque={"item": {"type": "custom_tool_call"}})],
        TOOLS,
    ),
    "web_search": (
        [
            search("ws_1", {"type": "search", "query": "oslo weather", "sources": SOURCES}, '{"query":"oslo weather"}'),
            Text("Rainy."),
            Citation(url="https://e.x/", title="E", start=0, end=5),
            Citation(url="https://f.x/"),
        ],
        STOP,
    ),
    "web_pages": (
        [
            search("ws_1", {"type": "open_page", "url": "https://e.x/"}, '{"url":"https://e.x/"}'),
            search(
                "ws_2",
                {"type": "find_in_page", "url": "https://e.x/", "pattern": "rain"},
                '{"url":"https://e.x/","pattern":"rain"}',
                "failed",
            ),
            search("ws_3", None),
        ],
        STOP,
    ),
    "citations_of_two_messages": (
        [
            Text("One é🚀. "),
            Citation(url="https://e.x/", title="E", start=4, end=7),
            Text("Two."),
            Citation(url="https://f.x/", title="F", start=8, end=11),
            Citation(title="a.pdf", start=11),
            Citation(title="b.csv", start=8, end=10),
        ],
        STOP,
    ),
    "citations_only_at_the_end": (
        [HELLO, Citation(url="https://e.x/", title="E", start=0, end=5), Citation(url="https://f.x/", title="F")],
        STOP,
    ),
    "file_search": (
        [
            tool(
                "file_search",
                {
                    "id": "fs_1",
                    "type": "file_search_call",
                    "status": "completed",
                    "queries": ["rain"],
                    "results": [{"file_id": "file_1", "filename": "a.pdf", "score": 0.9, "text": "It rains."}],
                },
                '{"queries":["rain"]}',
            )
        ],
        STOP,
    ),
    "code_interpreter": (
        [
            tool(
                "code_interpreter",
                {
                    "id": "ci_1",
                    "type": "code_interpreter_call",
                    "status": "completed",
                    "container_id": "cntr_1",
                    "code": CODE,
                    "outputs": [{"type": "logs", "logs": "é\n"}],
                },
                '{"code":"print(\\"é\\n\\")"}',
            )
        ],
        STOP,
    ),
    "mcp": (
        [
            tool(
                "mcp_list_tools",
                {"id": "mcpl_1", "type": "mcp_list_tools", **SERVER, "tools": [{"name": "ask", "input_schema": {}}]},
                '{"server_label":"deepwiki"}',
            ),
            tool("mcp", {"id": "mcp_1", **ASKED}, '{"q":"x"}'),
            tool(
                "mcp",
                {"id": "mcp_2", "type": "mcp_call", **SERVER, "name": "ask", "arguments": "{}", "error": "gone"},
                "{}",
                "failed",
            ),
        ],
        STOP,
    ),
    "mcp_list_failed": (
        [
            tool(
                "mcp_list_tools",
                {"id": "mcpl_1", "type": "mcp_list_tools", **SERVER, "tools": [], "error": "no route"},
                '{"server_label":"deepwiki"}',
                "failed",
            )
        ],
        STOP,
    ),
    "image_generation": (
        [
            tool(
                "image_generation",
                made(revised_prompt="A cat.", size="1024x1024", output_format="webp"),
                '{"prompt":"A cat."}',
            ),
            Image(media_type="image/webp", data="UklGRg=="),
            HELLO,
        ],
        STOP,
    ),
    "image_without_partial_ones": (
        [tool("image_generation", made()), Image(media_type="image/png", data=PNG)],
        STOP,
    ),
    "image_that_failed": (
        [
            tool(
                "image_generation",
                made("failed", error={"message": "unsafe", "type": "image_generation_user_error"}),
                status="failed",
            )
        ],
        STOP,
    ),
    "image_in_a_message": ([Text("Look: "), Image(media_type="image/png", data=PNG)], STOP),
    "other_tools": (
        [
            tool(
                "computer",
                {
                    "id": "cu_1",
                    "type": "computer_call",
                    "call_id": "call_1",
                    "status": "completed",
                    "action": {"type": "screenshot"},
                    "pending_safety_checks": [],
                },
                '{"action":{"type":"screenshot"}}',
            ),
            tool("compaction", {"id": "cmp_1", "type": "compaction", "encrypted_content": "gAAAAB"}),
            tool(
                "tool_search",
                {
                    "id": "ts_1",
                    "type": "tool_search_call",
                    "status": "completed",
                    "arguments": {"q": "x"},
                    "execution": "server",
                },
                '{"q":"x"}',
            ),
        ],
        STOP,
    ),
    "audio": ([Audio(media_type="audio/wav", data=heard(b"\0\1\2\3"), transcript="Hello")], STOP),
    "incomplete_length": ([HELLO], Finished(reason="length", raw="max_output_tokens")),
    "incomplete_filter": ([HELLO], Finished(reason="content_filter", raw="content_filter")),
    "incomplete_unsaid": ([HELLO], Finished(reason="other", raw="incomplete")),
    "cancelled": ([HELLO], Finished(reason="other", raw="cancelled")),
    "done_only": ([HELLO], CUT),
    "neither_end_nor_done": ([HELLO], CUT),
    "nothing_said": ([], STOP),
}

FAILED = Failed("The model failed.", code="server_error", retryable=True)
SLOW = Failed("Slow down.", code="rate_limit_exceeded", param="input", retryable=True)
FAILURES = {
    "failed": ([], FAILED),
    "failed_with_text": ([HELLO], FAILED),
    "failed_without_a_word": ([], Failed("The upstream says that the answer failed.")),
    "error_flat": ([HELLO], SLOW),
    "error_flat_without_event_line": ([HELLO], SLOW),
    "error_nested": ([HELLO], Failed("Overloaded.", "server_error", "503", retryable=True)),
    "error_without_a_type": ([HELLO], Failed("upstream gone", "upstream_error", "do_request_failed")),
    "whole_reply_failed": ([], FAILED),
    "chat_completions": ([], Failed("What the upstream sent is no answer of this format.", code="no_answer")),
}

ODDITIES = {
    "completed_without_a_response": ([HELLO], ["not a response"]),
    "unknown_events": ([HELLO], ["unknown event", "unknown event"]),
    "unknown_item": ([HELLO], ["unknown item"]),
    "unknown_pieces": ([HELLO], ["unknown annotation"]),
    "unknown_fields": ([HELLO], ["unknown field mood", "unknown field response.weather", "unknown field item.temper"]),
    "strange_types": (
        [HELLO],
        [
            "not an item",
            "not an item",
            "not a part",
            "the delta is not a text",
            "not an image",
            "not an audio",
            "not a response",
        ],
    ),
}

USAGES: dict[str, Usage | None] = {}

# Recorded for a test of their own.
APART: set[str] = set()
