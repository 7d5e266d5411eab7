"""One prompt to several columns: begun, asked on, changed, and refused without a trace."""

import json
import re
import uuid
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.conversations import folders, queries
from apps.conversations.models import Conversation, Message
from apps.conversations.search import search
from apps.media.models import Asset
from apps.runs.compare.begin import columns_of
from apps.runs.models import Comparison, Round, Run
from apps.upstreams.models import Model
from apps.usage.models import Call
from tests.media import files
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


def test_what_a_column_s_new_format_cannot_say_is_named_and_there_again_when_one_switches_back(client, model):
    def switched(shown: str, format: str, **said: str) -> str:
        row = {"model": str(model("sandbox-echo").id), "shown": shown, "format": format, **said}
        response = client.get("/compare/row/", {"key": "k", **{f"k.{name}": value for name, value in row.items()}})
        return unescape(response.content.decode())

    def field_of(html: str, name: str) -> str:
        return re.search(rf'name="k\.{name}"[^>]*? value="(.*?)"(?= |>)', html)[1]

    there = switched("openai_chat", "gemini", **{"p.logit_bias": '{"1": 2}', "p.temperature": "0.5"})
    assert field_of(there, "p.temperature") == "0.5" and "logit_bias" in field_of(there, "set_aside")
    assert "has no Logit bias: it was left out." in there
    aside = {"set_aside": field_of(there, "set_aside"), "p.temperature": "0.6", "p.extra": '{"a": 1}'}
    back = switched("gemini", "openai_chat", **aside)
    assert field_of(back, "p.temperature") == "0.6" and field_of(back, "set_aside") == ""
    assert '{"1":2}' in back and "The extra JSON is merged in as it is" in back
    assert "Temperature" in switched("openai_chat", "gemini", **{"p.temperature": "hot"})


def test_the_same_form_sent_twice_is_one_comparison_in_the_folder_that_it_was_begun_in(begin, client, member):
    folder = folders.create(owner=member, name="Work")
    assert f"/compare/?into={folder.pk}" in client.get(f"/history/folders/{folder.pk}/menu/").content.decode()
    assert f'name="into" value="{folder.pk}"' in client.get("/compare/", {"into": folder.pk}).content.decode()
    form = {"turn": str(uuid.uuid4()), "into": str(folder.pk)}
    first, again = begin("sandbox-echo", **form), begin("sandbox-echo", **form)
    assert first["HX-Redirect"] == again["HX-Redirect"]
    ended()
    assert Comparison.objects.count() == Run.objects.count() == 1
    assert Comparison.objects.get().conversation.folder == folder


def test_a_parameter_that_is_wrong_is_named_with_its_column_and_its_field(begin, compared, client, columns):
    hot = ("sandbox-echo", "openai_chat", {"temperature": "99"})
    told = begin("sandbox-echo", hot).content.decode()
    assert 'data-field-error="k1.p.temperature"' in told and "Column 2: Temperature" in told
    comparison = compared("sandbox-echo")
    told = client.post(f"/compare/{comparison.pk}/columns/", columns(hot)).content.decode()
    assert 'data-field-error="k0.p.temperature"' in told and "Column" not in told and 'id="panel-error"' not in told


def test_a_parameter_that_the_upstream_refused_is_marked_in_its_words(compared, client):
    comparison = compared("sandbox-echo")
    told = {"title": "Refused.", "upstream_says": "Must be 1.", "parameter": "temperature"}
    Run.objects.update(status="failed", error=told)
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    assert "Must be 1." in page and "<code>temperature</code>" in page
    panel = client.get(f"/compare/{comparison.pk}/columns/{columns_of(comparison)[0].pk}/").content.decode()
    assert panel.count('aria-invalid="true"') == 1 and panel.count("Must be 1.") == 1


@pytest.mark.parametrize("model_name", ["fault-cut@0", "fault-length@0"])
def test_an_answer_that_was_cut_goes_on_in_its_column(compared, client, model, sandbox_upstream, model_name):
    Model.objects.get_or_create(upstream=sandbox_upstream, name=model_name, defaults={"capabilities": ["chat"]})
    comparison = compared(model_name, "sandbox-echo")
    cut, whole = (Run.objects.get(conversation=column) for column in columns_of(comparison))
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    assert f"/m/{cut.message_id}/continue/" in page and f"/m/{whole.message_id}/continue/" not in page
    before = said(cut.message)
    response = client.post(f"/m/{cut.message_id}/continue/", {"turn": str(uuid.uuid4())})
    assert response.status_code == 200 and 'id="comparison"' in response.content.decode()
    ended()
    assert Run.objects.filter(message=cut.message).count() == 2
    assert said(cut.message).startswith(before) and len(said(cut.message)) > len(before)
    assert not client.get("/").wsgi_request.user.model_choices.exists()


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


def test_a_column_that_has_ended_is_asked_on_while_another_answers(begin, client):
    begin("sandbox-slow", "sandbox-echo")
    comparison = Comparison.objects.get()
    slow, quick = columns_of(comparison)
    until(lambda: Run.objects.filter(conversation=quick, status="completed").exists())
    assert ask(client, comparison, "you too", to=str(slow.pk)).status_code == 409
    assert ask(client, comparison, "go on", to=str(quick.pk)).status_code == 200
    until(lambda: Run.objects.filter(conversation=quick, status="completed").count() == 2)
    assert Run.objects.filter(conversation=slow, status="running").exists()
    client.post(f"/compare/{comparison.pk}/stop/")
    ended()
    assert len(answers_of(quick)) == 2


@pytest.fixture
def attached(client):
    """A file of the comparison's composer; gives its id."""

    def send(comparison=None, data=None, name="a.png") -> str:
        file = SimpleUploadedFile(name, data or files.picture())
        client.post("/assets/", {"file": file, "conversation": str(comparison.pk) if comparison else ""})
        return str(Asset.objects.latest("seen_at").pk)

    return send


def test_a_file_that_a_column_cannot_take_is_told_at_the_column_and_stays(compared, begin, client, attached):
    Model.objects.filter(name="sandbox-attachments").update(capabilities=["chat", "vision", "audio"])
    response = begin("sandbox-echo", "sandbox-attachments", asset=attached())
    assert response.status_code == 422 and "sandbox-echo cannot take a.png" in response.content.decode()
    comparison = compared("sandbox-echo", "sandbox-attachments")
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    told = [json.loads(unescape(text)) for text in re.findall(r'data-unfit="([^"]*)"', page)]
    assert told[0]["image"] == "This model cannot take it." and told[0]["pdf"] == "This model cannot read PDF."
    assert told[1] == {}
    file, columns = attached(comparison), columns_of(comparison)
    refused = ask(client, comparison, "see", asset=file)
    assert refused.status_code == 422 and "sandbox-echo cannot take a.png" in refused.content.decode()
    assert Round.objects.count() == 1
    assert ask(client, comparison, "see", asset=file, to=str(columns[1].pk)).status_code == 200
    ended()
    assert "image/png" in answers_of(columns[1])[-1]


def test_a_file_that_a_hidden_column_cannot_take_is_refused_without_its_name(compared, client, attached):
    comparison = compared("sandbox-echo", "sandbox-attachments", blind="1")
    refused = ask(client, comparison, "see", asset=attached(comparison))
    told = refused.content.decode()
    assert refused.status_code == 422 and "A column cannot take a.png" in told and "sandbox" not in told
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    assert "sandbox-" not in page and set(re.findall(r'data-unfit="([^"]*)"', page)) == {""}


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
    assert not Conversation.objects.for_user(comparison.conversation.owner).exists()
    client.post(f"/history/deleted/{comparison.pk}/erase/")
    assert not Conversation.objects.exists() and not Run.objects.exists() and not Round.objects.exists()
