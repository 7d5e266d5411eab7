"""A comparison that begins with an answer of a conversation, and a column that becomes one."""

import json
import re
import uuid

import pytest

from apps.conversations import queries
from apps.conversations.models import Conversation
from apps.runs.compare.begin import columns_of
from apps.runs.models import Comparison, Run
from apps.usage.models import Call

from .conftest import answers_of, ended, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def answer(serving, client, model):
    """The second answer of a conversation."""
    sent = {"text": "first", "model": str(model("sandbox-echo").id), "system_prompt": "Be kind."}
    client.post("/send/", {**sent, "turn": str(uuid.uuid4())})
    ended()
    talk = Conversation.objects.get()
    client.post("/send/", {**sent, "text": "second", "turn": str(uuid.uuid4()), "conversation": str(talk.pk)})
    ended()
    return talk.messages.filter(role="assistant").latest("pk")


def test_an_answer_is_the_first_column_and_its_prompt_goes_to_the_other(answer, client, columns):
    sent = {"turn": str(uuid.uuid4()), **columns(("sandbox-markdown", "anthropic_messages"))}
    response = client.post(f"/m/{answer.pk}/compare/", sent)
    again = client.post(f"/m/{answer.pk}/compare/", sent)
    ended()
    comparison = Comparison.objects.get()
    assert response["HX-Redirect"] == again["HX-Redirect"] == f"/compare/{comparison.pk}/"
    first, second = columns_of(comparison)
    assert answers_of(first)[-1] == said(answer) and len(queries.branch(first)) == 4
    assert [said(message) for message in second.messages.filter(role="user").order_by("pk")] == ["first", "second"]
    assert Run.objects.get(conversation=second).system_prompt == "Be kind."
    assert Call.objects.filter(kind="chat").count() == 3
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    assert page.count('<dl class="scores"') == 2 and "sandbox-markdown" in page and "tok/s" in page


def test_the_copied_answer_is_inspected_as_the_first_one(answer, client):
    client.post(f"/m/{answer.pk}/compare/", {"turn": str(uuid.uuid4()), "same_in": "gemini"})
    ended()
    copy = Run.objects.exclude(copied_from=None).get()
    assert client.get(f"/runs/{copy.pk}/tab/wire/").status_code == 200
    assert "/v1/chat/completions" in client.get(f"/runs/{copy.pk}/tab/wire/").content.decode()


def test_one_click_compares_a_model_with_itself_in_another_format(answer, client):
    panel = client.get(f"/m/{answer.pk}/compare/").content.decode()
    assert 'name="same_in" value="openai_responses"' in panel and 'name="same_in" value="openai_chat"' not in panel
    client.post(f"/m/{answer.pk}/compare/", {"turn": str(uuid.uuid4()), "same_in": "openai_responses"})
    ended()
    columns = columns_of(Comparison.objects.get())
    assert [(column.model.name, column.format) for column in columns] == [
        ("sandbox-echo", "openai_chat"),
        ("sandbox-echo", "openai_responses"),
    ]


def test_what_the_other_format_cannot_say_is_named_and_kept_for_going_back(serving, client, model):
    echo = str(model("sandbox-echo").id)
    sent = {"text": "x", "model": echo, "format": "openai_chat", "wire": "openai_chat", "p.seed": "7", "p.extra": "{}"}
    client.post("/send/", {**sent, "p.temperature": "0.5", "turn": str(uuid.uuid4())})
    ended()
    answer = Run.objects.get().message
    client.post(f"/m/{answer.pk}/compare/", {"turn": str(uuid.uuid4()), "same_in": "anthropic_messages"})
    ended()
    comparison = Comparison.objects.get()
    _first, other = columns_of(comparison)
    assert (other.parameters, other.set_aside) == ({"temperature": 0.5}, {"openai_chat": {"seed": 7}})
    assert Run.objects.get(conversation=other).parameters == {"temperature": 0.5}
    page = client.get(f"/compare/{comparison.pk}/").content.decode()
    assert "Anthropic Messages has no Seed: it was left out." in page
    panel = client.get(f"/compare/{comparison.pk}/columns/{other.pk}/").content.decode()
    (key,) = re.findall(r'name="(\w+)\.set_aside"', panel)
    fields = {"model": echo, "format": "openai_chat", "shown": "anthropic_messages"}
    fields |= {"set_aside": json.dumps(other.set_aside), "p.temperature": "0.7"}
    own = {f"{key}.{name}": value for name, value in fields.items()}
    client.post(f"/compare/{comparison.pk}/columns/{other.pk}/", {"column": key, **own})
    other.refresh_from_db()
    assert (other.format, other.parameters, other.set_aside) == ("openai_chat", {"temperature": 0.7, "seed": 7}, {})


@pytest.mark.parametrize("format", ["smoke-signals", "gemini"])
def test_a_format_that_is_not_offered_is_refused(answer, client, model, format):
    found = model("sandbox-echo")
    found.own_formats = ["openai_chat", "openai_responses"]
    found.save()
    response = client.post(f"/m/{answer.pk}/compare/", {"turn": str(uuid.uuid4()), "same_in": format})
    assert response.status_code == 422 and not Comparison.objects.exists()


def test_an_answer_that_is_still_written_cannot_be_compared(serving, client, model):
    client.post("/send/", {"text": "x", "model": str(model("sandbox-slow").id), "turn": str(uuid.uuid4())})
    run = Run.objects.get()
    assert (
        client.post(f"/m/{run.message_id}/compare/", {"turn": str(uuid.uuid4()), "same_in": "gemini"}).status_code
        == 409
    )
    client.post(f"/runs/{run.pk}/stop/")
    ended()
    assert not Comparison.objects.exists()


def test_a_column_goes_on_as_a_conversation_of_its_own(compared, client):
    comparison = compared("sandbox-echo", "sandbox-echo", text="hello")
    column = columns_of(comparison)[0]
    response = client.post(f"/compare/{comparison.pk}/columns/{column.pk}/chat/")
    talk = Conversation.objects.get(kind="chat")
    assert response["HX-Redirect"] == f"/c/{talk.pk}/"
    assert said(talk.messages.order_by("pk")[0]) == "hello"
    assert "sandbox-echo" in client.get(f"/c/{talk.pk}/").content.decode()
