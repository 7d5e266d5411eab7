"""The rounds of an answer, in every wire format: call, result, call, result, words."""

import uuid

import pytest

from apps.runs.models import Run, Tool
from apps.sandbox.script import Script
from apps.usage.models import Call
from apps.wire.formats import FORMATS
from apps.wire.messages import HostedTool, Text, ToolCall, ToolResult

pytestmark = pytest.mark.django_db(transaction=True)

every_format = pytest.mark.parametrize("format", FORMATS)


SEARCHED = {
    "server_tool_use": {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
    "tool_result": {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
}


def calculate(expression, id="call_1"):
    return ToolCall(id=id, name="calculator", arguments=f'{{"expression": "{expression}"}}')


def weather(city, id="call_w"):
    return ToolCall(id=id, name="get_weather", arguments=f'{{"city": "{city}"}}')


def kinds(parts):
    return [type(part).__name__ for part in parts]


def results(parts):
    return [part for part in parts if isinstance(part, ToolResult)]


@every_format
def test_two_rounds_are_one_answer_of_three_calls(format, scripted_model, say, ended, parts_of):
    model = scripted_model(
        format,
        [Text("First."), calculate("6*7", "call_a")],
        [Text("Then."), calculate("42+1", "call_b")],
        [Text("It is 43.")],
    )
    say(model, tools=["calculator"])
    run = ended()
    assert (run.status, run.finish_reason) == ("completed", run.finish_reason)
    parts = parts_of(run)
    assert kinds(parts) == ["Text", "ToolCall", "ToolResult", "Text", "ToolCall", "ToolResult", "Text"]
    assert [part.content for part in results(parts)] == ["42", "43"]
    assert [part.is_error for part in results(parts)] == [False, False]
    calls = Call.objects.filter(run_id=run.id).order_by("started_at")
    assert [(call.outcome, call.tokens_source) for call in calls] == [("completed", "reported")] * 3
    assert all(call.duration_ms is not None and call.output_tokens for call in calls)


@every_format
def test_the_next_round_is_told_all_that_was_said_and_what_the_tools_gave(format, scripted_model, say, ended):
    model = scripted_model(format, [Text("First."), calculate("6*7", "call_a")], [Text("42.")])
    say(model, "how much?", tools=["calculator"])
    ended()
    first, second = model.asked
    assert [tool.name for tool in first.tools] == [tool.name for tool in second.tools] == ["calculator"]
    assert second.messages[: len(first.messages)] == first.messages
    told = [part for message in second.messages[len(first.messages) :] for part in message.parts]
    assert [type(part) for part in told] == [Text, ToolCall, ToolResult]
    assert told[2].content == "42"


@every_format
def test_parallel_calls_are_all_answered_before_the_model_is_asked_again(format, scripted_model, say, ended, parts_of):
    calls = [calculate(f"{n}*{n}", f"call_{n}") for n in range(5)]
    model = scripted_model(format, calls, [Text("Done.")])
    say(model, tools=["calculator"])
    run = ended()
    assert len(model.asked) == 2
    by_call = {part.call_id: part.content for part in results(parts_of(run))}
    ids = [part.id for part in parts_of(run) if isinstance(part, ToolCall)]
    assert [by_call[id] for id in ids] == ["0", "1", "4", "9", "16"]


@every_format
def test_a_call_by_hand_waits_for_the_person_and_then_goes_on_by_itself(
    format, scripted_model, say, ended, parts_of, by_hand
):
    model = scripted_model(format, [Text("Looking."), weather("Oslo"), calculate("1+1")], [Text("Rain.")])
    say(model, tools=[str(by_hand.id), "calculator"])
    run = ended()
    assert run.status == "completed" and len(model.asked) == 1
    assert kinds(parts_of(run)) == ["Text", "ToolCall", "ToolCall", "ToolResult"]
    page = say.client.get(f"/c/{run.conversation_id}/").content.decode()
    assert 'name="result.1"' in page and 'name="result.2"' not in page
    turn = {"turn": str(uuid.uuid4()), "result.1": "Rain, 7 °C"}
    assert say.client.post(f"/m/{run.message_id}/results/", turn).status_code == 200
    run = ended(2)
    assert kinds(parts_of(run)) == ["Text", "ToolCall", "ToolCall", "ToolResult", "ToolResult", "Text"]
    told = [part for message in model.asked[1].messages for part in message.parts if isinstance(part, ToolResult)]
    assert {part.content for part in told} == {"Rain, 7 °C", "2"}
    assert Call.objects.filter(kind="chat", outcome="completed").count() == 2


@every_format
def test_the_next_prompt_hands_the_whole_loop_back(format, scripted_model, say, ended):
    model = scripted_model(format, [calculate("6*7")], [Text("42.")], [Text("Good bye.")])
    talk = say(model, tools=["calculator"])
    ended()
    say(model, "thanks", tools=["calculator"], conversation=str(talk.id))
    ended(2)
    told = [part for message in model.asked[2].messages for part in message.parts]
    assert [type(part) for part in told] == [Text, ToolCall, ToolResult, Text, Text]
    roles = [message.role for message in model.asked[2].messages]
    assert roles.count("assistant") == 2


@every_format
def test_a_call_that_nobody_answered_is_told_as_such_with_the_next_prompt(format, scripted_model, say, ended, by_hand):
    model = scripted_model(format, [weather("Oslo")], [Text("Never mind.")])
    talk = say(model, tools=[str(by_hand.id)])
    ended()
    say(model, "forget it", tools=[str(by_hand.id)], conversation=str(talk.id))
    ended(2)
    told = [part for message in model.asked[1].messages for part in message.parts if isinstance(part, ToolResult)]
    assert len(told) == 1 and "not carried out" in told[0].content


@every_format
def test_an_answer_that_never_stops_calling_ends_and_can_be_continued(format, scripted_model, say, ended, parts_of):
    model = scripted_model(format, lambda request: [calculate("1+1", f"call_{uuid.uuid4().hex[:8]}")])
    say(model, tools=["calculator"], rounds="3")
    run = ended()
    assert (run.status, run.finish_reason) == ("completed", "tool_rounds")
    assert len(model.asked) == 3
    assert "3 rounds" in say.client.get(f"/c/{run.conversation_id}/").content.decode()
    say.client.post(f"/m/{run.message_id}/continue/", {"turn": str(uuid.uuid4())})
    ended(2)
    assert len(model.asked) == 6


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (ToolCall(id="c", name="no_such_tool", arguments="{}"), "no tool named no_such_tool"),
        (ToolCall(id="c", name="calculator", arguments='{"expression": "1/0"}'), "divides by zero"),
        (ToolCall(id="c", name="calculator", arguments='{"expr'), "not JSON"),
        (ToolCall(id="c", name="calculator", arguments="[1]"), "must be a JSON object"),
        (ToolCall(id="c", name="calculator", arguments="{}"), "lacks the property expression"),
        (ToolCall(id="c", name="fetch_page", arguments='{"url": "http://169.254.169.254/"}'), "public internet"),
        (ToolCall(id="c", name="get_weather", arguments='{"city'), "not JSON"),
    ],
)
def test_a_call_that_fails_is_told_to_the_model_and_to_the_person(
    scripted_model, say, ended, parts_of, by_hand, call, said
):
    model = scripted_model("openai_chat", [call], [Text("Sorry.")])
    say(model, tools=["calculator", "fetch_page", str(by_hand.id)])
    run = ended()
    failed = results(parts_of(run))[0]
    assert failed.is_error and said in failed.content
    assert said in str(model.asked[1].messages)
    page = say.client.get(f"/c/{run.conversation_id}/").content.decode()
    assert 'data-state="error"' in page


def test_a_tool_that_had_to_be_called_need_not_be_called_for_ever(scripted_model, say, ended):
    model = scripted_model("openai_chat", [calculate("1+1")], [Text("2")])
    say(model, tools=["calculator"], tool_choice="required")
    ended()
    assert [request.tool_choice for request in model.asked] == ["required", "auto"]


def test_a_choice_of_a_tool_that_does_not_go_along_is_not_sent(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text("2")])
    say(model, tools=["calculator"], tool_choice="get_weather")
    ended()
    assert model.asked[0].tool_choice == ""


def test_ids_that_begin_anew_in_each_round_are_paired_by_round(scripted_model, say, ended, parts_of):
    model = scripted_model("openai_chat", [calculate("1+1", "call_0")], [calculate("2+2", "call_0")], [Text("4")])
    say(model, tools=["calculator"])
    parts = parts_of(ended())
    assert [part.content for part in results(parts)] == ["2", "4"]
    told = [part.content for message in model.asked[2].messages for part in message.parts if hasattr(part, "content")]
    assert told == ["2", "4"]


def test_tokens_and_cost_of_all_rounds_are_added_up_in_the_page(scripted_model, say, ended):
    model = scripted_model("openai_chat", [calculate("1+1")], [Text("2")])
    say(model, tools=["calculator"])
    run = ended()
    calls = Call.objects.filter(run_id=run.id)
    spent = sum(call.input_tokens for call in calls), sum(call.output_tokens for call in calls)
    page = say.client.get(f"/c/{run.conversation_id}/").content.decode()
    assert f"{spent[0]} in, {spent[1]} out" in page
    assert "2 requests" in page


def test_the_run_keeps_the_definitions_that_were_sent(scripted_model, say, ended, by_hand):
    model = scripted_model("openai_chat", [Text("hello")])
    say(model, tools=[str(by_hand.id), "calculator"])
    by_hand.delete()
    run = ended()
    assert [kept["name"] for kept in run.tools] == ["get_weather", "calculator"]
    assert run.tools[0]["description"] == "Weather"


def test_calls_of_a_cut_answer_are_not_carried_out(scripted_model, say, ended, parts_of):
    model = scripted_model("openai_chat", Script(parts=(calculate("1+1"),), reason="length"), [Text("2")])
    say(model, tools=["calculator"])
    run = ended()
    assert len(model.asked) == 1 and results(parts_of(run)) == []


def test_an_upstream_that_paused_is_asked_to_go_on_with_what_it_said(scripted_model, say, ended, parts_of):
    search = HostedTool(id="srvtoolu_1", name="web_search", arguments="{}", status="completed", opaque=SEARCHED)
    paused = Script(parts=(Text("Searching."), search), reason="paused")
    model = scripted_model("anthropic_messages", paused, [Text("Found.")])
    say(model)
    run = ended()
    assert (run.status, run.finish_reason) == ("completed", "end_turn")
    assert len(model.asked) == 2
    assert model.asked[1].messages[-1].role == "assistant"
    assert "Found." in parts_of(run)[-1].text
    assert Call.objects.filter(run_id=run.id, outcome="completed").count() == 2


def test_a_person_without_tools_sends_none(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text("hello")])
    say(model, tools=[], tool_choice="required")
    ended()
    assert model.asked[0].tools == () and model.asked[0].tool_choice == ""


def test_tools_of_somebody_else_do_not_go_along(scripted_model, say, ended, user):
    theirs = Tool.objects.create(owner=user, name="theirs", schema='{"type": "object"}')
    model = scripted_model("openai_chat", [Text("hello")])
    say(model, tools=[str(theirs.id)])
    run = ended()
    assert model.asked[0].tools == () and run.tools == []
    assert Run.objects.count() == 1
