"""Rounds as a live run folds them, and as another process reads them from the journal."""

import uuid

import pytest

from apps.runs import turns
from apps.runs.progress import Progress
from apps.runs.tools import work
from apps.runs.tools.definitions import BUILT_IN_KIND, Definition
from apps.wire.events import (
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    UsageReported,
    decode_events,
    encode_events,
)
from apps.wire.messages import Text, ToolCall, ToolResult, Usage
from apps.wire.transcript import merge


def progress(**more):
    return Progress(run_id=uuid.uuid4(), user_id=1, message_id=uuid.uuid4(), **more)


def called(name, id, arguments="{}", tokens=5):
    return [
        Started(id="r1", model="m"),
        PartStarted(0, Text("I look. ")),
        PartDelta(0, "Now."),
        PartEnded(0),
        PartStarted(1, ToolCall(id=id, name=name)),
        PartDelta(1, arguments),
        PartEnded(1),
        UsageReported(Usage(output_tokens=tokens)),
        Finished(reason="tool_calls"),
    ]


def given(id, content="42"):
    return [PartStarted(0, ToolResult(call_id=id, content=content)), PartEnded(0)]


SAID = [Started(id="r2", model="m"), PartStarted(0, Text("It is ")), PartDelta(0, "42."), PartEnded(0)]


def test_a_journal_of_several_rounds_gives_the_same_parts():
    live = progress()
    for event in [*called("a", "c"), *given("c"), *called("b", "c"), *given("c", "43"), *SAID]:
        live.take([event])
    read = progress()
    read.take(decode_events(encode_events(merge(live.unsaved))))
    assert read.parts == live.parts
    kinds = [type(part).__name__ for part in live.parts]
    assert kinds == ["Text", "ToolCall", "ToolResult", "Text", "ToolCall", "ToolResult", "Text"]
    assert live.parts[-1].text == "It is 42."


def test_what_is_read_of_the_second_round_does_not_count_the_first_ones_usage():
    read = progress()
    read.take([*called("a", "c", tokens=500), *given("c"), *SAID])
    assert read.transcript.usage is None and read.transcript.finished is None
    assert 0 < read.written < 10


def test_before_the_second_round_begins_the_first_ones_usage_is_gone_too():
    read = progress()
    read.take([*called("a", "c", tokens=500), *given("c")])
    assert read.transcript.usage is None


def test_an_answer_that_goes_on_behind_results_begins_a_text_of_its_own():
    prior = [Text("Before."), ToolCall(id="c", name="a", arguments="{}"), ToolResult(call_id="c", content="1")]
    going_on = progress(prior=prior)
    going_on.take(SAID)
    assert going_on.parts == [*prior, Text("It is 42.")]


def test_a_card_shows_each_state_that_a_call_goes_through():
    live = progress(by_hand={"mine"})
    states = []
    for event in [*called("calculator", "c", '{"a":1}'), *given("c")]:
        live.take([event])
        states += [view.card.state for view in turns.live_views(live) if view.card][-1:]
    assert list(dict.fromkeys(states)) == ["writing", "running", "ok"]
    hand = progress(by_hand={"mine"})
    hand.take(called("mine", "c"))
    view = turns.live_views(hand)[-1]
    assert (view.card.state, view.card.field) == ("waiting", "")


def test_a_result_stands_with_its_call_and_not_alone():
    live = progress()
    live.take([*called("a", "c"), *given("c", '{"b": [1]}'), *SAID])
    views = turns.live_views(live)
    assert [view.kind for view in views] == ["text", "tool_call", "text"]
    assert views[1].card.result == '{\n  "b": [\n    1\n  ]\n}'


def test_a_result_without_a_call_is_shown_by_itself():
    live = progress()
    live.take(given("nobody"))
    assert [view.kind for view in turns.live_views(live)] == ["tool_result"]


CALCULATOR = Definition("calculator", "", '{"type": "object"}', BUILT_IN_KIND)


@pytest.mark.parametrize("ids", [["", "", ""], ["a", "a", "b"]])
async def test_calls_that_share_an_id_are_told_in_their_order(ids):
    calls = [
        ToolCall(id=id, name="calculator", arguments=f'{{"expression": "{number}"}}') for number, id in enumerate(ids)
    ]
    told = []
    await work.answer(calls, {"calculator": CALCULATOR}, told.append)
    assert [result.content for result in told] == ["0", "1", "2"]


async def test_there_is_an_end_to_the_calls_of_one_round():
    calls = [ToolCall(id=str(n), name="calculator", arguments='{"expression": "1"}') for n in range(work.MOST + 3)]
    told = []
    await work.answer(calls, {"calculator": CALCULATOR}, told.append)
    assert sum(result.is_error for result in told) == 3
    assert {result.call_id for result in told if result.is_error} == {str(work.MOST + n) for n in range(3)}


async def test_a_tool_of_ours_that_breaks_fails_its_call_and_nothing_else():
    known = {"no_such_built_in": Definition("no_such_built_in", "", '{"type": "object"}', BUILT_IN_KIND)}
    told = []
    await work.answer([ToolCall(id="c", name="no_such_built_in", arguments="{}")], known, told.append)
    assert told[0].is_error and "on our side" in told[0].content
