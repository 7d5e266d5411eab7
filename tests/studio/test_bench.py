"""The bench: what its forms come to, what finished jobs show, and two models beside each other."""

import csv
import io
import json
import subprocess
import sys

import pytest

from apps.media.jobs.models import Job
from apps.studio import findings, heat, rerank
from apps.studio.ranked import drawing, ranked

TEXTS = ["=HYPERLINK(1)", "a kitten", "<b>shares</b>"]
VECTORS = [[1.0, 0.0], [0.8, 0.6], [0.0, -1.0]]
QUERY = "Which planet is the largest?"


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def embedder(offered):
    return offered("sandbox-embed", "embeddings", "openai_embeddings")


@pytest.fixture
def ranker(offered):
    return offered("sandbox-rerank", "rerank", "jina_rerank")


@pytest.fixture
def embedded(user, embedder, job_of):
    """`embedded(model=…, …)`: a finished job of embeddings."""

    def make(model=embedder, texts=TEXTS, vectors=VECTORS, **fields) -> Job:
        known = {"family": "embeddings", "dialect": "openai_embeddings", "prompt": "\n".join(texts)}
        return job_of(
            user,
            model,
            **{**known, "values": {"texts": texts}, "result": {"vectors": vectors, "fused": False}, **fields},
        )

    return make


@pytest.fixture
def sorted_by(user, ranker, job_of):
    """`sorted_by(order, labels, …)`: a finished ranking of as many documents as the order has, and one more."""

    def make(order, labels=(), model=ranker, prompt=QUERY, **fields) -> Job:
        texts = [f"Document {number}" for number in range(len(order) + 1)]
        scores = [{"index": index, "score": 1 - place / 10} for place, index in enumerate(order)]
        known = {"family": "rerank", "dialect": "jina_rerank", "prompt": prompt, "values": {"texts": texts}}
        told = {"notes": {"labels": list(labels)} if labels else {}, "result": {"scores": scores}}
        return job_of(user, model, **{**known, **told, **fields})

    return make


def test_each_line_is_a_text_and_marks_of_documents_are_kept_here_and_not_sent(client, embedder, ranker, form):
    client.post("/studio/embeddings/make/", form(embedder, prompt=" one \n\n two\r\n", studio="embeddings"))
    job = Job.objects.get(family="embeddings")
    assert (job.values["texts"], job.prompt) == (["one", "two"], "one\ntwo")
    told = "[2] Jupiter\n[0.5] Saturn\n\\[3] is quoted\nMars"
    client.post("/studio/rerank/make/", form(ranker, prompt=QUERY, documents=told, studio="rerank"))
    job = Job.objects.get(family="rerank")
    assert job.values["texts"] == ["Jupiter", "Saturn", "[3] is quoted", "Mars"]
    assert job.notes == {"labels": [2, 0.5, 0, 0]}
    assert "notes" not in job.values
    assert rerank.write(job) == {"prompt": QUERY, "documents": told}


@pytest.mark.parametrize(
    "texts",
    [("one",), ("a\nb", "c"), ("[1] looks marked", "\\[1] too", "--- no"), ("[x] y", "[12] z", "[1]z")],
    ids=repr,
)
def test_documents_of_a_job_come_back_as_they_were(texts):
    job = Job(prompt="?", values={"texts": list(texts)}, notes={})
    written = rerank.write(job)["documents"]
    assert rerank.read({"prompt": "?", "documents": written}, "")["texts"] == texts
    assert rerank.notes({"documents": written}) == {}


def test_what_would_be_refused_is_told_at_its_field_and_nothing_is_made(client, embedder, ranker, form):
    wrong = [
        ("embeddings", embedder, {"prompt": " \n "}, "prompt"),
        ("embeddings", embedder, {"prompt": "a\n" * 2049}, "prompt"),
        ("rerank", ranker, {"prompt": " ", "documents": "a"}, "prompt"),
        ("rerank", ranker, {"prompt": "?", "documents": "\n"}, "documents"),
        ("rerank", ranker, {"prompt": "?", "documents": "[1] "}, "documents"),
        ("rerank", ranker, {"prompt": "?", "documents": "a", "p.top_n": "0"}, "p.top_n"),
        ("rerank", ranker, {"prompt": "?", "documents": "a", "beside": str(embedder.pk)}, "beside"),
    ]
    for family, model, typed, field in wrong:
        reply = client.post(f"/studio/{family}/make/", form(model, studio=family, **typed))
        assert reply.status_code == 422
        assert f'id="error-{field}"' in reply.content.decode(), (typed, field)
    assert not Job.objects.exists()


def test_pictures_alone_can_be_embedded_by_a_model_that_sees_but_not_in_the_plain_shape(
    client, user, offered, form, picture_of
):
    model = offered("sandbox-embed-image", "embeddings", "openai_embeddings")
    told = form(model, prompt="", studio="embeddings", **{"input.image": str(picture_of(user).pk)})
    refused = client.post("/studio/embeddings/make/", {**told, "p.shape": "plain"})
    assert "takes texts alone" in refused.content.decode()
    assert client.post("/studio/embeddings/make/", told).status_code == 200
    assert Job.objects.get().inputs.count() == 1


def test_a_second_model_is_asked_the_same_in_its_own_way_once(client, embedder, offered, form):
    google = offered("gemini-embedding-001", "embeddings", "gemini_embeddings")
    told = form(embedder, prompt="a\nb", studio="embeddings", beside=str(google.pk), **{"p.dimensions": "8"})
    shown = client.post("/studio/embeddings/make/", told).content.decode()
    second, first = Job.objects.all()
    assert (first.dialect, second.dialect) == ("openai_embeddings", "gemini_embeddings")
    assert (first.values["parameters"], second.values["parameters"]) == ({"dimensions": 8}, {})
    assert first.values["texts"] == second.values["texts"] == ["a", "b"]
    assert (first.notes, second.notes) == ({}, {"beside": str(first.pk)})
    assert shown.index(f'id="job-{second.pk}"') < shown.index(f'id="job-{first.pk}"')
    client.post("/studio/embeddings/make/", told)
    assert Job.objects.count() == 2


def test_vectors_are_compared_beside_those_that_were_asked_together_or_the_same_by_another_job(
    client, embedded, embedder, offered
):
    other = offered("<i>other</i>", "embeddings", "openai_embeddings")
    embedded(other, texts=["another"], vectors=[[1.0]])
    first = embedded(other)
    second = embedded(embedder, notes={"beside": str(first.pk)})
    alone = client.get(f"/jobs/{first.pk}/findings/").content.decode()
    both = client.get(f"/jobs/{second.pk}/findings/").content.decode()
    assert (alone.count("<section"), both.count("<section")) == (1, 2)
    assert "&lt;i&gt;other&lt;/i&gt;" in both
    assert "&lt;b&gt;shares&lt;/b&gt;" in both
    assert ">0.80</td>" in both
    assert ">−0.60</td>" in both or ">-0.60</td>" in both
    assert client.get(f"/jobs/{second.pk}/findings/?beside=").content.decode().count("<section") == 1
    second.status = Job.Status.RUNNING
    second.save()
    coming = client.get(f"/jobs/{first.pk}/findings/?beside={second.pk}").content.decode()
    assert "is still at it" in coming
    assert client.get(f"/jobs/{second.pk}/findings/").status_code == 404


def test_only_so_many_vectors_are_compared_and_drawn(embedded):
    job = embedded(texts=[str(number) for number in range(510)], vectors=[[1.0, number] for number in range(510)])
    found = findings.vectors_of(job)
    assert (len(found.rows), len(found.points), found.left, len(found.pairs)) == (40, 500, 10, 10)
    assert {point.name for point in found.points} == {""}
    assert all(0 <= float(point.x) <= heat.WIDTH and 0 <= float(point.y) <= heat.HEIGHT for point in found.points)


@pytest.mark.parametrize(
    "vectors", [[[1.0], [1.0, 2.0], [1.0]], [[1.0, 2.0]], [], [[0.0, 0.0]] * 3, [[1.0, 1.0]] * 3], ids=repr
)
def test_odd_vectors_are_shown_with_a_word_or_as_they_are(client, embedded, vectors):
    job = embedded(vectors=vectors)
    assert client.get(f"/jobs/{job.pk}/findings/").status_code == 200


def test_vectors_come_as_files_in_which_no_text_is_a_formula(client, embedded):
    job = embedded()
    reply = client.get(f"/jobs/{job.pk}/vectors/csv/")
    rows = list(csv.reader(io.StringIO(b"".join(reply.streaming_content).decode())))
    assert "attachment" in reply.headers["Content-Disposition"]
    assert rows[0] == ["number", "input", "1", "2"]
    assert rows[1] == ["1", "'=HYPERLINK(1)", "1.0", "0.0"]
    assert rows[3] == ["3", "<b>shares</b>", "0.0", "-1.0"]
    document = json.loads(client.get(f"/jobs/{job.pk}/vectors/json/").getvalue())
    assert (document["inputs"], document["vectors"]) == (TEXTS, VECTORS)
    assert client.get(f"/jobs/{job.pk}/vectors/xml/").status_code == 404
    long = embedded(texts=["word " * 100, "b", "c"])
    assert json.loads(client.get(f"/jobs/{long.pk}/vectors/json/").getvalue())["inputs"][0] == "word " * 100
    assert "word…" in client.get(f"/jobs/{long.pk}/findings/").content.decode()


def test_a_ranking_tells_places_moves_and_how_good_it_is(client, sorted_by):
    job = sorted_by([1, 0], labels=[0, 2, 0])
    told = ranked(job)
    assert [(place.rank, place.number, place.moved, place.grade) for place in told.places] == [
        (1, 2, "+1", "2"),
        (2, 1, "−1", "0"),
    ]
    assert told.facts == ["nDCG@10 1.000", "MRR 1.000"]
    assert told.overall == ""
    lines = drawing(job, None).lines
    assert [line.way for line in lines] == ["up", "down", "same"]
    assert lines[2].y2 is None
    worse = sorted_by([0, 1], labels=[0, 2, 0], prompt="Another")
    assert ranked(worse).facts == ["nDCG@10 0.631", "MRR 0.500"]
    assert ranked(worse).overall == "Over 2 marked queries: nDCG@10 0.815 · MRR 0.750"


def test_two_rankings_are_held_against_each_other(client, sorted_by, offered):
    first = sorted_by([0, 1, 2], model=offered("other", "rerank", "cohere_rerank"))
    second = sorted_by([2, 0, 1], notes={"beside": str(first.pk)})
    assert [place.moved for place in ranked(second, [0, 1, 2]).places] == ["+2", "−1", "−1"]
    shown = client.get(f"/jobs/{second.pk}/findings/").content.decode()
    assert shown.count("<section") == 2
    assert drawing(second, first).before == "other"


def test_a_list_of_jobs_reads_no_vectors(client, embedded, django_assert_max_num_queries):
    for _ in range(3):
        embedded()
    with django_assert_max_num_queries(14) as seen:
        page = client.get("/bench/embeddings/").content.decode()
    assert page.count('<li class="job"') == 3
    assert not [query for query in seen.captured_queries if '"media_job"."result"' in query["sql"]]


def test_a_process_that_compares_nothing_does_without_numpy():
    code = "import django; django.setup(); import apps.studio.urls, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
