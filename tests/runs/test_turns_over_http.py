"""A turn, as the page begins it: by HTTP, answered by the process, kept in the database."""

import uuid

import pytest

from apps.conversations.models import Conversation, Draft, Message
from apps.runs.models import Run, RunEvent
from apps.upstreams.models import Model
from apps.usage.models import Call
from tests.processes import wait_until as until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(sandbox_upstream):
    return lambda name: Model.objects.get(upstream=sandbox_upstream, name=name)


@pytest.fixture
def say(serving, client_of, member, model):
    """Sends a prompt as `member` and gives the response."""
    client = client_of(member)

    def send(text="hello", name="sandbox-echo", **more):
        return client.post("/send/", {"text": text, "turn": str(uuid.uuid4()), "model": str(model(name).id), **more})

    send.client = client
    return send


def ended(run=None):
    """The newest run, once it has ended."""
    return until(lambda: Run.objects.exclude(status=Run.Status.RUNNING).order_by("-id").first())


def answer_text(run):
    return "".join(part.text for part in run.message.parts.all())


def test_a_prompt_is_answered_kept_and_metered(say):
    response = say("The quick brown fox")
    assert response.status_code == 200
    run = ended()
    assert run.status == "completed"
    assert "The quick brown fox" in answer_text(run)
    call = Call.objects.get(run_id=run.id)
    assert (call.outcome, call.tokens_source) == ("completed", "reported")
    assert call.first_token_ms is not None and call.output_tokens
    assert not RunEvent.objects.exists()


def test_what_went_wrong_is_told_in_the_language_of_whoever_asked(say):
    say.client.cookies["django_language"] = "zh-hans"
    say("hello", "fault-401")
    assert ended().error["title"].startswith("Sandbox 不接受此密钥")


def test_the_reply_is_the_opening_fragments_and_the_address_of_the_new_conversation(say):
    response = say("hello")
    conversation = Conversation.objects.get()
    run = Run.objects.get()
    assert response["HX-Push-Url"] == f"/c/{conversation.id}/"
    assert f'id="m-{run.message_id}"' in response.content.decode()
    ended()


def test_a_second_prompt_replaces_the_pending_turn_and_nothing_else(say):
    say("one")
    ended()
    conversation, turn = Conversation.objects.get(), str(uuid.uuid4())
    response = say("two", conversation=str(conversation.id), turn=turn)
    html = response.content.decode()
    assert f'hx-target="#turn-{turn}"' in html and 'hx-swap="outerHTML"' in html
    assert html.count("<article") == 2
    until(lambda: Run.objects.filter(status="completed").count() == 2)


def test_the_same_turn_sent_twice_is_one_message(say):
    turn = str(uuid.uuid4())
    first, second = say("once", turn=turn), say("once", turn=turn)
    assert (first.status_code, second.status_code) == (200, 200)
    assert Run.objects.count() == 1
    assert Message.objects.filter(role="user").count() == 1
    ended()


def test_the_model_sees_what_was_said_before(say, sandbox):
    say("first question")
    ended()
    say("second question", conversation=str(Conversation.objects.get().id))
    until(lambda: Run.objects.filter(status="completed").count() == 2)
    seen = [m for m in requests_of(sandbox) if "second question" in str(m)]
    assert seen and "first question" in str(seen[-1])


def requests_of(sandbox):
    return [sandbox.stats()["last_request"]]


def test_stop_ends_the_upstream_request_keeps_the_text_and_counts_it(say, sandbox):
    aborted = sandbox.stats()["aborted"]
    say("go on for ever", "fault-endless")
    run = until(lambda: Run.objects.filter(events__isnull=False).first())
    assert say.client.post(f"/runs/{run.id}/stop/").status_code == 204
    run = ended()
    assert run.status == "stopped"
    assert answer_text(run)
    until(lambda: sandbox.stats()["aborted"] > aborted)
    call = Call.objects.get(run_id=run.id)
    assert (call.outcome, call.tokens_source) == ("stopped", "estimated")
    assert call.output_tokens > 0


def test_stop_from_another_process_reaches_the_run_through_the_database(say):
    say("go on for ever", "fault-endless")
    run = until(lambda: Run.objects.filter(events__isnull=False).first())
    Run.objects.filter(id=run.id).update(stop_requested=True)
    assert ended().status == "stopped"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fault-401", "key"),
        ("fault-500", ""),
        ("fault-html", ""),
        ("fault-error-in-stream", ""),
        ("fault-malformed", ""),
    ],
)
def test_a_failure_is_a_sentence_and_one_failed_call(say, name, words):
    say("hello", name)
    run = ended()
    assert run.status == "failed"
    assert len(run.error["title"]) > 15
    assert words in str(run.error).lower()
    assert Call.objects.get(run_id=run.id).outcome == "failed"


def test_a_stream_that_is_cut_keeps_its_text_and_says_so(say):
    say("hello", "fault-cut")
    run = ended()
    assert run.truncated or run.status == "failed"
    assert answer_text(run)


def test_one_byte_chunks_give_the_same_answer(say):
    say("hello", "fault-bytes")
    assert ended().status == "completed"


def test_missing_usage_is_estimated(say):
    say("hello", "fault-no-usage")
    call = Call.objects.get(run_id=ended().id)
    assert call.tokens_source == "estimated" and call.output_tokens > 0


def test_an_edited_prompt_is_a_version_beside_the_old_one(say):
    say("before")
    ended()
    prompt = Message.objects.get(role="user")
    response = say.client.post(f"/m/{prompt.id}/edit/", {"text": "after", "turn": str(uuid.uuid4())})
    assert response.status_code == 200 and "after" in response.content.decode()
    assert Message.objects.filter(role="user", parent=prompt.parent).count() == 2
    until(lambda: Run.objects.filter(status="completed").count() == 2)


def test_a_retry_with_another_model_is_a_version_of_the_answer_and_leaves_the_conversations_model(say, model):
    say("hello")
    first = ended()
    other = model("sandbox-markdown")
    say.client.post(f"/m/{first.message_id}/retry/", {"turn": str(uuid.uuid4()), "model": str(other.id)})
    until(lambda: Run.objects.filter(status="completed").count() == 2)
    answers = Message.objects.filter(role="assistant")
    assert {answer.parent_id for answer in answers} == {first.message.parent_id}
    assert Conversation.objects.get().model == first.model
    shown = say.client.post(f"/m/{first.message_id}/show/").content.decode()
    assert f'id="m-{first.message_id}"' in shown


def test_the_title_comes_from_the_model(say):
    say("What is the capital of France?")
    ended()
    conversation = until(lambda: Conversation.objects.filter(title_source="model").first())
    assert conversation.title
    assert Call.objects.filter(kind="title", outcome="completed").exists()


def test_the_first_words_stay_the_title_where_the_model_fails(say):
    say("Tell me about otters please", "fault-500")
    ended()
    assert Conversation.objects.get().title.startswith("Tell me about otters")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "   \n"}, 422),
        ({"text": "x" * 4_000_001}, 413),
        ({"model": str(uuid.uuid4())}, 422),
        ({"model": "nonsense"}, 422),
        ({"format": "telepathy"}, 422),
        ({"turn": "nonsense"}, 400),
        ({"turn": ""}, 400),
        ({"conversation": str(uuid.uuid4())}, 404),
        ({"conversation": "nonsense"}, 400),
        ({"p.temperature": "99"}, 422),
        ({"p.temperature": "warm"}, 422),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(say, more, status):
    response = say(**more)
    assert response.status_code == status
    assert not Message.objects.exists() and not Run.objects.exists() and not Conversation.objects.exists()


def test_a_parameter_out_of_range_is_named(say):
    html = say(**{"p.temperature": "99"}).content.decode()
    assert "emperature" in html


def test_a_refused_prompt_leaves_the_draft(say, member):
    Draft.objects.create(owner=member, text="half a thought")
    say(text="")
    assert Draft.objects.get().text == "half a thought"


def test_somebody_elses_conversation_is_not_found(say, client_of, user, serving, model):
    say("mine")
    run = ended()
    stranger = client_of(user)
    turn = {"turn": str(uuid.uuid4()), "text": "intrude"}
    assert stranger.get(f"/c/{run.conversation_id}/").status_code == 404
    answer = f"m/{run.message_id}"
    for path in (f"{answer}/retry", f"{answer}/continue", f"{answer}/show", f"runs/{run.id}/stop"):
        assert stranger.post(f"/{path}/", turn).status_code == 404, path
    assert stranger.post("/send/", {**turn, "conversation": str(run.conversation_id)}).status_code == 404


def test_a_second_prompt_while_an_answer_is_written_is_refused(say):
    say("slowly", "fault-endless")
    run = until(lambda: Run.objects.filter(status="running").first())
    response = say("hurry", conversation=str(run.conversation_id))
    assert response.status_code == 409
    say.client.post(f"/runs/{run.id}/stop/")
    ended()


def test_parameters_and_system_prompt_reach_the_upstream(say, sandbox):
    say("hello", **{"p.temperature": "0.3", "p.max_tokens": "77", "system_prompt": "Be brief."})
    run = ended()
    assert run.parameters == {"temperature": 0.3, "max_tokens": 77}
    assert run.system_prompt == "Be brief."
