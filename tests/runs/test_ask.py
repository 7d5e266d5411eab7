"""`manage.py ask`: one turn for operators and scripts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.conversations.models import Conversation
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call

pytestmark = pytest.mark.django_db(transaction=True)


def ask(*arguments):
    out = StringIO()
    call_command("ask", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def ready(administrator, sandbox_upstream):
    """Somebody to ask as, and models to ask."""


def test_it_prints_the_answer_and_keeps_the_conversation(administrator):
    assert "to be or not" in ask("to be or not", "--model", "sandbox-echo")
    talk = Conversation.objects.get()
    assert (talk.owner, talk.head.role) == (administrator, "assistant")
    assert Call.objects.get().outcome == "completed"


def test_it_prints_events_as_json_lines():
    events = [json.loads(line) for line in ask("hi", "--model", "sandbox-echo", "--json").splitlines()]
    assert events[0]["event"] == "started"
    assert {"part_started", "part_ended", "usage", "finished"} <= {event["event"] for event in events}


def test_system_prompt_and_parameters_are_sent(sandbox):
    ask("hi", "--model", "sandbox-echo", "--system", "Be brief.", "--param", "temperature=0.2", "--param", "seed=7")
    sent = sandbox.stats()["last_request"]
    assert "Be brief." in str(sent) and "0.2" in str(sent)


def test_where_two_upstreams_have_the_model_the_named_one_is_asked(sandbox_upstream):
    twin = Upstream(name="Twin", kind=sandbox_upstream.kind, base_url=sandbox_upstream.base_url)
    twin.set_key(sandbox_upstream.reveal_key())
    twin.save()
    Model.objects.create(upstream=twin, name="sandbox-echo", capabilities=["chat"])
    for name in ("Twin", sandbox_upstream.name):
        ask("hi", "--model", "sandbox-echo", "--upstream", name)
        assert Call.objects.latest("started_at").upstream_name == name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hi", "--model", "fault-401"], "401"),
        (["hi", "--model", "fault-500"], "500"),
        (["hi", "--model", "fault-error-in-stream"], "overloaded"),
        (["hi", "--model", "fault-cut"], "may be cut"),
        (["hi", "--model", "fault-empty"], "without an answer"),
        (["hi", "--model", "no-such-model"], "No model called"),
        (["hi", "--model", "sandbox-echo", "--upstream", "nowhere"], "upstream"),
        (["hi", "--model", "sandbox-echo", "--param", "temperature=99"], "emperature"),
        (["hi", "--model", "sandbox-echo", "--format", "telepathy"], "telepathy"),
        (["hi", "--model", "sandbox-echo", "--user", "nobody@example.org"], "nobody@example.org"),
        (["  ", "--model", "sandbox-echo"], "empty"),
    ],
)
def test_a_failure_is_a_sentence_and_an_exit_status(arguments, words):
    with pytest.raises(CommandError, match=words):
        ask(*arguments)
