"""Turns that a budget has no room for: by the page, by a crash's end, by the command."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.runs import reaper, start
from apps.runs.models import Run
from apps.upstreams.models import Model
from apps.usage.models import Budget, Call, Hold, Tally

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def echo(sandbox_upstream):
    return Model.objects.get(upstream=sandbox_upstream, name="sandbox-echo")


def test_a_refused_prompt_leaves_nothing_behind_and_says_which_budget_until_when_and_whom_to_ask(
    client_of, member, administrator, echo
):
    Budget.objects.create(user=member, measure="calls", limit=1, period="month")
    Call.objects.create(user=member, upstream_name="u", model_name="m", format="openai_chat", outcome="stopped")
    client = client_of(member)
    client.cookies["django_language"] = "en"
    reply = client.post("/send/", {"text": "hello", "turn": str(uuid.uuid4()), "model": str(echo.id)})
    told = reply.content.decode()
    assert reply.status_code == 429 and int(reply["Retry-After"]) > 0
    assert "The budget “1 call a month for member” is used up: 1 of 1 call. It renews on" in told
    assert "For more, ask administrator (administrator@example.org)." in told
    assert 'id="budget-left"' in told and "Used up: 1 call a month" in told
    assert not Conversation.objects.exists() and not Run.objects.exists() and Call.objects.count() == 1


def test_a_budget_of_nothing_refuses_for_good(client_of, administrator, echo):
    Budget.objects.create(measure="calls", limit=0)
    reply = client_of(administrator).post("/send/", {"text": "hello", "turn": str(uuid.uuid4()), "model": str(echo.id)})
    assert reply.status_code == 403
    assert "You can change it under Settings, Budgets." in reply.content.decode()


def test_a_run_whose_process_died_gives_back_what_it_had_reserved_and_counts_as_what_it_used(member, echo):
    tokens = Budget.objects.create(user=member, measure="tokens", limit=10_000)
    calls = Budget.objects.create(user=member, measure="calls", limit=1, period="once")
    talk = edit.create(owner=member, model=echo, first_text="hello")
    plan = start.send(conversation=talk, turn_id=uuid.uuid4(), text="hello", model=echo)
    assert Tally.objects.get(budget=tokens).reserved > 4_000 and Tally.objects.get(budget=calls).reserved == 1
    Run.objects.filter(id=plan.run_id).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert reaper.reap() == 1
    assert not Hold.objects.exists() and not Tally.objects.exclude(reserved=0).exists()
    call = Call.objects.get()
    assert Tally.objects.get(budget=tokens).used == (call.input_tokens or 0) + (call.output_tokens or 0)


def test_the_command_that_asks_tells_it_and_fails(administrator, echo):
    Budget.objects.create(measure="calls", limit=0)
    with pytest.raises(CommandError, match="The budget “0 calls a month for each member” allows nothing"):
        call_command("ask", "hi", "--model", "sandbox-echo", stdout=StringIO())
    assert not Call.objects.exists() and not Conversation.objects.exists()
