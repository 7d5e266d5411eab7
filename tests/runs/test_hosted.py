"""What a reader is told of a tool that the upstream ran."""

import pytest
from django.template.loader import render_to_string

from apps.runs.hosted import MOST_FOUND, found, sentence, state
from apps.runs.turns import _view
from apps.wire.messages import HostedTool


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("running", "Searching the web: weather in Oslo"),
        ("", "Searching the web: weather in Oslo"),
        ("completed", "Searched the web: weather in Oslo"),
        ("failed", "The web search failed: weather in Oslo"),
    ],
)
def test_a_search_says_what_it_looks_for(status, told):
    assert sentence(HostedTool("1", "web_search", '{"query": "weather in Oslo"}', status)) == told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"queries": ["a", "b"]}', "Searched the web: a; b"),
        ('{"type": "open_page", "url": "https://a.example"}', "Searched the web: https://a.example"),
        ('{"query": "half', "Searched the web"),
        ("", "Searched the web"),
        ("[1]", "Searched the web"),
        ('{"query": {"a": 1}}', "Searched the web"),
        ("[" * 100_000, "Searched the web"),
    ],
)
def test_what_was_asked_is_found_in_the_shapes_that_upstreams_use(arguments, told):
    assert sentence(HostedTool("1", "web_search", arguments, "completed")) == told


def test_other_tools_are_called_by_their_name():
    assert sentence(HostedTool("1", "code_interpreter", '{"code": "1+1"}', "completed")) == (
        "Ran code_interpreter at the upstream: 1+1"
    )
    assert sentence(HostedTool("1", "", "", "running")) == "Running a tool at the upstream…"


def test_braces_and_lengths_of_a_stranger_s_text_do_no_harm():
    told = sentence(HostedTool("1", "{name.__class__}", '{"query": "{asked} \\u202e' + "x" * 9000 + '"}', "failed"))
    assert told.startswith("{name.__class__} failed at the upstream: {asked}") and len(told) < 400
    assert "\u202e" not in told


def test_the_state_is_one_that_the_stylesheet_knows():
    states = [state(HostedTool(status=status)) for status in ("running", "completed", "failed", "who knows")]
    assert states == ["running", "ok", "error", "running"]


def of(name: str, **opaque) -> HostedTool:
    return HostedTool("1", name, "{}", "completed", opaque)


def ran(kind: str, **told) -> HostedTool:
    return of(
        "code_interpreter", tool_result={"type": f"{kind}_tool_result", "content": {"type": f"{kind}_result", **told}}
    )


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        (
            of(
                "code_interpreter",
                item={"outputs": [{"type": "logs", "logs": "42\n"}, {"type": "image", "url": "https://e.x/a.png"}]},
            ),
            "42\nhttps://e.x/a.png",
        ),
        (of("code_interpreter", item={"outputs": [{"type": "image", "url": "data:image/png;base64,AAAA"}]}), ""),
        (
            of("file_search", item={"results": [{"filename": "a.pdf", "score": 0.9, "text": "It rains."}]}),
            "a.pdf\nIt rains.",
        ),
        (of("mcp", item={"output": "the answer", "error": None}), "the answer"),
        (of("mcp", item={"error": {"type": "http_error", "code": 500, "message": "gone"}}), "gone"),
        (
            of("shell", item={"output": [{"stdout": "a", "stderr": "b", "outcome": {"type": "exit", "exit_code": 0}}]}),
            "a\nb",
        ),
        (ran("code_execution", stdout="42", stderr="", return_code=0, content=[]), "42"),
        (ran("code_execution", stdout="", stderr="", return_code=0, content=[]), ""),
        (
            of("mcp", tool_result={"content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}),
            "one\ntwo",
        ),
        (
            of(
                "web_fetch",
                tool_result={"content": {"type": "web_fetch_tool_result_error", "error_code": "unavailable"}},
            ),
            "unavailable",
        ),
        (of("code_interpreter", parts=[{"executableCode": {}}, {"codeExecutionResult": {"output": "42\n"}}]), "42"),
        (of("file_search", parts=[{"toolResponse": {"response": {"a": 1}}}]), '{\n  "a": 1\n}'),
        (of("web_search", item={"results": [{"text": "x"}]}), ""),
        (of("mcp", item={"output": {"a": [1]}}), '{\n  "a": [\n    1\n  ]\n}'),
        (of("mcp", item="strange", tool_result=7, parts="x"), ""),
        (of("mcp", tool_result={"content": [None, 3]}), "3"),
        (HostedTool("1", "mcp"), ""),
    ],
)
def test_what_a_tool_gave_is_read_as_each_format_brings_it(tool, text):
    assert found(tool) == text


def test_what_a_tool_gave_is_folded_behind_its_line_as_text():
    tool = of("mcp", item={"output": "<script>owned()</script>" + "x" * 2 * MOST_FOUND})
    html = render_to_string("conversations/_part.html", {"part": _view("m-0", tool)})
    assert "<details" in html and "&lt;script&gt;owned()" in html and "<script>" not in html
    assert len(html) < MOST_FOUND + 5000
