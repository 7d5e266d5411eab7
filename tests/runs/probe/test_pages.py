"""The administrator's page over HTTP: it tells what a probe costs, begins it, shows it, and is nobody else's."""

import uuid

import pytest
from django.utils import timezone

from apps.conversations.search import search
from apps.runs.models import Probe, ProbeResult, Run
from apps.runs.probe import work
from apps.upstreams.models import Model
from tests.conftest import make_person
from tests.hostile.corpus import NAMES
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(sandbox_upstream):
    return lambda part="": f"/settings/upstreams/{sandbox_upstream.id}/probe/{part}"


@pytest.fixture
def client(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def model(sandbox_upstream):
    return Model.objects.get(upstream=sandbox_upstream, name="sandbox-echo")


def text(response) -> str:
    return response.content.decode()


def test_the_page_says_what_it_would_cost_and_begins_nothing(client, address):
    shown = text(client.get(address("?ask=1&models=sandbox-echo&checks=chat&checks=stream&formats=openai_chat")))
    assert "Probe 1 model × 2 checks: about 1 request, at most $" in shown
    assert 'action="' + address("start/") in shown
    assert not Probe.objects.exists()


def test_the_confirming_click_begins_it_with_the_ceiling_that_was_shown(serving, client, address, model):
    asked = {"model": str(model.id), "checks": "chat", "formats": "openai_chat", "max_cost": "0.25"}
    assert client.post(address("start/"), asked).status_code == 302
    probe = Probe.objects.get()
    assert str(probe.ceiling) == "0.25000000"
    wait_until(lambda: Probe.objects.filter(status="completed").exists(), "it has ended")
    shown = text(client.get(address()))
    assert "Done: 1 of 1." in shown and "Spent: about $" in shown
    assert ProbeResult.objects.get(check_name="chat").state == "ok"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Look first at what it would cost."),
        ({"max_cost": "1", "models": "no-such-model"}, "no model called no-such-model"),
        ({"max_cost": "-1"}, "greater than or equal to 0"),
        ({"max_cost": "1", "formats": "gemini", "checks": "charm"}, "charm is not one of the available choices"),
    ],
)
def test_without_what_it_needs_nothing_is_begun(client, address, asked, words):
    response = client.post(address("start/"), asked)
    assert response.status_code == 422 and words in text(response)
    assert not Probe.objects.exists()


def test_a_second_probe_is_refused_while_one_works(client, address, begun):
    begun("sandbox-echo")
    response = client.post(address("start/"), {"max_cost": "1", "models": "sandbox-echo"})
    assert response.status_code == 409 and "being probed already" in text(response)


def test_a_reload_finds_it_at_work_and_a_press_of_cancel_ends_it(serving, client, address, begun):
    probe = begun("sandbox-slow")
    assert "At work: 0 of" in text(client.get(address()))
    shown = text(client.get(address("progress/")))
    assert "every 1s" in shown and 'hx-target="#matrix"' in shown
    assert 'hx-target="#matrix"' not in text(client.get(address("progress/?done=0")))
    client.post(address("cancel/"))
    probe.refresh_from_db()
    assert probe.stop_requested


def test_a_cell_tells_why_when_and_where_the_evidence_is(client, address, probed, model):
    probed("fault-401", formats=("openai_chat",), checks=("chat",))
    red = Model.objects.get(name="fault-401")
    shown = text(client.get(address(f"cell/?model={red.id}&check=chat&format=openai_chat")))
    assert "Incorrect API key provided." in shown and "corrects no catalogue" in shown
    run = Run.objects.get()
    assert f"/runs/{run.id}/" in shown
    assert client.get(f"/runs/{run.id}/").status_code == 200


def test_another_administrator_sees_the_finding_and_is_offered_no_link_that_leads_nowhere(address, probed, client_of):
    probed("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    other = client_of(make_person("second@example.org", is_superuser=True))
    echo = Model.objects.get(name="sandbox-echo")
    shown = text(other.get(address(f"cell/?model={echo.id}&check=chat&format=openai_chat")))
    assert "belongs to another administrator" in shown and "/runs/" not in shown


@pytest.mark.parametrize(
    "query", ["check=charm&format=openai_chat", "check=chat&format=telepathy", "check=chat", "check=tools&format="]
)
def test_a_cell_that_there_is_not_is_not_found(client, address, model, query):
    assert client.get(address(f"cell/?model={model.id}&{query}")).status_code == 404


def test_names_and_errors_from_outside_are_words(client, address, sandbox_upstream):
    for name in (name.replace("\0", "") for name in NAMES):
        model = Model.objects.create(upstream=sandbox_upstream, name=name[:300], capabilities=["chat"])
        about = {"format": "openai_chat", "state": "failed", "taken_at": timezone.now()}
        ProbeResult.objects.create(model=model, check_name="chat", sentence=name, says=name, **about)
        shown = text(client.get(address(f"cell/?model={model.id}&check=chat&format=openai_chat")))
        assert "<script" not in shown and "<img" not in shown
    for page in (address(), address("accept/"), address("?page=2"), address("progress/")):
        shown = text(client.get(page))
        assert "owned()</script>" not in shown and "<img" not in shown


def test_rows_of_other_formats_stand_below_a_models_own(client, address, probed):
    probed("sandbox-echo", formats=("openai_chat", "gemini"), checks=("chat", "stream"))
    rows = text(client.get(address())).split('<tr id="row-')
    echo = Model.objects.get(name="sandbox-echo")
    assert [row[37:].split('"')[0] for row in rows if row.startswith(str(echo.id))] == ["openai_chat", "gemini"]


def test_the_chat_of_a_cell_opens_and_goes_on_as_any_other(serving, client, begun):
    probe = begun("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    work.start(serving, probe)
    wait_until(lambda: Probe.objects.filter(status="completed").exists(), "it has ended")
    run = Run.objects.get()
    assert client.get(f"/c/{run.conversation_id}/").status_code == 200
    assert client.post(f"/m/{run.message_id}/retry/", {"turn": str(uuid.uuid4())}).status_code == 200
    wait_until(lambda: Run.objects.filter(status="completed").count() == 2, "it was asked again")


def test_what_was_asked_to_try_a_model_is_not_found_and_its_drawer_leads_to_the_probe(probed, client, address):
    probed("sandbox-echo", formats=("openai_chat",), checks=("chat",))
    run = Run.objects.select_related("conversation__column_of", "user").get()
    drawer = run.conversation.column_of
    words = str(drawer).split()[-1]
    said = run.message.parent.parts.get().text.split()[0]
    assert search(run.user, words) == [] and search(run.user, said) == []
    assert client.get(f"/c/{drawer.pk}/")["Location"] == address()
