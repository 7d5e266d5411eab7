"""Films that are transcribed: their sound goes along, whatever they are packed in."""

import io

import pytest

from apps.media import store
from apps.media.jobs.asked import whole_request_of
from apps.media.jobs.models import Job
from apps.media.refusals import NotTaken
from apps.media.sniff import sniff
from tests.media import files
from tests.media.jobs import clips

DIALECT = "openai_transcription"


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def asked(client, user, offered, form):
    """`asked(data)`: the job of a form with that film."""

    def make(data: bytes) -> Job:
        film = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="A talk")
        told = form(offered("whisper-1", "transcription", DIALECT), **{"prompt": "", "input.audio": str(film.pk)})
        reply = client.post("/studio/transcription/make/", told)
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


def test_a_film_in_which_nothing_can_be_heard_is_told_so(asked):
    job = asked(files.mp4())
    with pytest.raises(NotTaken, match="film"):
        whole_request_of(job)


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
