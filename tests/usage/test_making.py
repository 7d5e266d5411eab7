"""What a job came to, in the ledger."""

import uuid
from decimal import Decimal

import pytest

from apps.upstreams.models import Model, Upstream
from apps.usage import making
from apps.usage.models import Call
from apps.wire.media.shapes import MediaReply
from apps.wire.messages import Usage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("told", "kept", "cost"),
    [
        (MediaReply("succeeded", unit="request", units=3.0), Decimal(3), Decimal(6)),
        (MediaReply("succeeded", unit="request", units=1e200), Decimal(1), Decimal(2)),
        (MediaReply("succeeded", usage=Usage(input_tokens=2**52, cost=9e8)), Decimal(1), None),
    ],
)
def test_numbers_that_no_ledger_holds_do_not_keep_a_job_from_being_settled(user, told, kept, cost):
    upstream = Upstream.objects.create(name="G", base_url="http://gw.example")
    model = Model.objects.create(upstream=upstream, name="m", unit_price=2)
    call = Call.objects.create(user=user, model=model, format="rerank", run_id=uuid.uuid4())
    making.settle(call.run_id, Call.Outcome.COMPLETED, reply=told, units=("request", 1))
    call.refresh_from_db()
    assert (call.outcome, call.units, call.input_tokens) == ("completed", kept, None)
    assert call.cost == cost
