"""What calls reserve before they are made, and what they are settled by."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.upstreams.models import Model, Upstream
from apps.usage import making, meter
from apps.usage.budgets.refusals import Refused
from apps.usage.models import Call, Hold, Tally
from apps.wire.messages import Usage
from apps.work.database import writing

from .conftest import budget, taken

pytestmark = pytest.mark.django_db


def test_a_call_reserves_what_it_may_take_and_is_settled_by_what_it_took(user, begin, end):
    day = budget(user=user)
    call = begin(user, 4_000_000)
    assert taken(day, user) == (0, 4)
    end(call, 1_500_000)
    assert taken(day, user) == (Decimal("1.5"), 0) and not Hold.objects.exists()
    end(call, 1_500_000)
    assert taken(day, user) == (Decimal("1.5"), 0), "settling twice changes nothing"


def test_a_call_is_refused_before_it_is_made_once_what_is_left_is_not_enough(user, begin, end):
    day = budget(user=user)
    end(begin(user, 9_000_000), 9_000_000)
    with pytest.raises(Refused, match=r"“\$10.00 a day for user”, \$9.00 of \$10.00 are used"):
        begin(user, 1_500_000)
    assert Call.objects.count() == 1 and taken(day, user) == (9, 0)
    end(begin(user, 1_000_000), 1_000_000)
    with pytest.raises(Refused, match=r"is used up: \$10.00 of \$10.00. It renews on"):
        begin(user, 1)


@pytest.mark.parametrize("outcome", ["stopped", "failed", "interrupted"])
def test_what_was_stopped_or_failed_counts_as_what_it_used_and_as_a_call(user, begin, end, outcome):
    tokens, calls = budget(user=user, measure="tokens", limit=1000), budget(user=user, measure="calls", limit=3)
    end(begin(user, 900), 40, outcome)
    assert taken(tokens, user) == (40, 0) and taken(calls, user) == (1, 0)


def test_of_several_budgets_the_tightest_holds_and_nothing_is_kept_of_a_refused_call(user, begin):
    wide, tight = budget(measure="calls", limit=100), budget(user=user, measure="calls", limit=1, period="month")
    begin(user)
    with pytest.raises(Refused) as refused:
        begin(user)
    assert refused.value.budget == tight
    assert taken(wide, user) == taken(tight, user) == (0, 1)


def test_a_budget_of_a_group_is_for_each_member_or_for_all_together(user, member, administrator, begin):
    group = Group.objects.create(name="Design")
    user.groups.add(group)
    member.groups.add(group)
    each = budget(group=group, measure="calls", limit=2)
    shared = budget(group=group, together=True, measure="calls", limit=3)
    begin(user), begin(user), begin(member)
    assert (taken(each, user), taken(each, member), taken(shared)) == ((0, 2), (0, 1), (0, 3))
    with pytest.raises(Refused, match="3 calls a day for the group Design together"):
        begin(member)
    begin(administrator)  # who is not of the group


def test_a_member_of_two_groups_is_held_by_the_tighter_budget_and_counted_once_in_each(user, begin):
    groups = [Group.objects.create(name=name) for name in ("Design", "Research")]
    user.groups.set(groups)
    wide, tight = (
        budget(group=group, measure="calls", limit=limit) for group, limit in zip(groups, (3, 2), strict=True)
    )
    both = budget(together=True, measure="calls", limit=5)
    begin(user), begin(user)
    with pytest.raises(Refused, match="2 calls a day for each member of Research"):
        begin(user)
    assert taken(wide, user) == taken(tight, user) == taken(both) == (0, 2)


def test_an_upstream_that_names_a_cost_below_nothing_gives_nothing_back(user, begin):
    day = budget(user=user)
    usage = Usage(input_tokens=1, output_tokens=1, cost=-5.0)
    meter.settle(begin(user), outcome="completed", measured=None, usage=usage, estimated=False)
    assert taken(day, user) == (0, 0)


def test_a_budget_that_is_switched_off_stops_nothing(user, begin):
    budget(measure="calls", limit=0, is_on=False)
    begin(user)
    assert not Tally.objects.exists()


def test_a_new_budget_begins_with_what_the_ledger_has_of_its_period(user, member, begin, end):
    end(begin(user), 3_000_000)
    end(begin(member), 1_000_000)
    Call.objects.filter(user=user).update(started_at=timezone.now() - timedelta(days=40))
    end(begin(user), 2_000_000)
    mine, everyones = budget(user=user, period="month"), budget(together=True, period="month")
    begin(user, 1_000_000)
    assert taken(mine, user) == (2, 1) and taken(everyones) == (3, 1)


def test_a_tally_of_a_period_that_is_over_says_nothing_of_the_next(user, begin, end):
    day = budget(user=user)
    old = begin(user, 9_000_000)
    long_ago = timezone.now() - timedelta(days=3)
    Call.objects.update(started_at=long_ago)
    Tally.objects.update(starts_at=long_ago)
    Hold.objects.update(starts_at=long_ago)
    begin(user, 5_000_000)
    end(old, 9_000_000)
    assert taken(day, user) == (0, 5)


def test_what_nobody_knows_the_price_of_is_allowed_and_counted_as_such(user, begin, end):
    day = budget(user=user, limit=0)
    unpriced = Model.objects.create(upstream=Upstream.objects.get(), name="unpriced")
    end(begin(user, model=unpriced))
    assert taken(day, user) == (0, 0) and Tally.objects.get().unpriced == 1
    with pytest.raises(Refused) as refused:
        begin(user, 1)
    assert refused.value.status == 403, "nothing is allowed, whenever it renews"


def test_calls_a_minute_tell_how_long_to_wait_and_titles_are_not_counted(user, begin):
    budget(measure="calls", limit=1, period="minute")
    begin(user)
    begin(user, kind="title")
    with pytest.raises(Refused, match=r"1 call a minute for each member\. Try again in") as refused:
        begin(user)
    assert refused.value.is_rate and 1 <= refused.value.wait <= 60


def test_calls_at_the_same_time_are_free_again_once_they_have_ended(user, begin, end):
    once = budget(measure="calls", limit=2, period="once")
    first, _second = begin(user), begin(user)
    with pytest.raises(Refused, match="2 calls at the same time"):
        begin(user)
    end(first)
    begin(user)
    assert taken(once, user) == (0, 2)


def test_a_call_without_a_run_whose_process_died_gives_back_what_it_had_reserved(user, begin):
    day = budget(user=user)
    Call.objects.filter(pk=begin(user, kind="title").pk).update(run_id=None)
    meter.settle_lost(before=timezone.now() + timedelta(seconds=1))
    assert taken(day, user) == (0, 0) and not Hold.objects.exists()


def test_a_job_of_unknown_outcome_gives_back_what_it_had_reserved_until_it_is_looked_at_again(user, begin):
    day, calls = budget(user=user), budget(user=user, measure="calls")
    once = budget(period="once", measure="calls")
    call = begin(user, 5_000_000)
    making.settle(call.run_id, Call.Outcome.INTERRUPTED)
    assert (taken(day, user), taken(calls, user), taken(once, user)) == ((0, 0), (1, 0), (0, 0))
    making.reopen(call.run_id)
    assert (taken(day, user), taken(calls, user), taken(once, user)) == ((0, 5), (0, 1), (0, 1))
    Model.objects.update(unit="request", unit_price=Decimal("0.25"))
    making.settle(call.run_id, Call.Outcome.COMPLETED, units=("request", 1))
    assert (taken(day, user), taken(calls, user), taken(once, user)) == ((Decimal("0.25"), 0), (1, 0), (0, 0))
    assert not Hold.objects.exists()


def test_without_a_budget_one_statement_is_all_that_it_costs(user, begin, end, django_assert_num_queries):
    end(begin(user))
    with writing(), django_assert_num_queries(2):  # the budgets, and the call itself
        begin(user)
