"""Stop, a dead process, a failing upstream: in the middle of a loop nothing is lost, and it can go on."""

import ipaddress
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.conversations.models import Part
from apps.runs import reaper
from apps.runs.models import Run, RunEvent, Tool
from apps.runs.reaper import replayed
from apps.usage.models import Call
from apps.wire.messages import Text, ToolCall, ToolResult
from tests.processes import wait_until
from tests.upstreams.scripted import Scripted

from .scripted_model import Unfinished

pytestmark = pytest.mark.django_db(transaction=True)

CALC = ToolCall(id="call_1", name="calculator", arguments='{"expression": "6*7"}')
SLOW = ToolCall(id="call_2", name="slow", arguments="{}")


class Door:
    """An endpoint that answers only once it is opened."""

    def __init__(self):
        self.is_open = False

    async def __call__(self, exchange):
        if self.is_open:
            await exchange.json("late but here")
        else:
            await exchange.client_left()


@pytest.fixture
def door(member, settings):
    """The endpoint of the tool `slow`; `.tool` is its row, `.server` its server."""
    settings.TOOL_NETWORKS = [ipaddress.ip_network("127.0.0.1/32")]
    door = Door()
    with Scripted(door) as server:
        door.server = server
        schema = '{"type": "object"}'
        door.tool = Tool.objects.create(owner=member, name="slow", schema=schema, kind="endpoint", url=server.url)
        yield door


def in_the_tool(door):
    """The run, while its slow tool is being asked and what came before is in the journal."""
    wait_until(lambda: door.server.requests, "the endpoint is asked")
    run = Run.objects.get(status="running")
    wait_until(lambda: any(isinstance(p, ToolResult) for p in replayed(run).parts), "the first result is journaled")
    return run


@pytest.fixture
def looping(scripted_model, say, door):
    """A run whose first round called a quick and a slow tool, in the middle of the slow one."""
    model = scripted_model("openai_chat", [Text("Wait."), CALC, SLOW], [Text("All done.")])
    say(model, tools=["calculator", str(door.tool.id)])
    return model, in_the_tool(door)


def continued(client, run):
    reply = client.post(f"/m/{run.message_id}/continue/", {"turn": str(uuid.uuid4())})
    assert reply.status_code == 200, reply.content.decode()


def test_stop_while_a_tool_runs_ends_its_request_and_keeps_what_there_is(looping, say, ended, parts_of, door):
    _model, run = looping
    assert say.client.post(f"/runs/{run.id}/stop/").status_code == 204
    run = ended()
    wait_until(door.server.left.is_set, "the endpoint's client left")
    assert run.status == "stopped"
    assert [type(part) for part in parts_of(run)] == [Text, ToolCall, ToolCall, ToolResult]
    assert [call.outcome for call in Call.objects.filter(run_id=run.id)] == ["completed"]
    assert "not run" in say.client.get(f"/c/{run.conversation_id}/").content.decode()


def test_a_stopped_loop_goes_on_with_the_calls_that_are_left(looping, say, ended, parts_of, door):
    model, run = looping
    say.client.post(f"/runs/{run.id}/stop/")
    ended()
    door.is_open = True
    continued(say.client, run)
    parts = parts_of(ended(2))
    assert [type(part) for part in parts] == [Text, ToolCall, ToolCall, ToolResult, ToolResult, Text]
    assert len(model.asked) == 2
    told = [part.content for message in model.asked[1].messages for part in message.parts if hasattr(part, "content")]
    assert told == ["42", '"late but here"']


def test_stop_while_the_second_round_is_written_keeps_both_rounds(scripted_model, say, ended, parts_of):
    model = scripted_model("openai_chat", [CALC], Unfinished([Text("word " * 50)]))
    say(model, tools=["calculator"])
    run = wait_until(lambda: Run.objects.filter(status="running").first(), "it runs")
    wait_until(lambda: "word" in replayed(run).text, "the second round is journaled")
    say.client.post(f"/runs/{run.id}/stop/")
    run = ended()
    assert run.status == "stopped"
    assert [type(part) for part in parts_of(run)][:2] == [ToolCall, ToolResult]
    outcomes = list(Call.objects.filter(run_id=run.id).order_by("started_at").values_list("outcome", flat=True))
    assert outcomes == ["completed", "stopped"]


def died(run):
    """The run as a process that was killed leaves it."""
    long_ago = timezone.now() - timedelta(minutes=5)
    Run.objects.filter(id=run.id).update(status="running", heartbeat_at=long_ago, stop_requested=False)


def test_a_process_that_dies_in_a_tool_leaves_the_calls_and_their_results(looping, say, serving, ended, parts_of):
    _model, run = looping
    rows = list(RunEvent.objects.filter(run=run))
    say.client.post(f"/runs/{run.id}/stop/")
    ended()
    Part.objects.filter(message=run.message_id).delete()
    RunEvent.objects.bulk_create(RunEvent(run=run, seq=row.seq, events=row.events) for row in rows)
    died(run)
    assert reaper.reap() == 1
    run.refresh_from_db()
    assert run.status == "interrupted"
    assert [type(part) for part in parts_of(run)] == [Text, ToolCall, ToolCall, ToolResult]
    assert "Interrupted" in say.client.get(f"/c/{run.conversation_id}/").content.decode()


def test_an_upstream_that_fails_in_a_later_round_does_not_cost_the_results(scripted_model, say, ended, parts_of):
    broken = iter([False, True, False])
    model = scripted_model("openai_chat", [CALC], [Text("42")])
    answer = model.server.script

    async def failing(exchange):
        if "conversation a title" not in exchange.request.body.decode() and next(broken):
            await exchange.json({"error": {"message": "overloaded"}}, status=400)
        else:
            await answer(exchange)

    model.server.script = failing
    say(model, tools=["calculator"])
    run = ended()
    assert run.status == "failed"
    assert [type(part) for part in parts_of(run)] == [ToolCall, ToolResult]
    outcomes = list(Call.objects.filter(run_id=run.id).order_by("started_at").values_list("outcome", "output_tokens"))
    assert [outcome for outcome, _tokens in outcomes] == ["completed", "failed"]
    assert outcomes[1][1] == 0
    assert "/continue/" in say.client.get(f"/c/{run.conversation_id}/").content.decode()
    continued(say.client, run)
    run = ended(2)
    assert [type(part) for part in parts_of(run)] == [ToolCall, ToolResult, Text]


def test_a_model_that_was_taken_away_in_the_middle_is_not_asked_again(looping, ended, door, parts_of):
    model, run = looping
    type(model.row).objects.filter(pk=model.row.pk).update(enabled=False)
    # The endpoint's connection ends: the tool fails, and the next round would begin.
    door.server.__exit__()
    run = ended()
    door.server.__enter__()
    assert run.status == "failed" and "cannot be used any more" in run.error["title"]
    assert len(model.asked) == 1
    assert len([part for part in parts_of(run) if isinstance(part, ToolResult)]) == 2
