"""Prices that somebody set: from a moment on, for what begins after it, and never for the past."""

from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.upstreams.models import Model, Upstream
from apps.usage import making, meter
from apps.usage.models import Call, Price
from apps.usage.prices import cost_of, cost_of_units, rates
from apps.wire.media.shapes import MediaReply
from apps.wire.messages import Usage

pytestmark = pytest.mark.django_db
MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000, cached_tokens=500_000)


@pytest.fixture
def model():
    upstream = Upstream.objects.create(name="G", base_url="http://gw.example")
    return Model.objects.create(upstream=upstream, name="m", input_price=2, output_price=10, cached_price=1)


def ago(**past):
    return timezone.now() - timedelta(**past)


def test_the_price_of_the_calls_start_counts_and_what_it_leaves_open_is_as_listed(model):
    Price.objects.create(model=model, starts_at=ago(days=2), input_price=4)
    Price.objects.create(model=model, starts_at=ago(days=1), input_price=0, output_price=0, cached_price=0)
    Price.objects.create(model=model, starts_at=ago(days=-1), input_price=1000)
    costs = [cost_of(model, MILLION, ago(days=days)) for days in (3, 1.5, 0)]
    assert costs == [Decimal("11.5"), Decimal("12.5"), 0]
    assert rates(model).input_price == 0


def test_what_a_cache_keeps_for_an_hour_costs_more_to_write_than_for_five_minutes(model):
    written = Usage(input_tokens=1_000_000, cache_write_tokens=400_000, hour_write_tokens=100_000)
    assert cost_of(model, written) == Decimal("1.2") + Decimal("0.75") + Decimal("0.4")
    model.cache_write_price = 5
    assert cost_of(model, written) == Decimal("1.2") + Decimal("1.5") + Decimal("0.8")


def test_a_price_for_units_takes_the_place_of_the_models_own(model):
    model.unit_price, model.unit = 3, "image"
    Price.objects.create(model=model, starts_at=ago(hours=1), unit_price=5, unit="second")
    assert cost_of_units(model, "second", 8) == 40
    assert (cost_of_units(model, "image", 2), cost_of_units(model, "image", 2, ago(days=1))) == (None, 6)


def test_a_new_price_changes_no_call_that_has_ended_and_none_that_has_begun(model, user):
    ended, begun = (meter.open_call(user=user, model=model, format="openai_chat") for _call in range(2))
    job = Call.objects.create(user=user, model=model, format="images", run_id=ended.pk)
    Call.objects.update(started_at=ago(minutes=5))
    ended, begun = Call.objects.get(pk=ended.pk), Call.objects.get(pk=begun.pk)
    meter.settle(ended, outcome="completed", measured=None, usage=MILLION, estimated=False)
    Price.objects.create(model=model, starts_at=timezone.now(), input_price=100, output_price=100, cached_price=100)
    meter.settle(begun, outcome="completed", measured=None, usage=MILLION, estimated=False)
    making.settle(job.run_id, "completed", reply=MediaReply("succeeded", usage=MILLION))
    assert {call.cost for call in Call.objects.all()} == {Decimal("11.5")}
    late = meter.open_call(user=user, model=model, format="openai_chat")
    meter.settle(late, outcome="completed", measured=None, usage=MILLION, estimated=False)
    assert Call.objects.get(pk=late.pk).cost == 200


def test_an_administrator_sets_a_price_and_takes_back_only_what_has_not_begun(client_of, administrator, model):
    client, page = client_of(administrator), f"/settings/models/{model.pk}/prices/"
    tomorrow = (timezone.now().astimezone(UTC) + timedelta(days=1)).date()
    assert client.post(page, {"input_price": "5"}).status_code == 302
    assert client.post(page, {"input_price": "7", "starts_on": tomorrow}).status_code == 302
    assert client.post(page, {"input_price": "8", "starts_on": tomorrow}).status_code == 400
    assert rates(model).input_price == 5
    future, begun = Price.objects.all()
    for price in (future, begun):
        client.post(f"{page}{price.pk}/remove/")
    assert list(Price.objects.all()) == [begun]
    shown = client.get(page).content.decode()
    assert "$5.00" in shown and "$2.00" in shown and "/remove/" not in shown
    assert [entry.action for entry in AuditEntry.objects.all()] == ["price.remove", "price.set", "price.set"]


@pytest.mark.parametrize(
    "said", [{"starts_on": "2020-01-01"}, {"input_price": "-1"}, {"unit_price": "much"}, {"unit": "x"}]
)
def test_a_price_for_the_past_or_below_zero_is_not_taken(client_of, administrator, model, said):
    answer = client_of(administrator).post(f"/settings/models/{model.pk}/prices/", {"output_price": "1", **said})
    assert answer.status_code == 400 and not Price.objects.exists()


def test_a_failed_call_says_why_and_a_stopped_one_does_not(user, model):
    for outcome, measured in (
        ("failed", meter.Measured(status=429, cause="http")),
        ("failed", meter.Measured(cause="cut")),
        ("failed", meter.Measured(status=200)),
        ("stopped", meter.Measured(cause="cut")),
    ):
        call = meter.open_call(user=user, model=model, format="openai_chat")
        meter.settle(call, outcome=outcome, measured=measured, usage=Usage(), estimated=True)
    assert list(Call.objects.order_by("id").values_list("cause", flat=True)) == ["429", "cut", "reply", ""]
