"""What a probe may cost is told before, and never passed."""

from decimal import Decimal

import pytest

from apps.runs.models import ProbeResult
from apps.runs.probe import told
from apps.runs.probe.cost import Purse, estimated, most, spent
from apps.runs.probe.questions import QUESTIONS
from apps.runs.probe.scope import Scope, trials
from apps.upstreams.models import Model
from apps.usage.models import Call
from apps.wire.formats import FORMATS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(sandbox_upstream):
    model = Model.objects.get(upstream=sandbox_upstream, name="sandbox-echo")
    model.input_price, model.output_price = Decimal(1), Decimal(10)
    model.save()
    return model


def test_the_estimate_counts_all_that_may_be_read_and_written(model):
    asked = QUESTIONS["vision"]
    reads = asked.reads + 60 + -(-len(asked.text) // 4)
    assert most(model, asked) == (reads * Decimal(1) + asked.limit * Decimal(10)) / 1_000_000


def test_a_web_search_costs_its_fee_where_money_is_paid(model):
    paid = most(model, QUESTIONS["web_search"])
    model.upstream.kind = "sandbox"
    assert paid - most(model, QUESTIONS["web_search"]) == QUESTIONS["web_search"].fee > 0


def test_a_model_without_a_price_is_counted_by_the_assumption_which_is_told(model):
    known = most(model, QUESTIONS["chat"])
    model.output_price = None
    assert most(model, QUESTIONS["chat"]) > known
    assert spent(model, [Call(input_tokens=1_000_000, output_tokens=0)]) == 5
    scope = Scope(models=(model,), checks=("chat",), formats=("gemini",))
    sentence = told.question(scope, estimated(trials(scope), {model.id: model}), None)
    assert "1 model has no price: it is counted at $5 and $25 per million tokens." in sentence


def test_the_question_names_models_checks_requests_and_money(model):
    scope = Scope(models=(model,))
    estimate = estimated(trials(scope), {model.id: model})
    assert estimate.requests == len(QUESTIONS) + len(FORMATS) - 1
    sentence = told.question(scope, estimate, Decimal("0.5"))
    assert sentence.startswith(f"Probe 1 model × 11 checks: about {estimate.requests} requests, at most $")
    assert sentence.endswith("It ends before $0.50 are passed.")


def test_a_purse_holds_back_what_is_on_its_way():
    purse = Purse(Decimal(1))
    assert purse.take(Decimal("0.6")) and not purse.take(Decimal("0.6"))
    purse.settle(Decimal("0.6"), Decimal("0.1"))
    assert purse.take(Decimal("0.6")) and purse.spent == Decimal("0.1")


def test_it_ends_before_a_question_that_could_pass_the_ceiling(model, probed):
    room = most(model, QUESTIONS["chat"])
    probe = probed("sandbox-echo", ceiling=room, formats=("openai_chat",))
    assert (probe.status, probe.done) == ("ceiling", 2)
    assert 0 < probe.spent <= room
    assert probe.spent == sum(call.cost for call in Call.objects.all()) and Call.objects.count() == 1
    assert set(ProbeResult.objects.values_list("check_name", flat=True)) == {"list", "chat", "stream", "usage"}


def test_the_ceiling_is_what_was_shown_where_none_is_wanted(model, begun):
    scope = Scope(models=(model,))
    assert begun("sandbox-echo").ceiling == estimated(trials(scope), {model.id: model}).at_most


def test_at_the_ceiling_what_is_being_asked_comes_to_its_end(model, probed, finding):
    probe = probed("sandbox-echo", "sandbox-slow", ceiling=most(model, QUESTIONS["chat"]) * 3, checks=("chat",))
    assert probe.status == "ceiling"
    assert probe.done == Call.objects.filter(outcome="completed").count() == Call.objects.count() > 0
