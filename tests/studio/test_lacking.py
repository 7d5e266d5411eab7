"""What an upstream has said that it does not have is shown as not offered there, until somebody tries it again."""

import pytest

from apps.media.jobs import absences
from apps.media.jobs.models import Absence, Job
from apps.wire.events import Failed

GONE = Failed("invalid_action", code="invalid_request", status=400)
WHOLE = {"task": "concat", "of": "clip-1", "prompt": "", "studio": "music"}


@pytest.fixture
def song(user, offered, job_of):
    """`song(**values)`: a job of the user's at a gateway of Suno's."""
    model = offered("suno", "music", "suno")

    def make(dialect="suno", **values) -> Job:
        return job_of(user, model, family="music", dialect=dialect, values={"model": "suno", **values})

    return make


def shown(client, model, **typed) -> str:
    told = {"model": str(model.pk), "was": str(model.pk), "dialect": "suno", **typed}
    return client.post("/studio/music/form/", told).content.decode()


def test_a_task_that_a_gateway_lacks_is_marked_and_refused_until_it_is_tried_again(user, client_of, song, form):
    job = song(task="concat")
    client, model = client_of(user), job.model
    assert "not offered there" not in shown(client, model, task="concat")
    absences.note(job, GONE)
    page = shown(client, model, task="concat")
    assert "Whole song (not offered there)" in page
    assert "Gateway has said that it does not offer this task: Whole song." in page
    assert "<q>invalid_action</q>" in page
    assert "<q>" not in shown(client, model, task="lyrics")
    refused = client.post("/studio/music/make/", form(model, **WHOLE))
    assert (refused.status_code, "press Try again" in refused.content.decode()) == (422, True)
    known = Absence.objects.get()
    told = {"model": str(model.pk), "dialect": "suno", "task": "concat", "of": "clip-1", "studio": "music"}
    again = client.post(f"/studio/music/try/{known.pk}/", told).content.decode()
    assert "not offered there" not in again
    assert 'value="clip-1"' in again
    assert client.post("/studio/music/make/", form(model, **WHOLE)).status_code == 200


def test_a_version_files_and_a_model_are_told_apart(user, client_of, song):
    missing = Failed("mv chirp-crow is not supported", status=400)
    absences.note(song(parameters={"mv": "chirp-crow"}), missing)
    absences.note(song(task="upload_extend"), Failed("no such route", status=404), bringing=True)
    absences.note(song(), Failed("No available channel", code="model_not_found", status=503))
    assert {each.what for each in Absence.objects.all()} == {"mv chirp-crow", "files", "model suno"}
    client, model = client_of(user), song().model
    assert shown(client, model, task="upload_extend").count("Gateway has said that it") == 3
    assert "takes no files" not in shown(client, model), "no files go there"


@pytest.mark.parametrize(
    "failed",
    [
        Failed("Your prompt names an artist, which is not supported", status=400),
        Failed("Rate limit", code="rate_limited", status=429),
        Failed("The model is overloaded", status=503),
        Failed("model not found in cache", status=500),
    ],
)
def test_what_was_refused_for_another_reason_is_no_absence(song, failed):
    absences.note(song(task="custom", parameters={"mv": "chirp-v4"}), failed)
    assert not Absence.objects.exists()


def test_what_was_made_after_all_is_there(song):
    job = song(task="concat")
    absences.note(job, GONE)
    absences.made(song(task="lyrics"))
    assert Absence.objects.exists()
    absences.made(job)
    assert not Absence.objects.exists()


def test_another_gateway_knows_nothing_of_it(user, client_of, song, upstream):
    absences.note(song(task="concat"), GONE)
    from apps.upstreams.models import Model, Upstream

    other = Upstream.objects.create(name="Other", base_url="http://127.0.0.1:8")
    model = Model.objects.create(upstream=other, name="suno", capabilities=["music"], own_dialect="suno")
    assert "not offered there" not in shown(client_of(user), model, task="concat")
