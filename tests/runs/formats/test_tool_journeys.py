"""Tools in every format: the loop, calls at once, and a person's own answers, each round a call of its own."""

import json

import pytest

from apps.runs.models import Tool
from apps.wire.formats import FORMATS
from apps.wire.messages import Reasoning, Text, ToolCall, ToolResult

from .sameness import answered
from .talking import is_complete

pytestmark = pytest.mark.django_db(transaction=True)
every_format = pytest.mark.parametrize("format", FORMATS)

WEATHER = {
    "type": "object",
    "properties": {"city": {"const": "Oslo"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
    "required": ["city"],
}
NOTHING = '{"type": "object", "properties": {}}'
ROUND = [Text, ToolCall, ToolResult]


@pytest.fixture
def by_hand(member):
    """The tools of a conversation, of which `member` answers one themselves."""
    tool = Tool.objects.create(owner=member, name="get_weather", description="Weather", schema=json.dumps(WEATHER))
    return {"tool": [str(tool.id)], "tool_rounds": "8"}


def pairs(answer) -> list[tuple[str, str]]:
    """The calls with what came upon them, in the order of the calls."""
    results = {result.call_id: result.content for result in answer.of(ToolResult)}
    return [(call.name, results[call.id]) for call in answer.of(ToolCall)]


@every_format
def test_a_loop_of_two_rounds_goes_on_by_itself(new_talk, format):
    answer = new_talk(format).ask("sandbox-tool-loop@0", tool=["calculator"], tool_rounds="8")
    assert is_complete(answer, rounds=3)
    assert answer.kinds == [*ROUND, *ROUND, Text]
    assert [part.text for part in answer.parts if isinstance(part, Text)][:2] == ["Round 1. ", "Round 2. "]
    assert [json.loads(call.arguments)["expression"] for call in answer.of(ToolCall)] == ["6 * 7", "2 ^ 10"]
    assert pairs(answer) == [("calculator", "42"), ("calculator", "1024")]
    assert answer.parts[-1].text.endswith("- 42\n- 1024"), "both results reached the model"
    assert answer.shown.count('class="tool"') == 2 and "1024" in answer.words


@every_format
def test_two_tools_at_once_are_run_together_and_one_that_fails_is_told(new_talk, member, format):
    inside = Tool.objects.create(owner=member, name="inside", schema=NOTHING, kind="endpoint", url="https://127.0.0.1/")
    answer = new_talk(format).ask("sandbox-tools@0", tool=["current_time", str(inside.id)], tool_rounds="8")
    assert is_complete(answer, rounds=2)
    assert answer.kinds == [Text, ToolCall, ToolCall, ToolResult, ToolResult, Text]
    assert {name for name, _found in pairs(answer)} == {"inside", "current_time"}
    found = {result.name: result for result in answer.of(ToolResult)}
    assert found["inside"].is_error and not found["current_time"].is_error
    time = json.loads(found["current_time"].content)
    assert time["timezone"] in ("Europe/Oslo", "Asia/Shanghai")
    assert time["time"] in answer.text and found["inside"].content in answer.text, "both reached the model"
    assert answer.shown.count('data-state="error"') >= 1


@every_format
def test_two_calls_that_a_person_answers_go_to_their_own_calls(new_talk, by_hand, sandbox, format):
    talk = new_talk(format)
    waiting = talk.ask("sandbox-tools@0", **by_hand)
    assert waiting.run.status == "completed" and waiting.kinds == [Text, ToolCall, ToolCall]
    assert [json.loads(call.arguments)["city"] for call in waiting.of(ToolCall)] == ["Oslo", "Bergen"]
    assert 'name="result.1"' in waiting.shown and 'name="result.2"' in waiting.shown
    answer = talk.answer_calls(waiting.run, result_1="Rain", result_2="Storm")
    assert is_complete(answer)
    assert pairs(answer) == [("get_weather", "Rain"), ("get_weather", "Storm")]
    told = answered(format, sandbox.stats()["last_request"])
    assert [(call["city"], result) for call, result in told] == [("Oslo", "Rain"), ("Bergen", "Storm")]
    assert answer.parts[-1].text == "This is what the tools found:\n\n- Rain\n- Storm"
    assert answer.shown.count('data-state="ok"') >= 2 and "Storm" in answer.words


@every_format
def test_a_strict_tool_is_sent_as_one_or_named_where_the_format_has_no_word_for_it(new_talk, member, sandbox, format):
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    tool = Tool.objects.create(owner=member, name="look", schema=json.dumps(schema), strict=True)
    answer = new_talk(format).ask("sandbox-echo@0", tool=[str(tool.id)], tool_rounds="8")
    sent = json.dumps(sandbox.stats()["last_request"]["tools"])
    assert ('"strict": true' in sent) == (format != "gemini")
    assert ("Gemini cannot hold a call to its schema: look is sent" in answer.words) == (format == "gemini")


@every_format
def test_the_thoughts_of_a_loop_go_back_with_each_round(new_talk, by_hand, format):
    """The sandbox refuses a call that comes back without the thoughts that came with it."""
    talk = new_talk(format)
    first = talk.ask("sandbox-signed-tools@0", **by_hand)
    assert first.kinds == [Reasoning, ToolCall] and json.loads(first.parts[1].arguments)["city"] == "Oslo"
    second = talk.answer_calls(first.run, result_1="Rain")
    assert second.kinds == [Reasoning, ToolCall, ToolResult, Reasoning, ToolCall]
    answer = talk.answer_calls(second.run, result_4="Sun")
    assert is_complete(answer)
    assert answer.kinds[6:8] == [Reasoning, Text]
    assert answer.text == "This is what the tools found:\n\n- Rain\n- Sun"
    assert answer.shown.count('class="reasoning"') == 3 and answer.shown.count('class="tool"') == 2
