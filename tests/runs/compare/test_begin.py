"""One prompt to several columns: begun, asked on, changed, and refused without a trace."""

import uuid

import pytest
from django.contrib.auth.models import Group

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.conversations.search import search
from apps.runs.compare.begin import columns_of
from apps.runs.models import Comparison, Round, Run
from apps.upstreams.models import Model
from apps.usage.models import Call
from tests.processes import wait_until as until

from .conftest import answers_of, ended, said

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_column_is_an_ordinary_run_in_a_conversation_of_its_own(begin):
    response = begin("sandbox-echo", ("sandbox-echo", "anthropic_messages"), text="The quick fox")
    ended()
    comparison = Comparison.objects.get()
    assert response["HX-Redirect"] == f"/compare/{comparison.pk}/"
    columns = columns_of(comparison)
    assert [column.format for column in columns] == ["openai_chat", "anthropic_messages"]
    assert all("The quick fox" in answers_of(column)[0] for column in columns)
    assert Run.objects.filter(status="completed").count() == Call.objects.count() == 2
    assert sorted(Run.objects.values_list("format", flat=True)) == ["anthropic_messages", "openai_chat"]


def test_columns_have_their_own_parameters_and_share_everything_else(compared):
    warm = ("sandbox-echo", "openai_chat", {"temperature": "1.5", "extra": '{"seed": 7}'})
    compared(warm, "sandbox-echo", system_prompt="Be brief.", web_search="1")
    first, second = Run.objects.order_by("conversation_id")
    assert (first.parameters, first.extra, second.parameters) == ({"temperature": 1.5}, {"seed": 7}, {})
    assert {run.system_prompt for run in (first, second)} == {"Be brief."}
    assert first.web_search and second.web_search


def test_the_same_form_sent_twice_is_one_comparison(begin):
    turn = str(uuid.uuid4())
    first, again = begin("sandbox-echo", turn=turn), begin("sandbox-echo", turn=turn)
    assert first["HX-Redirect"] == again["HX-Redirect"]
    ended()
    assert Comparison.objects.count() == Run.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ({"column": []}, "add a column first"),
        ({"column": [f"k{place}" for place in range(7)]}, "at most 6 columns"),
        ({"k0.model": str(uuid.uuid4())}, "cannot be used"),
        ({"k0.model": "nonsense"}, "not known here"),
        ({"k0.model": ""}, "Choose a model"),
        ({"k0.format": "smoke-signals"}, "not known here"),
        ({"k0.p.temperature": "hot"}, "Temperature"),
        ({"k0.p.extra": "[1]"}, "JSON object"),
        ({"column": ["../x"]}, "not whole"),
        ({"text": " "}, "nothing to send"),
        ({"asset": str(uuid.uuid4())}, "no longer there"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_stored(begin, spoil, sentence):
    response = begin("sandbox-echo", **spoil)
    assert 400 <= response.status_code < 500
    assert sentence in response.content.decode()
    assert not Conversation.objects.exists() and not Comparison.objects.exists() and not Run.objects.exists()


def test_a_model_that_is_not_open_to_the_person_is_refused(begin, model):
    model("sandbox-echo").groups.add(Group.objects.create(name="Others"))
    response = begin("sandbox-markdown", "sandbox-echo")
    assert response.status_code == 422 and "not open to you" in response.content.decode()
    assert not Conversation.objects.exists()


def test_a_format_that_the_model_is_not_offered_in_is_refused(begin, model):
    Model.objects.filter(name="sandbox-echo").update(own_formats=["openai_chat"])
    response = begin(("sandbox-echo", "gemini"))
    assert response.status_code == 422 and "is not offered in" in response.content.decode()
    assert not Conversation.objects.exists()


def ask(client, comparison, text, **more):
    return client.post(f"/compare/{comparison.pk}/ask/", {"text": text, "turn": str(uuid.uuid4()), **more})


def test_a_further_prompt_goes_to_all_columns_with_what_each_of_them_said(compared, client):
    comparison = compared("sandbox-echo", "sandbox-markdown")
    assert ask(client, comparison, "and then?").status_code == 200
    ended()
    first, second = columns_of(comparison)
    assert len(answers_of(first)) == len(answers_of(second)) == 2
    assert "and then?" in answers_of(first)[1]
    assert len(queries.branch(first)) == 4


def test_a_further_prompt_can_go_to_one_column_alone(compared, client):
    comparison = compared("sandbox-echo", "sandbox-echo")
    first, second = columns_of(comparison)
    ask(client, comparison, "only you", to=str(second.pk))
    ended()
    assert (len(answers_of(first)), len(answers_of(second))) == (1, 2)
    ask(client, comparison, "both")
    ended()
    assert (len(answers_of(first)), len(answers_of(second))) == (2, 3)


def test_a_prompt_while_an_answer_is_written_is_refused_and_leaves_nothing(begin, client):
    begin("sandbox-slow", "sandbox-echo")
    comparison = Comparison.objects.get()
    response = ask(client, comparison, "too soon")
    assert response.status_code == 409
    assert Round.objects.count() == 1 and not Message.objects.filter(parts__text="too soon").exists()
    client.post(f"/compare/{comparison.pk}/stop/")
    ended()
    assert set(Run.objects.values_list("status", flat=True)) <= {"stopped", "completed"}


def test_a_column_that_is_added_later_is_asked_every_prompt_in_turn(compared, client, columns):
    comparison = compared("sandbox-echo", text="first")
    for text in ("second", "third"):
        ask(client, comparison, text)
        ended()
    assert client.post(f"/compare/{comparison.pk}/columns/", columns("sandbox-echo")).status_code == 200
    added = columns_of(comparison)[1]
    until(
        lambda: (
            len([answer for answer in answers_of(added) if answer]) == 3
            and not Run.objects.filter(status="running").exists()
        )
    )
    assert [
        word for word, answer in zip(("first", "second", "third"), answers_of(added), strict=True) if word in answer
    ]
    assert [said(message) for message in added.messages.filter(role="user").order_by("pk")] == [
        "first",
        "second",
        "third",
    ]


def test_a_seventh_column_is_refused(compared, client, columns):
    comparison = compared(*["sandbox-echo"] * 6)
    response = client.post(f"/compare/{comparison.pk}/columns/", columns("sandbox-echo"))
    assert response.status_code == 422 and "at most 6" in response.content.decode()
    assert len(columns_of(comparison)) == 6


def test_one_column_is_asked_again_and_the_others_are_left_alone(compared, client):
    comparison = compared("sandbox-echo", "sandbox-echo")
    first, second = columns_of(comparison)
    turn = str(uuid.uuid4())
    for _twice in range(2):
        assert client.post(f"/compare/{comparison.pk}/columns/{first.pk}/retry/", {"turn": turn}).status_code == 200
    ended()
    assert (len(answers_of(first)), len(answers_of(second))) == (2, 1)


def test_a_column_is_taken_away_and_the_last_one_stays(compared, client):
    comparison = compared("sandbox-echo", "sandbox-markdown")
    first, second = columns_of(comparison)
    assert client.post(f"/compare/{comparison.pk}/columns/{first.pk}/remove/").status_code == 200
    assert columns_of(comparison) == [second]
    assert client.post(f"/compare/{comparison.pk}/columns/{second.pk}/remove/").status_code == 409
    assert columns_of(comparison) == [second]


def test_a_column_is_asked_by_another_model_and_format_from_its_next_turn_on(compared, client, columns):
    comparison = compared("sandbox-echo", "sandbox-echo")
    second = columns_of(comparison)[1]
    posted = columns(("sandbox-markdown", "gemini"))
    assert client.post(f"/compare/{comparison.pk}/columns/{second.pk}/", posted).status_code == 200
    ask(client, comparison, "again")
    ended()
    run = Run.objects.filter(conversation=second).latest("pk")
    assert (run.model_name, run.format) == ("sandbox-markdown", "gemini")


def test_the_history_lists_a_comparison_once_and_search_finds_it_by_any_answer(compared, client, member):
    comparison = compared("sandbox-echo", "sandbox-echo", text="a zebra crossing")
    items = [item for _label, items in queries.history(member).groups for item in items]
    assert [(item.id, item.place, item.title) for item in items] == [(comparison.pk, "comparison", "a zebra crossing")]
    assert f'href="/compare/{comparison.pk}/"' in client.get("/history/").content.decode()
    assert [(hit.conversation_id, hit.place) for hit in search(member, "zebra")] == [(comparison.pk, "comparison")]
    column = columns_of(comparison)[0]
    Message.objects.filter(conversation=column, role="assistant").get().parts.update(text="nothing but giraffes")
    assert [(hit.conversation_id, hit.place) for hit in search(member, "giraffes")] == [(comparison.pk, "comparison")]


def test_the_addresses_of_columns_lead_to_their_comparison(compared, client):
    comparison = compared("sandbox-echo")
    for id in (comparison.pk, columns_of(comparison)[0].pk):
        assert client.get(f"/c/{id}/")["Location"] == f"/compare/{comparison.pk}/"
        assert (
            client.post("/send/", {"text": "x", "turn": str(uuid.uuid4()), "conversation": str(id)}).status_code == 404
        )


def test_a_deleted_comparison_takes_its_columns_along(compared, client):
    comparison = compared("sandbox-echo", "sandbox-echo")
    client.post(f"/c/{comparison.pk}/delete/")
    assert not Conversation.objects.exists() and not Run.objects.exists() and not Round.objects.exists()
