"""What a crash leaves, and how it goes on."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.conversations import edit
from apps.conversations.queries import parts_of
from apps.runs import reaper, start
from apps.runs.finish import Ending, finish
from apps.runs.journal import journaled
from apps.runs.models import Run, RunEvent
from apps.upstreams.models import Model
from apps.usage.models import Budget, Call, Tally
from apps.wire.events import PartDelta, PartStarted, encode_events
from apps.wire.messages import HostedTool, Text, Usage
from apps.wire.tokens import estimate
from apps.work.leases import worker_name

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(member):
    return Budget.objects.create(user=member, measure="tokens", period="day", limit=1_000_000)


@pytest.fixture
def abandoned(day, member, sandbox_upstream):
    """A run whose process died in the middle of its answer."""
    model = Model.objects.get(upstream=sandbox_upstream, name="sandbox-echo")
    talk = edit.create(owner=member, model=model, first_text="hello")
    plan = start.send(conversation=talk, turn_id=uuid.uuid4(), text="hello", model=model)
    events = [PartStarted(index=0, part=Text("Once upon ")), PartDelta(index=0, text="a time")]
    RunEvent.objects.create(run_id=plan.run_id, seq=1, events=encode_events(events))
    Run.objects.filter(id=plan.run_id).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    return Run.objects.get(id=plan.run_id)


def text_of(run):
    return "".join(run.message.parts.values_list("text", flat=True))


def test_an_abandoned_run_is_interrupted_with_its_text_and_its_call_is_settled(abandoned, day):
    assert reaper.reap() == 1
    abandoned.refresh_from_db()
    assert abandoned.status == "interrupted"
    assert text_of(abandoned) == "Once upon a time"
    call = Call.objects.get(run_id=abandoned.id)
    assert (call.outcome, call.tokens_source) == ("interrupted", "estimated")
    read, written = estimate("hello"), estimate("Once upon a time")
    assert (call.input_tokens, call.output_tokens) == (read, written)
    tally = Tally.objects.get(budget=day)
    assert (tally.used, tally.reserved) == (read + written, 0), "its prompt was sent, and is paid for"
    assert not RunEvent.objects.exists()


def test_a_run_with_a_fresh_heartbeat_is_left_alone(abandoned):
    Run.objects.filter(id=abandoned.id).update(heartbeat_at=timezone.now(), worker=worker_name())
    assert reaper.reap() == 0
    assert journaled(abandoned)[0] == 1


def test_a_run_of_a_process_that_is_gone_is_reaped_without_waiting_for_its_heartbeat(abandoned):
    host = worker_name().partition("/")[0]
    Run.objects.filter(id=abandoned.id).update(heartbeat_at=timezone.now(), worker=f"{host}/999999999/1")
    assert reaper.reap() == 1


def test_one_finisher_wins(abandoned):
    written = {"parts": [Text("the end")], "usage": Usage(output_tokens=2), "estimated": False, "measured": None}
    assert finish(abandoned.id, ending=Ending(status="completed"), **written)
    assert not finish(abandoned.id, ending=Ending(status="interrupted"), **{**written, "parts": [Text("late")]})
    abandoned.refresh_from_db()
    assert (abandoned.status, text_of(abandoned)) == ("completed", "the end")


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (Ending(status="completed"), "completed"),
        (Ending(status="completed", truncated=True), "failed"),
        (Ending(status="stopped"), "failed"),
        (Ending(status="interrupted"), "failed"),
        (Ending(status="completed", finish_reason="pause_turn"), "running"),
    ],
)
def test_what_the_upstream_still_ran_has_ended_with_the_answer_unless_it_only_pauses(abandoned, ending, status):
    tools = [HostedTool("1", "web_search", "{}", "running"), HostedTool("2", "web_search", "{}", "completed")]
    written = {"usage": Usage(), "estimated": True, "measured": None}
    assert finish(abandoned.id, ending=ending, parts=tools, **written)
    assert [part.status for part in parts_of([abandoned.message_id])[abandoned.message_id]] == [status, "completed"]


def test_a_stop_that_its_process_did_not_live_to_see_ends_as_stopped(abandoned):
    Run.objects.filter(id=abandoned.id).update(stop_requested=True)
    reaper.reap()
    abandoned.refresh_from_db()
    assert abandoned.status == "stopped"


def test_what_an_upstream_wrote_into_its_answer_cannot_keep_the_run_from_ending(abandoned):
    ending = Ending(
        status="failed",
        finish_reason="st\0op",
        answered_model="m\0",
        error={"title": "a\0b", "upstream_says": "\ud800"},
    )
    written = {"parts": [Text("x\0y")], "usage": Usage(), "estimated": True, "measured": None}
    assert finish(abandoned.id, ending=ending, **written)
    abandoned.refresh_from_db()
    assert (abandoned.finish_reason, abandoned.answered_model, abandoned.error["title"]) == ("stop", "m", "ab")
