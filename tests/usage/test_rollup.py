"""The roll-up is the ledger, whatever happened to the calls since."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.usage import making, rollup, times
from apps.usage.models import Call, UsageDay
from apps.work.database import writing

START = datetime(2026, 3, 1, 22, tzinfo=UTC)
NUMBERS = st.none() | st.integers(0, 2**31 - 1)

calls = st.fixed_dictionaries(
    {
        "who": st.integers(0, 2),
        "model_name": st.sampled_from(["m", "é|'x", "=1+1"]),
        "upstream_name": st.sampled_from(["A", "B"]),
        "kind": st.sampled_from(["chat", "title", "video"]),
        "outcome": st.sampled_from(Call.Outcome.values),
        "started_at": st.integers(0, 60 * 24 * 3).map(lambda minutes: START + timedelta(minutes=minutes)),
        "cost": st.none() | st.decimals(0, 999, places=8),
        "cost_source": st.sampled_from(["", *Call.Source.values]),
        "input_tokens": NUMBERS,
        "output_tokens": NUMBERS,
        "cached_tokens": NUMBERS,
        "duration_ms": NUMBERS,
        "first_token_ms": NUMBERS,
        "unit": st.sampled_from(["", "second"]),
        "units": st.none() | st.decimals(0, 1000, places=4),
        "retries": st.integers(0, 4),
        "cause": st.sampled_from(["", "429", "cut"]),
    }
)
steps = st.lists(st.sampled_from(["advance", "step", "reopen", "end", "leave"]), max_size=6)


class TestRollUp(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(calls, steps), max_size=8))
    def test_what_is_counted_is_what_the_ledger_says_after_any_story(self, stories):
        people = [get_user_model().objects.create(email=f"{number}@example.org") for number in range(2)]
        for values, story in stories:
            self.tell(people, dict(values), story)
        rollup.advance()
        days = rollup.days()
        assert [rollup.differences(day) for day in days] == [[] for _day in days]
        ended = Call.objects.exclude(outcome="running")
        assert sum(day.calls for day in UsageDay.objects.all()) == ended.count() == ended.filter(rolled=True).count()

    def tell(self, people, values, story):
        who = values.pop("who")
        user = people[who] if who < len(people) and people[who].pk else None
        call = Call.objects.create(user=user, format="openai_chat", run_id=uuid.uuid4(), **values)
        for step in story:
            if step == "reopen":
                making.reopen(call.run_id)
            elif step == "end":
                making.settle(call.run_id, Call.Outcome.FAILED)
            elif step == "leave" and user and user.pk:
                user.delete()
            elif step in ("advance", "step"):
                getattr(rollup, step)()


def a_call(**values):
    known = {"format": "openai_chat", "model_name": "m", "upstream_name": "U", "started_at": START}
    return Call.objects.create(**{**known, "outcome": "completed", **values})


@pytest.mark.django_db
def test_a_day_that_was_tampered_with_is_told_and_made_good():
    a_call(cost=Decimal("1.5"), input_tokens=10)
    rollup.advance()
    UsageDay.objects.update(cost=2)
    [(what, told, truth)] = rollup.differences(START.date())
    assert (what["model_name"], told["cost"], truth["cost"]) == ("m", 2, Decimal("1.5"))
    rollup.recount(START.date())
    assert rollup.differences(START.date()) == []


@pytest.mark.django_db
def test_a_call_counts_once_however_often_it_is_rolled_and_not_before_it_has_ended():
    running = a_call(outcome="running")
    a_call()
    assert (rollup.advance(), rollup.advance()) == (1, 0)
    Call.objects.filter(pk=running.pk).update(outcome="stopped")
    assert rollup.advance() == 1
    assert {(day.outcome, day.calls) for day in UsageDay.objects.all()} == {("completed", 1), ("stopped", 1)}


@pytest.mark.django_db
def test_a_call_without_a_price_counts_as_unpriced_only_if_it_used_something():
    a_call(input_tokens=5)
    a_call(outcome="failed", cause="429")
    rollup.advance()
    assert {(day.cause, day.unpriced) for day in UsageDay.objects.all()} == {("", 1), ("429", 0)}


@pytest.mark.django_db
def test_the_middle_of_what_is_counted_is_that_of_the_calls_to_within_a_thousandth():
    numbers = [0, 1, 7, 399, 400, 401, 1_000, 59_999, 3_600_000, 2**31 - 1]
    for number in numbers:
        a_call(first_token_ms=number, duration_ms=number, output_tokens=5)
    a_call(first_token_ms=500, duration_ms=1_500, output_tokens=47)
    rollup.advance()
    [day] = UsageDay.objects.all()
    assert len(day.firsts) == 11 and len(day.speeds) == 1, "what was written in no time tells nothing of speed"
    for percent, number in zip((1, 25, 50, 95), (0, 7, 401, 2**31 - 1), strict=True):
        assert times.percentiles([day.firsts], percent)[percent] == pytest.approx(number, rel=0.001, abs=0.001)
    assert times.percentiles([day.speeds], 50)[50] * 1000 / times.PER_SECOND == pytest.approx(47, rel=0.001)


@pytest.mark.django_db
def test_times_that_were_tampered_with_are_told_and_those_of_a_withdrawn_call_go_with_it():
    _kept, gone = a_call(first_token_ms=400), a_call(first_token_ms=70)
    rollup.advance()
    with writing():
        rollup.withdraw(Call.objects.filter(pk=gone.pk))
    assert rollup.differences(START.date()) == []
    assert times.percentiles([UsageDay.objects.get().firsts], 1, 99) == pytest.approx({1: 400, 99: 400}, rel=0.001)
    UsageDay.objects.update(firsts="")
    [(_what, told, truth)] = rollup.differences(START.date())
    assert (told["firsts"], len(truth["firsts"])) == ("", 1)
    rollup.recount(START.date())
    assert rollup.differences(START.date()) == []
