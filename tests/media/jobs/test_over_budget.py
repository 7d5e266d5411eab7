"""Jobs that a budget has no room for: refused at the form, or when their turn comes, with nothing submitted."""

from decimal import Decimal

import pytest

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.usage.models import Budget, Call, Hold, Tally
from tests.processes import wait_until

from .making import begin, ended, now, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def film(model):
    return model(unit="second", unit_price=Decimal("0.10"))


def test_a_job_is_settled_by_what_it_cost(user, studio, film, workshop):
    budget = Budget.objects.create(user=user, measure="money", limit=1)
    ended(begin(user, film, parameters={"seconds": "8"}))
    tally = Tally.objects.get(budget=budget)
    assert (tally.used, tally.reserved) == (Decimal("0.80"), 0) and not Hold.objects.exists()
    with pytest.raises(NotMade, match=r"\$0.80 of \$1.00 are used or set aside"):
        begin(user, film, parameters={"seconds": "8"})
    assert Job.objects.count() == 1


def test_what_was_queued_fails_with_the_sentence_when_its_turn_comes_too_late(user, studio, film, quick, request):
    job = begin(user, film, parameters={"seconds": "8"})
    Budget.objects.create(user=user, measure="money", limit=Decimal("0.50"), period="day")
    request.getfixturevalue("workshop")
    job = ended(job)
    assert job.status == "failed" and "“$0.50 a day for user”" in told(job)
    assert studio.counts.get("submit", 0) == 0 and not Call.objects.exists()


def test_what_only_has_to_wait_for_others_waits(user, studio, film, quick, request):
    job = begin(user, film, parameters={"seconds": "8"})
    limit = Budget.objects.create(user=user, measure="calls", limit=0, period="once")
    workshop = request.getfixturevalue("workshop")
    wait_until(lambda: now(job).due_at > job.due_at, "the job was put off", 30)
    assert now(job).status == "queued" and not Call.objects.exists()
    limit.delete()
    Job.objects.update(due_at=job.created_at)
    workshop.poke()
    assert ended(job).status == "succeeded"
