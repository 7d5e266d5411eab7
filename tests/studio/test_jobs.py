"""The list of jobs, their cards and their commands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.media.jobs.models import Job, JobInput, JobOutput


@pytest.fixture
def client(client_of, user):
    return client_of(user)


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_thousand_jobs_with_files_cost_the_page_no_more_queries_than_a_full_one(
    client, user, offered, job_of, picture_of
):
    model, picture = offered("gpt-image-1"), picture_of(user)
    fill(user, model, picture, 30)
    client.get("/studio/images/")
    before = queries_of(client, "/studio/images/")
    fill(user, model, picture, 970)
    assert queries_of(client, "/studio/images/") == before
    assert before < 15
    first = client.get("/studio/images/").content.decode()
    assert first.count('<li class="job"') == 30
    assert "1000 files" in first


def test_vectors_are_read_where_they_are_compared_alone(client, user, offered, job_of):
    of_texts = {"family": "embeddings", "dialect": "openai_embeddings", "values": {"texts": ["a", "b"]}}
    result = {"vectors": [[0.25, 0.5], [0.5, 0.25]]}
    job = job_of(user, offered("text-embedding-3-small", "embeddings"), result=result, **of_texts)
    reads = {}
    for place in ("bench/embeddings/", f"jobs/{job.pk}/card/", f"jobs/{job.pk}/", f"jobs/{job.pk}/findings/"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/{place}").status_code == 200
        reads[place] = any('"media_job"."result"' in query["sql"] for query in seen)
    assert list(reads.values()) == [False, False, False, True], reads


def fill(user, model, picture, count: int) -> None:
    about = {"family": "images", "dialect": "openai_images", "model": model, "model_name": model.name}
    jobs = Job.objects.bulk_create(
        Job(owner=user, status="succeeded", prompt="A bottle", **about) for _ in range(count)
    )
    JobOutput.objects.bulk_create(JobOutput(job=job, position=0, asset=picture) for job in jobs)
    JobInput.objects.bulk_create(JobInput(job=job, role="image", asset=picture) for job in jobs)


def test_older_jobs_come_page_by_page_and_a_search_finds_by_words(client, user, offered, job_of):
    model = offered("gpt-image-1")
    jobs = [job_of(user, model, prompt=f"Number {number}.") for number in range(35)]
    first = client.get("/studio/images/").content.decode()
    assert "Number 5." in first
    assert "Number 4." not in first
    more = client.get(f"/studio/images/jobs/?before={jobs[5].pk}").content.decode()
    assert all(f"Number {number}." in more for number in range(5))
    assert "Show more" not in more
    found = client.get("/studio/images/jobs/?q=number+17").content.decode()
    assert found.count('<li class="job"') == 1
    assert "No prompt has these words" in client.get("/studio/images/jobs/?q=nothing").content.decode()


def test_recent_prompts_are_told_once_each_the_newest_first(client, user, offered, job_of):
    model = offered("gpt-image-1")
    for prompt in ("first", "<i>second</i>", "first", "third"):
        job_of(user, model, prompt=prompt)
    told = client.get("/studio/images/prompts/").content.decode()
    assert told.index("third") < told.index("first") < told.index("&lt;i&gt;second")
    assert told.count('data-recent-prompt="first"') == 1


def test_a_card_that_a_list_lacks_is_given_only_where_it_belongs(client, client_of, member, user, offered, job_of):
    job = job_of(user, offered("gpt-image-1"))
    assert client.get(f"/jobs/{job.pk}/card/?new=images").status_code == 200
    assert client.get(f"/jobs/{job.pk}/card/?new=video").status_code == 204
    assert client_of(member).get(f"/jobs/{job.pk}/card/?new=images").status_code == 204


def test_each_end_is_told_in_words_with_what_can_be_done(client, user, offered, job_of, picture_of):
    model = offered("gpt-image-1")
    failed = job_of(user, model, status="failed", error={"title": "The model refused.", "request_id": "r-1"})
    unknown = job_of(user, model, status="unknown", remote_id="task-1")
    lost = job_of(user, model, prompt="lost")
    JobOutput.objects.create(job=lost, position=0, made={"url": "http://x/"}, error="The link has expired.")
    made = job_of(user, model, prompt="made")
    JobOutput.objects.create(job=made, position=0, asset=picture_of(user), made={"text": "A <b>revised</b> prompt"})
    cards = {job: client.get(f"/jobs/{job.pk}/card/").content.decode() for job in (failed, unknown, lost, made)}
    assert "The model refused." in cards[failed]
    assert "r-1" in cards[failed]
    assert "Outcome unknown" in cards[unknown]
    assert "not sent again" in cards[unknown]
    assert "charge for it twice, or delete it" in cards[unknown]
    assert all(command in cards[unknown] for command in ("Check again", "Edit and send again", "Delete"))
    assert "The link has expired." in cards[lost]
    assert "Fetch again" in cards[lost]
    assert "A &lt;b&gt;revised&lt;/b&gt; prompt" in cards[made]
    assert "Use as reference" in cards[made]


def test_cancel_and_delete_answer_with_what_is_left(client, user, offered, job_of):
    job = job_of(user, offered("gpt-image-1"), status="queued")
    assert "Cancelled" in client.post(f"/jobs/{job.pk}/cancel/").content.decode()
    assert 'hx-swap="delete"' in client.post(f"/jobs/{job.pk}/delete/").content.decode()
    assert not Job.objects.exists()


def test_what_nobody_knows_the_outcome_of_fills_the_form_again_or_is_dismissed(client, user, offered, job_of):
    job = job_of(user, offered("gpt-image-1"), status="unknown", prompt="A lost bottle", values={"model": "m"})
    card = client.get(f"/jobs/{job.pk}/card/").content.decode()
    assert "Check again" not in card, "the upstream gave no number to ask for"
    assert "A lost bottle" in client.post(f"/jobs/{job.pk}/again/").content.decode()
    assert f"job-{job.pk}" in client.get("/studio/images/").content.decode()
    assert 'hx-swap="delete"' in client.post(f"/jobs/{job.pk}/delete/").content.decode()
    assert client.get(f"/jobs/{job.pk}/card/").status_code == 404
    assert f"job-{job.pk}" not in client.get("/studio/images/").content.decode()


def test_what_cannot_be_done_is_said(client, user, offered, job_of):
    job = job_of(user, offered("gpt-image-1"))
    for command in ("fetch", "check"):
        reply = client.post(f"/jobs/{job.pk}/{command}/")
        assert reply.status_code == 422
        assert 'data-state="error"' in reply.content.decode()


def test_what_was_begun_while_nobody_listened_is_asked_for(client, user, member, offered, job_of):
    model = offered("gpt-image-1")
    old, new, _theirs = job_of(user, model), job_of(user, model, prompt="The new one"), job_of(member, model)
    told = client.get(f"/studio/images/jobs/?after={old.pk}").content.decode()
    assert f"job-{new.pk}" in told and told.count('class="job"') == 1
    assert client.get(f"/studio/images/jobs/?after={new.pk}").content.decode().strip() == ""
    assert client.get("/studio/images/jobs/?after=").content.decode().count('class="job"') == 2
