"""What administrators do to budgets, what members see of them, and what other pages ask for."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.usage import making
from apps.usage.budgets import change, notices, periods, shares
from apps.usage.models import Budget, Hold, Tally
from apps.wire.media.shapes import MediaReply
from apps.wire.messages import Usage
from apps.work import storable
from tests.hostile.corpus import NAMES, TEXTS

from .conftest import budget, taken

pytestmark = pytest.mark.django_db


def posted(client, path="/settings/budgets/new/", **fields):
    given = {"whom": "each", "email": "", "limit": "5", "measure": "money", "period": "day"} | fields
    return client.post(path, given)


def test_each_act_of_an_administrator_is_done_and_written_down(client_of, administrator, member, begin, end):
    end(begin(member), 2_000_000)
    client = client_of(administrator)
    posted(client, whom="person", email="Member@example.org")
    (made,) = Budget.objects.all()
    assert (made.user, made.limit, made.together) == (member, 5, False)
    assert taken(made, member) == (2, 0), "it begins with what the ledger has"
    posted(client, f"/settings/budgets/{made.pk}/", whom="person", email=member.email, limit="2.5")
    client.post(f"/settings/budgets/{made.pk}/switch/", {"on": "0"})
    made.refresh_from_db()
    assert (made.limit, made.is_on) == (Decimal("2.5"), False)
    client.post(f"/settings/budgets/{made.pk}/delete/")
    assert not Budget.objects.exists()
    acts = AuditEntry.objects.filter(action__startswith="budget.").order_by("id").values_list("action", "target")
    name = "${} a day for member"
    assert list(acts) == [
        ("budget.create", name.format("5.00")),
        ("budget.change", name.format("2.50")),
        ("budget.off", name.format("2.50")),
        ("budget.delete", name.format("2.50")),
    ]


def test_of_two_windows_the_second_is_told_what_the_first_set_before_it_takes_its_place(client_of, administrator):
    client, made = client_of(administrator), budget(limit=5)
    page = f"/settings/budgets/{made.pk}/"
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(page).content.decode())[1]
    assert posted(client, page, limit="6", seen=seen).status_code == 302
    refused = posted(client, page, limit="7", seen=seen)
    assert refused.status_code == 400 and "is $6.00 a day for each member now" in refused.content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', refused.content.decode())[1]
    assert posted(client, page, limit="7", seen=seen).status_code == 302
    assert Budget.objects.get().limit == 7


def test_a_group_that_has_a_budget_stays_so_that_nobody_is_set_free_unseen(client_of, administrator):
    group = Group.objects.create(name="Research")
    budget(group=group, limit=5)
    client_of(administrator).post(f"/settings/people/groups/{group.pk}/delete/")
    assert Budget.objects.filter(group=group).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"whom": "person", "email": "nobody@example.org"}, "Nobody here has this address."),
        ({"limit": "-1"}, "This cannot be less than nothing."),
        ({"limit": "1.5", "measure": "calls"}, "Tokens and calls are whole numbers."),
        ({"period": "once"}, "At the same time there are calls: choose these."),
    ],
)
def test_what_makes_no_sense_is_said_and_not_kept(client_of, administrator, fields, sentence):
    reply = posted(client_of(administrator), **fields)
    assert reply.status_code == 400 and sentence in reply.content.decode()
    assert not Budget.objects.exists()


def test_hostile_names_are_text_on_every_page_about_budgets(client_of, administrator, member):
    client = client_of(administrator)
    for text in (*TEXTS.values(), *NAMES):
        name = storable.text(text)[:100]
        type(member).objects.filter(pk=member.pk).update(name=name)
        Group.objects.all().delete()
        group = Group.objects.create(name=name or "x")
        member.groups.set([group])
        one, _all = budget(user=member, limit=0), budget(group=group, together=True)
        Tally.objects.create(budget=one, user=member, starts_at=_today(), used=1)
        for path in ("/settings/budgets/", f"/settings/budgets/{one.pk}/"):
            tags = re.findall(r"<[a-zA-Z][^>]*>", client.get(path).content.decode())
            bare = [re.sub(r'"[^"]*"', '""', tag) for tag in tags]
            acts = re.compile(r"\son\w+=|\sstyle=|\ssrcdoc|<(iframe|object|base|img)\b")
            assert [tag for tag in bare if acts.search(tag)] == []
            assert [tag for tag in bare if tag.startswith("<script") and " src=" not in tag] == []
        one.delete()


def test_another_limit_keeps_what_is_used_and_another_measure_is_counted_anew(user, administrator, begin, end):
    day = budget(user=user)
    end(begin(user), 3_000_000)
    day.limit = Decimal(4)
    change.save(budget=day, by=administrator)
    assert taken(day, user) == (3, 0)
    day.measure = "calls"
    change.save(budget=day, by=administrator)
    assert taken(day, user) == (1, 0)


@pytest.mark.parametrize("whose", ["one", "all"])
def test_calls_on_their_way_when_a_budget_is_set_or_counts_anew_are_counted_when_they_end(
    user, administrator, begin, end, whose
):
    of = user if whose == "one" else None
    first = begin(user)
    day = Budget(measure="money", period="day", limit=Decimal(10), user=of, together=of is None)
    change.save(budget=day, by=administrator)
    second = begin(user, 4_000_000)
    end(first, 3_000_000)
    assert taken(day, of) == (3, 4)
    change.switch(budget=day, on=True, by=administrator)
    day.period = "month"
    change.save(budget=day, by=administrator)
    assert taken(day, of) == (3, 4), "what is reserved of the same measure stays so"
    day.measure, day.limit = "tokens", Decimal(9_000_000)
    change.save(budget=day, by=administrator)
    end(second, 2_000_000)
    assert taken(day, of) == (5_000_000, 0) and not Hold.objects.exists()
    third = begin(user)
    day.measure = "calls"
    change.save(budget=day, by=administrator)
    end(third)
    assert taken(day, of) == (3, 0)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_job_that_is_lost_when_a_budget_is_set_or_counts_anew_is_counted_once_it_is_found(
    user, administrator, begin, is_new
):
    day = Budget(measure="money", period="day", limit=Decimal(10), user=user)
    calls = Budget(measure="calls", period="day", limit=Decimal(10), user=user)
    if not is_new:
        change.save(budget=day, by=administrator)
    job = begin(user, 4_000_000, kind="video")
    making.settle(job.run_id, "interrupted")
    day.period = "month"
    change.save(budget=day, by=administrator)
    change.save(budget=calls, by=administrator)
    assert (taken(day, user), taken(calls, user)) == ((0, 0), (1, 0))
    making.reopen(job.run_id)
    assert taken(day, user) == (0, 0 if is_new else 4)
    making.settle(job.run_id, "completed", reply=MediaReply("succeeded", usage=Usage(cost=2.5)))
    assert (taken(day, user), taken(calls, user)) == ((Decimal("2.5"), 0), (1, 0)) and not Hold.objects.exists()


def test_a_person_is_told_once_in_a_period_that_little_is_left_and_again_after_a_change(user, administrator):
    day = budget(user=user, measure="calls", limit=10)
    Tally.objects.create(budget=day, user=user, starts_at=_today(), used=7)
    assert notices.left(user.pk)["notices"] == []
    Tally.objects.update(used=8)
    assert notices.left(user.pk)["notices"][0].startswith("8 calls of the budget “10 calls a day for user” are used.")
    assert notices.left(user.pk)["notices"] == []
    day.limit = Decimal(9)
    change.save(budget=day, by=administrator)
    assert len(notices.left(user.pk)["notices"]) == 1


def test_the_share_of_many_members_is_that_of_their_tightest_budget_in_a_few_queries(
    user, member, administrator, django_assert_num_queries
):
    group = Group.objects.create(name="Design")
    user.groups.add(group)
    each, shared = budget(measure="calls", limit=10), budget(group=group, together=True, limit=300, period="month")
    Tally.objects.create(budget=each, user=user, starts_at=_today(), used=2)
    Tally.objects.create(budget=each, user=member, starts_at=_today(), used=10)
    Tally.objects.create(budget=shared, starts_at=_today().replace(day=1), used=282)
    with django_assert_num_queries(3):
        found = shares.of_members([user.pk, member.pk, administrator.pk])
    told = {id: (share.percent, share.label, share.state) for id, share in found.items()}
    assert told == {
        user.pk: (94, "$300.00", "warn"),
        member.pk: (100, "10", "error"),
        administrator.pk: (0, "10", "ok"),
    }


def test_days_and_months_begin_in_the_time_zone_of_the_instance(settings):
    settings.BUDGET_ZONE = "Asia/Shanghai"
    now = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert periods.start_of("day", now) == periods.start_of("month", now) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert periods.end_of("day", now) == datetime(2027, 1, 1, 16, tzinfo=UTC)
    assert periods.end_of("month", now) == datetime(2027, 1, 31, 16, tzinfo=UTC)
    settings.BUDGET_ZONE = "Europe/Berlin"
    summer = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert periods.start_of("day", summer) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert periods.end_of("day", summer) == datetime(2026, 3, 29, 22, tzinfo=UTC), "a day of 23 hours"


def test_a_period_begins_at_one_moment_where_clocks_show_it_twice_or_skip_it(settings):
    settings.BUDGET_ZONE = "Africa/Cairo"
    skipped = datetime(2026, 4, 24, 12, tzinfo=UTC)
    assert periods.start_of("day", skipped) == datetime(2026, 4, 23, 22, tzinfo=UTC), "a midnight that never was"
    settings.BUDGET_ZONE = "Europe/Berlin"
    for hour in (0, 1):
        twice = datetime(2026, 10, 25, hour, 30, 7, tzinfo=UTC)
        assert periods.start_of("minute", twice) == twice.replace(second=0)
        assert periods.end_of("minute", twice) == twice.replace(minute=31, second=0)


def _today():
    return periods.start_of("day", timezone.now())
