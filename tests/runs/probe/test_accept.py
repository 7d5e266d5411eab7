"""Findings correct the catalogue once an administrator accepts them, and a refresh leaves them."""

import pytest
from django.utils import timezone

from apps.runs.models import ProbeResult
from apps.runs.probe.accept import accept, changes, forget
from apps.upstreams import catalogue
from apps.upstreams.chat_formats import can_search
from apps.upstreams.forms import ModelForm
from apps.upstreams.models import Model, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

CHAT, RESPONSES, MESSAGES, GEMINI = "openai_chat", "openai_responses", "anthropic_messages", "gemini"


@pytest.fixture
def model():
    upstream = Upstream.objects.create(name="House", base_url="https://gateway.example")
    return Model.objects.create(upstream=upstream, name="qwen-x", capabilities=["chat", "tools", "reasoning"])


@pytest.fixture
def found(model):
    """`found(check, state, format)`: what a probe left."""

    def make(check, state, format=CHAT, conclusive=True):
        about = {"state": state, "conclusive": conclusive, "taken_at": timezone.now()}
        return ProbeResult.objects.create(model=model, format=format, check_name=check, **about)

    return make


def accepted(model) -> Model:
    accept(model.upstream, {model.id})
    return Model.objects.select_related("upstream").get(id=model.id)


def test_what_was_proved_is_shown_before_it_changes_anything(model, found):
    found("vision", "ok")
    found("tools", "failed")
    [change] = changes(model.upstream)
    assert (change.gains, change.loses) == (("Vision", "PDF"), ("Tools",))
    model.refresh_from_db()
    assert model.capabilities == ["chat", "tools", "reasoning"]


def test_a_refresh_of_the_catalogue_does_not_undo_it(model, found):
    found("vision", "ok")
    found("tools", "failed")
    assert set(accepted(model).capabilities) == {"chat", "reasoning", "vision"}
    catalogue.store(model.upstream, [catalogue.Listed("qwen-x")])
    model.refresh_from_db()
    assert set(model.capabilities) == {"chat", "vision"}
    assert changes(model.upstream) == []


def test_a_failure_that_is_not_the_models_corrects_nothing(model, found):
    found("tools", "failed", conclusive=False)
    found("chat", "failed", conclusive=False)
    assert changes(model.upstream) == []


def test_one_format_that_shows_a_capability_is_enough(model, found):
    found("tools", "failed", GEMINI)
    found("tools", "ok", CHAT)
    assert changes(model.upstream) == []


def test_formats_that_answer_are_offered_and_those_that_do_not_are_not(model, found):
    found("chat", "ok", CHAT)
    found("chat", "ok", RESPONSES)
    found("chat", "not_offered", GEMINI)
    [change] = changes(model.upstream)
    assert change.formats_before == ("Chat Completions", "Responses", "Anthropic Messages", "Gemini")
    assert change.formats_after == ("Chat Completions", "Responses", "Anthropic Messages")
    assert accepted(model).formats == [CHAT, RESPONSES, MESSAGES]


def test_a_format_that_the_catalogue_did_not_name_is_offered_once_it_is_proved(model, found):
    model.stated_formats, model.own_format = [CHAT, GEMINI], GEMINI
    model.save()
    found("chat", "ok", MESSAGES)
    found("chat", "failed", GEMINI)
    new = accepted(model)
    assert new.formats == [CHAT, MESSAGES] and new.default_format == CHAT


def test_a_model_that_answers_in_no_format_is_no_chat_model_and_keeps_its_formats(model, found):
    found("chat", "failed", CHAT)
    [change] = changes(model.upstream)
    assert change.loses == ("Chat",) and not change.moves_formats
    assert "chat" not in accepted(model).capabilities


def test_a_search_is_offered_by_the_format_that_showed_it(model, found):
    found("web_search", "ok", CHAT)
    found("web_search", "failed", MESSAGES)
    [change] = changes(model.upstream)
    assert change.gains == ("Web search (Chat Completions)",)
    new = accepted(model)
    assert can_search(new, CHAT) and not can_search(new, MESSAGES)


def test_only_the_models_that_were_chosen_are_corrected(model, found, administrator, client_of):
    found("vision", "ok")
    address = f"/settings/upstreams/{model.upstream_id}/probe/accept/"
    client = client_of(administrator)
    assert "+ Vision" in client.get(address).content.decode()
    client.post(address, {"model": []})
    assert len(changes(model.upstream)) == 1
    client.post(address, {"model": [str(model.id)]})
    assert changes(model.upstream) == []


def test_a_model_that_sees_reads_pdf_until_a_probe_proved_otherwise(model, found):
    model.capabilities = ["chat", "vision"]
    model.save()
    assert model.can("pdf")
    found("pdf", "failed")
    [change] = changes(model.upstream)
    assert change.loses == ("PDF",)
    new = accepted(model)
    assert new.can("vision") and not new.can("pdf") and "pdf" not in new.abilities
    assert changes(model.upstream) == []


def test_a_model_that_reads_pdf_without_seeing_is_corrected(model, found):
    assert not model.can("pdf")
    found("pdf", "ok")
    assert "pdf" in accepted(model).abilities


def test_what_was_accepted_is_forgotten_for_the_catalogues_own_word(model, found, administrator, client_of):
    found("vision", "ok")
    found("tools", "failed")
    found("web_search", "ok")
    found("chat", "ok", CHAT)
    found("chat", "failed", GEMINI)
    assert GEMINI not in accepted(model).formats
    address = f"/settings/upstreams/{model.upstream_id}/probe/"
    client = client_of(administrator)
    page = client.get(f"{address}accept/").content.decode()
    assert "Has:</" not in page and "Web search (Chat Completions)" in page and "Has not: Tools, Gemini" in page
    assert "What was accepted of 1 model" in client.get(address).content.decode()
    assert page.count("csrfmiddlewaretoken") == 1
    assert client.post(f"{address}forget/", {"model": str(model.id)}).status_code == 302
    new = Model.objects.select_related("upstream").get(id=model.id)
    assert (new.accepted, new.capabilities) == ({}, ["chat", "tools", "reasoning"]) and GEMINI in new.formats
    assert len(changes(model.upstream)) == 1
    assert client.post(f"{address}forget/", {"model": "x"}).status_code == 400


def test_what_is_read_after_a_correction_is_what_is_gone_back_to(model, found):
    found("tools", "failed")
    accepted(model)
    catalogue.store(model.upstream, [catalogue.Listed("qwen-x", traits=["chat", "tools", "schema"])])
    forget(model.upstream, model.id)
    model.refresh_from_db()
    assert model.capabilities == ["chat", "tools", "schema"]


def test_formats_that_an_administrator_chooses_later_are_the_newer_word(model, found):
    found("chat", "ok", CHAT)
    found("chat", "failed", GEMINI)
    found("vision", "ok")
    form = ModelForm({"position": "0", "enabled": "on", "own_formats": [CHAT, GEMINI]}, instance=accepted(model))
    assert form.is_valid(), form.errors
    new = form.save()
    assert new.formats == [CHAT, GEMINI] and new.accepted == {"chat": True, "vision": True}
