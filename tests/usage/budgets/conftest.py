"""A member, a model with a price, and calls of the two."""

from decimal import Decimal

import pytest

from apps.upstreams.models import Model, Upstream
from apps.usage import meter
from apps.usage.budgets.estimates import Estimate
from apps.usage.models import Budget, Tally
from apps.wire.messages import Usage
from apps.work.ids import new_id


@pytest.fixture
def priced(db) -> Model:
    """A dollar for a million tokens, read or written."""
    upstream = Upstream.objects.create(name="U", base_url="http://127.0.0.1:9")
    return Model.objects.create(upstream=upstream, name="m", input_price=1, output_price=1)


@pytest.fixture
def begin(priced):
    """`begin(user, tokens=…)`: a call that may take so many tokens, at a dollar a million."""

    def open_call(user, tokens=1_000_000, model=priced, **more):
        money = None if model.input_price is None else Decimal(tokens) / 1_000_000
        asks = lambda: Estimate(tokens, money)  # noqa: E731
        return meter.open_call(user=user, model=model, format="openai_chat", run_id=new_id(), asks=asks, **more)

    return open_call


@pytest.fixture
def end():
    """`end(call, tokens=…)`: it took so many."""

    def settle(call, tokens=1_000_000, outcome="completed"):
        usage = Usage(input_tokens=0, output_tokens=tokens)
        meter.settle(call, outcome=outcome, measured=None, usage=usage, estimated=False)

    return settle


def budget(**fields) -> Budget:
    fields = {"measure": "money", "period": "day", "limit": Decimal(10)} | fields
    return Budget.objects.create(**fields)


def taken(of: Budget, user=None) -> tuple[Decimal, Decimal]:
    """What is used, and what is reserved."""
    tally = Tally.objects.get(budget=of, user=user)
    return tally.used, tally.reserved
