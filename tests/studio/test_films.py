"""Films that are transcribed: their sound goes along, whatever they are packed in."""

import html
import io
import os
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpResponse

from apps.media import store
from apps.media.jobs import submit
from apps.media.jobs.asked import whole_request_of
from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.media.sniff import sniff
from tests.media import files
from tests.media.jobs import clips

DIALECT = "openai_transcription"


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def posted(client, user, offered, form):
    """`posted(data, prompt)`: the answer to a form with that film, and the film."""

    def post(data: bytes, prompt: str = "") -> tuple[HttpResponse, Asset]:
        film = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="A talk")
        told = form(offered("whisper-1", "transcription", DIALECT), **{"prompt": prompt, "input.audio": str(film.pk)})
        return client.post("/studio/transcription/make/", told), film

    return post


@pytest.fixture
def asked(posted):
    """`asked(data)`: the job of a form with that film."""

    def make(data: bytes) -> Job:
        reply, _film = posted(data)
        assert reply.status_code == 200, reply.content.decode()
        return Job.objects.get()

    return make


@pytest.mark.parametrize("format", ["mp4", "mov", "webm"])
def test_the_sound_of_a_film_is_sent_in_its_place(asked, format):
    [sound] = whole_request_of(asked(clips.film(2.0, format=format))).sources
    assert (sound.role, sound.media_type, sound.name) == ("audio", "audio/ogg", "A talk.ogg")
    found = sniff(io.BytesIO(sound.data), len(sound.data))
    assert (found.kind, found.media_type) == ("audio", "audio/ogg")
    assert found.seconds == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (clips.film(sounds=False), "This film has no sound."),
        (files.mp4(), "The sound of this film could not be taken out of it."),
    ],
    ids=["silent", "broken"],
)
def test_a_film_in_which_nothing_can_be_heard_is_refused_at_its_field_and_what_was_typed_stays(
    client, posted, data, sentence
):
    reply, film = posted(data, prompt="Ada, Grace")
    page = reply.content.decode()
    assert (reply.status_code, Job.objects.count()) == (422, 0)
    assert html.escape(sentence) in page
    assert "Ada, Grace" in page and f'name="input.audio" value="{film.pk}"' in page


class Bucket(FileSystemStorage):
    """As one that is no disk of ours: it has no paths, and what it opens is in memory."""

    def path(self, name):
        raise NotImplementedError

    def exists(self, name):
        return os.path.exists(super().path(name))

    def _open(self, name, mode="rb"):
        with open(super().path(name), "rb") as file:
            return File(io.BytesIO(file.read()), name)

    def _save(self, name, content):
        place = Path(super().path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.read())
        return name

    def delete(self, name):
        Path(super().path(name)).unlink(missing_ok=True)


def test_the_sound_of_a_film_is_had_from_a_storage_without_paths(asked, settings):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.Bucket"}}
    job = asked(clips.film(2.0))
    with pytest.raises(NotImplementedError):
        default_storage.path("a")
    [sound] = whole_request_of(job).sources
    assert (sniff(io.BytesIO(sound.data), len(sound.data)).media_type, sound.name) == ("audio/ogg", "A talk.ogg")
    silent = clips.film(sounds=False)
    film = store.keep_upload(owner=job.owner, file=io.BytesIO(silent), size=len(silent), name="b")
    wanted = {"user": job.owner, "model": job.model, "dialect": DIALECT, "request": submit.request_of(job)}
    with pytest.raises(submit.NotMade, match="no sound"):
        submit.create(**wanted, inputs=[("audio", film)])


def test_music_takes_no_film_for_a_sound(client, user, offered, form):
    film = clips.film()
    film = store.keep_upload(owner=user, file=io.BytesIO(film), size=len(film), name="a.mp4")
    model = offered("suno", "music", "suno")
    told = form(model, **{"task": "upload_extend", "input.audio": str(film.pk), "p.continue_at": "1"})
    reply = client.post("/studio/music/make/", told)
    assert reply.status_code == 422
    assert "not of the kind that is wanted" in reply.content.decode()


def test_a_film_of_the_library_goes_to_the_transcripts(client, user, offered):
    offered("whisper-1", "transcription", DIALECT)
    data = clips.film()
    film = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="a.mp4")
    assert "/studio/transcription/use/" in client.get(f"/library/{film.pk}/").content.decode()
    reply = client.post("/studio/transcription/use/", {"asset": str(film.pk)})
    assert f'name="input.audio" value="{film.pk}"' in reply.content.decode()


def test_how_loud_an_uploaded_sound_is_was_heard(user):
    song = clips.song(2.0)
    peaks = store.keep_upload(owner=user, file=io.BytesIO(song), size=len(song), name="a.mp3").peaks
    assert len(peaks) > 10 and peaks[-2] > peaks[1]
