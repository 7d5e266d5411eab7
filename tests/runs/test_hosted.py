"""What a reader is told of a tool that the upstream ran."""

import pytest

from apps.runs.hosted import sentence, state
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
