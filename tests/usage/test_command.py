"""`manage.py usage`."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.usage import rollup
from apps.usage.models import Call, UsageDay

pytestmark = pytest.mark.django_db


def said(*words, **options):
    out = io.StringIO()
    call_command("usage", *words, stdout=out, **options)
    return out.getvalue()


def a_call(user, **values):
    known = {"model_name": "=m", "upstream_name": "U", "format": "gemini", "outcome": "completed", "cost": Decimal(2)}
    return Call.objects.create(user=user, started_at=timezone.now(), **{**known, **values})


def test_a_report_tells_what_each_member_or_model_came_to(user, member):
    a_call(user)
    a_call(user, outcome="failed", cost=None)
    a_call(member, input_tokens=1500)
    lines = [line.split() for line in said().splitlines()]
    assert lines[1:] == [
        ["user", "2", "50.0%", "–", "–", "$2.00"],
        ["member", "1", "0.0%", "1,500", "–", "$2.00"],
        ["3", "33.3%", "1,500", "–", "$4.00"],
    ]
    rows = list(csv.DictReader(io.StringIO(said("report", "--by", "model", "--csv"))))
    assert [(row["model"], row["calls"], Decimal(row["cost"])) for row in rows] == [("'=m", "3", 4)]
    assert "$" not in said("report", "--until", "2020-01-01").replace("$0.00", "")


def test_sums_that_are_wrong_are_told_and_repaired(user):
    a_call(user)
    assert "are those of the ledger" in said("verify")
    UsageDay.objects.update(calls=7)
    with pytest.raises(CommandError, match="1 sums are not those"):
        said("verify")
    assert "calls 7 is 1" in said("verify", "--repair")
    assert "are those of the ledger" in said("verify")
    UsageDay.objects.all().delete()
    assert "1 days" in said("rebuild") and UsageDay.objects.get().calls == 1


def test_a_bill_takes_the_place_of_what_was_estimated(user, tmp_path):
    a_call(user, request_id="r1", cost_source="estimated")
    a_call(user, request_id="twice")
    a_call(user, request_id="twice")
    rollup.advance()
    bill = tmp_path / "bill.csv"
    bill.write_text("request_id,cost\nr1,3.5\ntwice,9\nr3,1\n")
    assert said("bill", str(bill)) == "1 calls have what was billed for them. 2 lines name no call.\n"
    call = Call.objects.get(request_id="r1")
    assert (call.cost, call.cost_source) == (Decimal("3.5"), "billed")
    assert "are those of the ledger" in said("verify")
    assert sum(day.cost for day in UsageDay.objects.all()) == Decimal("7.5")
    bill.write_text("request_id,cost\nr1,much\n")
    with pytest.raises(CommandError, match="Line 2"):
        said("bill", str(bill))
