"""What a probe finds: green, red with the reason, or not offered; each with a run that shows it."""

import pytest

from apps.conversations.models import Conversation
from apps.conversations.queries import history
from apps.runs.models import ProbeResult, Run
from apps.runs.probe.questions import QUESTIONS
from apps.usage.models import Call
from apps.wire.formats import FORMATS

pytestmark = pytest.mark.django_db(transaction=True)

GREEN = {
    "sandbox-echo": ("chat", "stream", "usage", "stop", "schema"),
    "sandbox-tool": ("chat", "tools"),
    "sandbox-schema": ("chat", "schema"),
    "sandbox-attachments": ("chat", "vision", "pdf"),
    "sandbox-signed": ("chat", "reasoning"),
    "sandbox-search": ("chat", "web_search"),
}
RED = {
    "stop": ("sandbox-table", "did not say the words"),
    "tools": ("sandbox-echo", "without calling the tool"),
    "schema": ("fault-json", "does not follow the schema"),
    "vision": ("sandbox-echo", "did not read the number"),
    "pdf": ("sandbox-echo", "did not read the word"),
    "reasoning": ("sandbox-echo", "Neither thoughts"),
    "web_search": ("sandbox-echo", "without searching"),
    "usage": ("fault-no-usage", "did not say how many tokens"),
    "stream": ("sandbox-no-stream", "came whole"),
}
# Failures that another day would not be: they say nothing of the model.
UNSURE = {
    "fault-401": ("refused the key (401)", "Incorrect API key provided."),
    "fault-429": ("too many requests", "Rate limit reached for requests."),
    "fault-500": ("500", "do request failed"),
    "fault-cut": ("may be cut", ""),
    "fault-error-in-stream": ("while it answered", "The server is overloaded."),
}


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_model_can_is_green_in_every_format(probed, finding, format):
    probe = probed(*GREEN, formats=(format,))
    assert (probe.status, probe.done) == ("completed", len(probe.trials))
    for name, checks in GREEN.items():
        for check in checks:
            found = finding(name, check, format)
            assert found.state == "ok", f"{name} {check}: {found.sentence}"


@pytest.mark.parametrize("check", RED)
def test_what_it_cannot_is_red_and_says_why(probed, finding, check):
    name, words = RED[check]
    probed(name, checks=(check,), formats=("openai_chat",))
    found = finding(name, check)
    assert found.state == "failed"
    assert words in found.sentence


@pytest.mark.parametrize("name", UNSURE)
def test_a_fault_is_told_in_the_upstreams_own_words_and_corrects_nothing(probed, finding, name):
    probed(name, formats=("openai_chat",), checks=("chat", "tools"))
    found, (words, says) = finding(name, "chat"), UNSURE[name]
    assert (found.state, found.conclusive) == ("failed", False)
    assert words in found.sentence
    assert found.says == says


def test_a_refusal_of_the_request_itself_is_the_models_own(probed, finding):
    probed("fault-400", formats=("openai_chat",), checks=("chat",))
    assert finding("fault-400", "chat").conclusive
    assert "context length" in finding("fault-400", "chat").says


def test_where_the_plain_question_fails_nothing_more_is_asked(probed, sandbox, finding):
    before = sandbox.stats()["by_model"].get("fault-400", 0)
    probed("fault-400", formats=("openai_chat",))
    assert sandbox.stats()["by_model"]["fault-400"] == before + 1
    assert finding("fault-400", "tools") is None
    assert finding("fault-400", "stream") is None


def test_without_formats_a_model_is_asked_for_all_in_its_own_and_plainly_in_the_others(probed, finding):
    probed("sandbox-echo")
    assert all(finding("sandbox-echo", "chat", format).state == "ok" for format in FORMATS)
    assert finding("sandbox-echo", "tools") and not finding("sandbox-echo", "tools", "gemini")


def test_a_format_in_which_it_is_not_served_is_not_offered(probed, finding):
    probed("sandbox-responses-only", checks=("chat",))
    found = finding("sandbox-responses-only", "chat")
    assert found.state == "not_offered"
    assert "only supported in v1/responses" in found.says
    assert finding("sandbox-responses-only", "chat", "openai_responses").state == "ok"


def test_a_model_that_the_list_does_not_name_is_red_there(probed, finding, sandbox_upstream):
    sandbox_upstream.models.create(name="sandbox-echo@0", capabilities=["chat"])
    probed("sandbox-echo@0", "sandbox-echo", checks=("list",))
    assert finding("sandbox-echo", "list", "").state == "ok"
    assert "does not name it" in finding("sandbox-echo@0", "list", "").sentence


def test_stop_closes_the_connection_where_a_format_has_no_stop_sequence(probed, finding, sandbox):
    aborted = sandbox.stats()["aborted"]
    probed("sandbox-slow", formats=("openai_responses",), checks=("stop",))
    found = finding("sandbox-slow", "stop", "openai_responses")
    assert (found.state, found.run.status) == ("ok", "stopped")
    assert sandbox.stats()["aborted"] == aborted + 1


def test_what_does_not_end_is_stopped_when_its_time_is_over(probed, finding, sandbox):
    probed("fault-endless", formats=("openai_chat",), checks=("chat",), seconds=0.5)
    found = finding("fault-endless", "chat")
    assert (found.state, found.conclusive, found.run.status) == ("failed", False, "stopped")
    assert "when its time was over" in found.sentence


def test_each_request_is_a_call_and_each_cell_rests_on_a_run_of_the_administrator(probed, finding, administrator):
    probed("sandbox-echo", formats=("openai_chat",))
    calls = Call.objects.filter(outcome="completed", user=administrator)
    assert calls.count() == len(QUESTIONS) == Run.objects.for_user(administrator).count()
    assert finding("sandbox-echo", "chat").run == finding("sandbox-echo", "stream").run
    assert finding("sandbox-echo", "tools").run.conversation.title == "Probe: Tools, sandbox-echo"


def test_the_history_lists_none_of_it_and_one_deletion_takes_it_all(probed, administrator, finding):
    probed("sandbox-echo", formats=("openai_chat",), checks=("chat", "tools"))
    assert history(administrator).groups == []
    [drawer] = Conversation.objects.filter(column_of=None)
    assert drawer.archived_at and drawer.title == "Probe of Sandbox"
    drawer.delete()
    assert not Run.objects.exists()
    assert finding("sandbox-echo", "chat").state == "ok"


def test_a_newer_finding_takes_the_place_of_an_older_one(probed, finding):
    probed("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    older = finding("sandbox-echo", "chat")
    probed("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    newer = finding("sandbox-echo", "chat")
    assert newer.taken_at > older.taken_at and newer.run_id != older.run_id
    assert ProbeResult.objects.count() == 1
