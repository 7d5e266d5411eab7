"""Findings correct the catalogue once an administrator accepts them, and a refresh leaves them."""

import pytest
from django.utils import timezone

from apps.runs.models import ProbeResult
from apps.runs.probe.accept import accept, changes
from apps.upstreams import catalogue
from apps.upstreams.chat_formats import can_search
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
    assert (change.gains, change.loses) == (("Vision",), ("Tools",))
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
    assert new.formats == [CHAT, MESSAGES] and new.own_format == ""


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
