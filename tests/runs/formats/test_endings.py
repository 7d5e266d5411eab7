"""How an answer may end otherwise, in every format: stopped, cut, failed within its stream, refused for a while."""

import pytest

from apps.runs.models import Run
from apps.sandbox.faults import SAID
from apps.wire.formats import FORMATS
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
every_format = pytest.mark.parametrize("format", FORMATS)


@every_format
def test_stop_reaches_the_upstream_and_keeps_what_was_said(new_talk, serving, sandbox, format):
    talk, aborted = new_talk(format), sandbox.stats()["aborted"]
    talk.send("fault-endless@2000")
    run = wait_until(talk.newest)
    wait_until(lambda: (live := serving.progress(run.id)) and "5 6 7" in live.text, "some of it has come")
    assert talk.client.post(f"/runs/{run.id}/stop/").status_code == 204
    answer = talk.ended()
    assert answer.run.status == "stopped" and answer.text.startswith("1 2 3 4 5 6 7")
    wait_until(lambda: sandbox.stats()["aborted"] > aborted, "the upstream was left")
    [call] = answer.calls
    assert (call.outcome, call.tokens_source) == ("stopped", "estimated") and call.output_tokens
    assert "Stopped." in answer.words and "1 2 3 4 5 6 7" in answer.words


@every_format
def test_a_stream_that_is_cut_in_an_event_keeps_its_text_and_says_so(new_talk, format):
    answer = new_talk(format).ask("fault-cut@0")
    assert (answer.run.status, answer.run.truncated, answer.run.error) == ("completed", True, None)
    assert answer.text == SAID * 2
    assert [call.outcome for call in answer.calls] == ["completed"]
    assert "The stream ended without its closing mark: the answer may be cut." in answer.words
    assert SAID.strip() in answer.words and "never said" not in answer.words


@every_format
def test_a_connection_that_breaks_keeps_its_text_and_is_told_in_a_sentence(new_talk, format):
    answer = new_talk(format).ask("fault-reset@0")
    assert answer.run.status == "failed" and answer.text.startswith("This answer")
    assert [call.outcome for call in answer.calls] == ["failed"]
    assert "broke in the middle of its answer" in answer.run.error["title"], answer.run.error
    assert answer.run.error["title"] in answer.words and answer.text.strip() in answer.words


def test_a_connection_that_breaks_while_the_answer_is_made_in_the_background_loses_and_repeats_nothing(new_talk):
    """Responses alone: its stream goes on behind the last event that came."""
    whole, broken = (new_talk("openai_responses") for _talk in range(2))
    answer = broken.ask("fault-reset@0", **{"p.background": "true"})
    assert (answer.run.status, answer.run.truncated, answer.run.error) == ("completed", False, None)
    assert (answer.text, answer.run.finish_reason) == (SAID * 2, "completed")
    assert answer.stored() == whole.ask("fault-429-once@91000", **{"p.background": "true"}).stored()
    assert [(call.outcome, call.tokens_source) for call in answer.calls] == [("completed", "reported")]


@every_format
def test_an_error_within_the_stream_is_told_in_the_upstream_s_words(new_talk, format):
    answer = new_talk(format).ask("fault-error-in-stream@0")
    error = answer.run.error
    assert (answer.run.status, error["upstream_says"]) == ("failed", "The server is overloaded.")
    assert error["title"] == "The upstream reported an error while it answered."
    assert answer.text == SAID * 2
    assert [call.outcome for call in answer.calls] == ["failed"]
    assert error["title"] in answer.words and "The server is overloaded." in answer.words


def test_whoever_is_sent_away_for_a_moment_comes_back_and_is_answered(new_talk):
    """All formats at once, as the sandbox says to wait for a second; its count of requests is one for each model."""
    talks = [new_talk(format) for format in FORMATS]
    for pace, talk in enumerate(talks):
        talk.send(f"fault-429-once@{90_000 + pace}")
    for answer in [talk.ended() for talk in talks]:
        assert (answer.run.status, answer.text) == ("completed", SAID * 2)
        assert [(call.retries, call.outcome, call.status_code) for call in answer.calls] == [(1, "completed", 200)]
        assert SAID.strip() in answer.words


def test_whoever_is_sent_away_each_time_is_told_so_in_a_sentence(new_talk):
    talks = [new_talk(format) for format in FORMATS]
    for talk in talks:
        talk.send("fault-429")
    for answer in [talk.ended() for talk in talks]:
        assert (answer.run.status, answer.parts) == (Run.Status.FAILED, [])
        assert answer.run.error["status"] == 429 and "Rate limit reached" in answer.run.error["upstream_says"]
        assert [(call.retries, call.outcome, call.status_code) for call in answer.calls] == [(2, "failed", 429)]
        assert answer.run.error["title"] in answer.words and "Rate limit reached" in answer.words


@every_format
@pytest.mark.parametrize(
    ("model", "reason", "note"),
    [
        ("fault-length@0", "length", "Cut at the length limit."),
        ("fault-filter@0", "content_filter", "Ended by the upstream's content filter."),
    ],
)
def test_an_early_end_has_one_note_whatever_the_format_calls_it(new_talk, format, model, reason, note):
    answer = new_talk(format).ask(model)
    assert (answer.run.status, answer.run.finish_reason) == ("completed", reason)
    assert note in answer.words
