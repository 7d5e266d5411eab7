"""What a probe may cost, before it is begun; and a purse that never holds less than what is on its way."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_UP, Decimal
from uuid import UUID

import msgspec

from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from apps.usage.prices import MILLION
from apps.wire.tokens import estimate

from .questions import QUESTIONS, Question
from .scope import Trial

# Where a model has no price: US dollars per million tokens, as the dearest common models cost.
ASSUMED_INPUT, ASSUMED_OUTPUT = Decimal(5), Decimal(25)
SMALLEST = Decimal("0.00000001")
AROUND = 60  # tokens that a format puts around a question


class Estimate(msgspec.Struct, frozen=True):
    """`at_most` is US dollars; `assumed` is how many models have no price."""

    requests: int
    at_most: Decimal
    assumed: int


def estimated(found: Iterable[Trial], models: Mapping[UUID, Model]) -> Estimate:
    asked = [trial for trial in found if trial.question]
    at_most = sum((most(models[trial.model_id], QUESTIONS[trial.question]) for trial in asked), Decimal(0))
    unknown = {trial.model_id for trial in asked if not has_price(models[trial.model_id])}
    return Estimate(len(asked), at_most.quantize(SMALLEST, ROUND_UP), len(unknown))


def has_price(model: Model) -> bool:
    return model.input_price is not None and model.output_price is not None


def most(model: Model, question: Question) -> Decimal:
    """US dollars that one question costs at most: all of its limit written, whatever it reads besides read."""
    reads = estimate(question.text) + question.reads + AROUND
    fee = question.fee if model.upstream.kind == Upstream.Kind.GATEWAY else Decimal(0)
    return _cost(model, reads, question.limit) + fee


def spent(model: Model, calls: Iterable[Call]) -> Decimal:
    """US dollars that these calls cost; by the assumption where nobody knows."""
    return sum(
        (
            _cost(model, call.input_tokens or 0, call.output_tokens or 0) if call.cost is None else call.cost
            for call in calls
        ),
        Decimal(0),
    )


def _cost(model: Model, reads: int, writes: int) -> Decimal:
    known = has_price(model)
    reading = model.input_price if known and model.input_price is not None else ASSUMED_INPUT
    writing = model.output_price if known and model.output_price is not None else ASSUMED_OUTPUT
    return (reads * reading + writes * writing) / MILLION


class Purse:
    """Money is set aside before a question and settled after it, so that together they never pass the ceiling."""

    def __init__(self, ceiling: Decimal):
        self.ceiling, self.spent, self._aside = ceiling, Decimal(0), Decimal(0)

    def take(self, amount: Decimal) -> bool:
        """False if the ceiling could be passed."""
        if self.spent + self._aside + amount > self.ceiling:
            return False
        self._aside += amount
        return True

    def settle(self, amount: Decimal, cost: Decimal) -> None:
        self._aside -= amount
        self.spent += cost
