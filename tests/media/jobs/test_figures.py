"""Figures that no ledger holds, said by an upstream: the work is kept, and nothing is charged by them."""

import base64
import json
from decimal import Decimal

import pytest

from apps.usage.meter import DEAREST
from apps.usage.models import Budget, Call, Tally
from tests.media import files

from .making import begin, ended
from .studio import sends

pytestmark = pytest.mark.django_db(transaction=True)

# As JSON writes them, or as somebody does who cannot.
ABSURD = (
    "-1",
    "-1e308",
    "NaN",
    "-Infinity",
    "1e308",
    "1e999",
    "9" * 400,
    "1e9",
    '"0.5"',
    '"free"',
    "true",
    "[1]",
    "{}",
)


def drawn(figure: str):
    picture = base64.b64encode(files.picture()).decode()
    names = ("cost", "input_tokens", "output_tokens", "total_tokens")
    usage = ",".join(f'"{name}":{figure}' for name in names)
    return f'{{"data":[{{"b64_json":"{picture}"}}],"usage":{{{usage}}}}}'.encode()


def test_what_a_picture_costs_beyond_all_measure_is_not_believed_and_the_picture_is_kept(
    user, studio, model, workshop, client_of
):
    async def absurd(exchange):
        await sends(drawn(json.loads(exchange.request.body)["prompt"]), "application/json")(exchange)

    studio.image = absurd
    painter = model("gpt-image-1", "images", unit="image", unit_price=Decimal("0.04"))
    Budget.objects.create(user=user, measure="money", limit=5)
    for figure in ABSURD:
        job = ended(begin(user, painter, figure, "openai_images"))
        assert (job.status, job.outputs.get().asset.kind) == ("succeeded", "image"), figure
        call = Call.objects.get(run_id=job.pk)
        assert (call.outcome, call.cost_source) == ("completed", "estimated"), figure
        assert job.cost == call.cost == Decimal("0.04"), figure
        counts = (call.input_tokens, call.output_tokens)
        assert counts == (None, None) or all(0 <= count < 2**31 for count in counts), figure
        assert client_of(user).get(f"/jobs/{job.pk}/tab/usage/").status_code == 200
    assert Tally.objects.get().used == len(ABSURD) * Decimal("0.04")
    studio.image = sends(drawn("1e6"), "application/json")
    beyond = ended(begin(user, painter, dialect="openai_images"))
    assert (beyond.status, beyond.cost) == ("succeeded", None), "a cost that no ledger holds is not known"


def test_a_cost_that_the_ledger_just_holds_is_kept(user, studio, model, workshop):
    studio.image = sends(drawn(str(DEAREST)), "application/json")
    job = ended(begin(user, model("gpt-image-1", "images"), dialect="openai_images"))
    assert (job.status, job.cost) == ("succeeded", DEAREST)


def test_the_length_of_a_film_or_a_sound_counts_only_where_it_is_one(user, studio, model, workshop):
    film = model(unit="second", unit_price=Decimal("0.10"))
    for seconds in ('"-8"', "-8", "1e308", "NaN", '"1e99"', "[]", '"²"'):

        async def done(exchange, seconds=seconds):
            said = f'{{"id":"video_1","status":"completed","progress":{seconds},"seconds":{seconds}}}'
            await sends(said.encode(), "application/json")(exchange)

        studio.poll = done
        job = ended(begin(user, film, parameters={"seconds": "8"}))
        assert (job.status, job.progress, job.cost) == ("succeeded", 100, Decimal("0.80")), seconds
