"""Vectors that are too many for a row: in a file of their owner's, read back piece by piece."""

import json
import struct

import pytest

from apps.media import hold
from apps.media.jobs import actions, submit, vectors
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.media.store import bytes_of
from apps.wire.media.shapes import MediaRequest

from .making import ended, now
from .studio import says

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, COUNT = 1000, 120


def numbers(row: int) -> list[float]:
    return [round((row * WIDE + place) % 997 / 997, 6) for place in range(WIDE)]


@pytest.fixture
def embedded(user, studio, model, workshop):
    """A finished job with so many vectors, and the texts that they are of."""
    studio.submit = says({"data": [{"index": row, "embedding": numbers(row)} for row in range(COUNT)]})
    texts = tuple(f"text {row}" for row in range(COUNT))
    embedder = model("embed-1", "embeddings")
    request = MediaRequest(embedder.name, texts=texts)
    return ended(submit.create(user=user, model=embedder, dialect="openai_embeddings", request=request))


def test_they_lie_in_a_file_of_four_bytes_a_number_and_are_all_in_the_downloads(embedded, user, client_of):
    assert (embedded.status, embedded.result) == ("succeeded", {"fused": False, "lengths": [[COUNT, WIDE]]})
    asset = embedded.outputs.get().asset
    assert (asset.owner, asset.origin, asset.size) == (user, "job", 4 * WIDE * COUNT)
    assert struct.unpack_from("<2f", bytes_of(asset), 4 * WIDE * 7) == pytest.approx(numbers(7)[:2])
    address = f"/jobs/{embedded.pk}/vectors/"
    document = json.loads(client_of(user).get(f"{address}json/").getvalue())
    assert len(document["vectors"]) == COUNT
    assert document["vectors"][119] == pytest.approx(numbers(119))
    lines = client_of(user).get(f"{address}csv/").getvalue().decode().splitlines()
    assert (len(lines), lines[1].split(",")[:3]) == (COUNT + 1, ["1", "text 0", "0.0"])
    shown = client_of(user).get(f"/jobs/{embedded.pk}/findings/").content.decode()
    assert "120 vectors" in shown and "1,000 dimensions" in shown and 'class="pairs"' in shown
    with pytest.raises(StopIteration):
        rows = vectors.rows_of(now(embedded))
        assert len(next(rows)) == WIDE
        for _row in range(COUNT):
            next(rows)


def test_the_file_goes_with_the_job_and_the_job_says_so_where_the_file_went_first(embedded, user, client_of):
    hold.delete(asset=embedded.outputs.get().asset)
    shown = client_of(user).get(f"/jobs/{embedded.pk}/findings/").content.decode()
    assert "The file of the vectors was deleted." in shown
    assert client_of(user).get(f"/jobs/{embedded.pk}/vectors/csv/").status_code == 404
    actions.delete(now(embedded))
    assert not Asset.objects.exists()


def test_more_than_an_answer_may_hold_is_not_asked_for(user, model):
    embedder = model("embed-1", "embeddings")
    for count, parameters in ((2049, {}), (2000, {"dimensions": 4096})):
        request = MediaRequest(embedder.name, texts=("a",) * count, parameters=parameters)
        with pytest.raises(NotMade, match="at most") as refused:
            submit.create(user=user, model=embedder, dialect="openai_embeddings", request=request)
        assert refused.value.field == "prompt"


def test_a_few_stand_in_the_row(user, studio, model, workshop):
    studio.submit = says({"data": [{"index": 0, "embedding": [0.5, 1.0]}]})
    embedder = model("embed-1", "embeddings")
    request = MediaRequest(embedder.name, texts=("one",))
    job = ended(submit.create(user=user, model=embedder, dialect="openai_embeddings", request=request))
    assert (job.result["vectors"], list(vectors.rows_of(job))) == ([[0.5, 1.0]], [[0.5, 1.0]])
    assert not Asset.objects.exists()
