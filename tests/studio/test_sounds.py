"""Sounds and transcripts of jobs: what is shown of them, kept of them, and gone on with."""

import io

import pytest

from apps.media import store
from apps.media.jobs import results
from apps.media.jobs.models import Job, JobInput, JobOutput
from apps.media.jobs.refusals import NotMade
from apps.studio import music
from apps.studio.cards import card
from apps.studio.music import MUSIC
from apps.studio.speech import SPEECH
from apps.studio.transcription import TRANSCRIPTION, file_of, lines_of, transcript
from apps.wire.media.shapes import Made, MediaRequest
from tests.media import files

WORDS = [("Hello", 0.0), ("big", 0.5), ("world", 0.8), ("Good", 2.0), ("bye", 2.4)]
RESULT = {
    "text": "Hello, big world. Good bye.",
    "language": "en",
    "words": [{"word": word, "start": at, "end": at + 0.3} for word, at in WORDS],
    "segments": [
        {"start": 0.0, "end": 1.2, "text": " Hello, big world.", "speaker": "A"},
        {"start": 2.0, "end": 3.0, "text": "Good bye."},
    ],
}


@pytest.fixture
def heard(user, offered, job_of):
    """`heard(**fields)`: a transcript of the user's own recording."""
    model = offered("whisper-1", "transcription")

    def make(result=RESULT, **fields) -> Job:
        data = files.wav()
        asset = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name='a "talk".wav')
        known = {"family": "transcription", "dialect": "openai_transcription", "prompt": "", "result": result}
        job = job_of(user, model, **{**known, **fields})
        JobInput.objects.create(job=job, asset=asset, role="audio")
        return job

    return make


def test_each_word_of_a_line_has_its_moment_and_what_stands_between_them_has_none():
    first, second = lines_of(RESULT)
    assert [(piece.text, piece.at) for piece in first.pieces] == [
        *[("Hello", 0.0), (", ", None), ("big", 0.5), (" ", None), ("world", 0.8), (".", None)]
    ]
    assert (first.start, first.speaker) == (0.0, "A")
    assert [piece.at for piece in second.pieces if piece.at is not None] == [2.0, 2.4]


@pytest.mark.parametrize("missing", ["words", "segments", "both"])
def test_a_transcript_is_read_with_whatever_times_there_are(missing):
    result = {name: value for name, value in RESULT.items() if missing not in ("both", name) or name == "text"}
    result = {"text": RESULT["text"]} if missing == "both" else result
    lines = list(lines_of(result))
    assert bool(lines) == (missing != "both")
    assert ("".join(piece.text for line in lines for piece in line.pieces).startswith("Hello")) == bool(lines)


def test_words_that_no_line_has_cost_no_letter_of_it():
    words = [{"word": "nowhere", "start": 0.1, "end": 0.2}, *RESULT["words"]]
    lines = list(lines_of({**RESULT, "words": words}))
    assert "".join(piece.text for piece in lines[0].pieces) == "Hello, big world."


def test_subtitles_come_as_they_came_or_are_made_of_the_segments(heard):
    job = heard()
    assert file_of(job, "srt").startswith("1\n00:00:00,000 --> 00:00:01,200\nA: Hello, big world.\n")
    assert file_of(job, "vtt").startswith("WEBVTT\n")
    came = heard({**RESULT, "subtitles": "WEBVTT\n\nNOTE ours\n"})
    assert file_of(came, "vtt") == "WEBVTT\n\nNOTE ours\n"
    assert file_of(came, "srt").startswith("1\n")


def test_its_owner_alone_keeps_a_transcript_in_each_form_that_it_has(heard, user, member, client_of):
    job, bare = heard(), heard({"text": "Only words"})
    for kind in ("txt", "srt", "vtt", "json"):
        response = client_of(user).get(f"/jobs/{job.pk}/transcript/{kind}/")
        assert response.status_code == 200, kind
        assert f'.{kind}"' in response["Content-Disposition"].replace('\\"', "")
        assert client_of(member).get(f"/jobs/{job.pk}/transcript/{kind}/").status_code == 404
    assert client_of(user).get(f"/jobs/{bare.pk}/transcript/txt/").content == b"Only words"
    for address in (f"{bare.pk}/transcript/srt/", f"{job.pk}/transcript/exe/"):
        assert client_of(user).get(f"/jobs/{address}").status_code == 404
    assert client_of(member).get(f"/jobs/{job.pk}/transcript/").status_code == 404


def test_a_long_transcript_shows_its_beginning_until_all_of_it_is_asked_for(heard, user, client_of):
    segments = [{"start": float(at), "end": at + 1.0, "text": f"Line {at}."} for at in range(200)]
    job = heard({"text": "…", "segments": segments})
    part = client_of(user).get(f"/jobs/{job.pk}/card/").content.decode()
    assert "Line 5." in part
    assert "Line 150." not in part
    whole = client_of(user).get(f"/jobs/{job.pk}/transcript/").content.decode()
    assert "Line 150." in whole
    text = transcript(heard({"text": "word " * 3000}))
    assert not text.is_whole
    assert len(text.text) < 3000


def test_a_sound_that_is_over_leads_to_its_file_and_only_its_owner_there(user, member, offered, job_of, client_of):
    job = job_of(user, offered("tts-1", "speech"), family="speech", dialect="openai_speech")
    assert client_of(user).get(f"/jobs/{job.pk}/sound/").status_code == 404
    kept = _clip(job)
    assert client_of(user).get(f"/jobs/{job.pk}/sound/")["Location"] == kept.asset.url
    assert client_of(member).get(f"/jobs/{job.pk}/sound/").status_code == 404


def _clip(job: Job, **made) -> JobOutput:
    kept = results.kept_data(job, Made("audio", "audio/wav", files.wav()))
    return JobOutput.objects.create(job=job, position=0, asset=kept.asset, made={"kind": "audio", **made})


def test_a_clip_fills_the_form_that_continues_it_and_its_description_is_not_sung(user, offered, job_of, client_of):
    job = job_of(
        user, offered("suno", "music"), family="music", dialect="suno", remote_id="task-1", prompt="About rain"
    )
    _clip(job, id="clip-2", title="Rain", tags="lo-fi", seconds=120.5)
    told = client_of(user).post(f"/jobs/{job.pk}/again/", {"task": "extend", "of": "clip-2", "studio": "music"})
    form = told.content.decode()
    for name, value in {"of": "clip-2", "p.title": "Rain", "p.continue_at": "120.5", "p.task_id": "task-1"}.items():
        assert f'name="{name}" value="{value}"' in form
    assert "My rain" not in form


def test_lyrics_go_into_the_song_that_is_being_written(user, offered, job_of, client_of):
    model = offered("suno", "music")
    job = job_of(user, model, family="music", dialect="suno", result={"lyrics": "[Verse]\nLa", "title": "La"})
    client_of(user).post("/studio/music/keep/", {"model": str(model.pk), "task": "custom", "p.tags": "rock"})
    form = client_of(user).post(f"/jobs/{job.pk}/again/", {"task": "custom", "studio": "music"}).content.decode()
    assert "[Verse]\nLa</textarea>" in form
    assert 'name="p.tags" value="rock"' in form


@pytest.mark.parametrize(
    ("task", "texts", "field"),
    [
        ("", {}, "prompt"),
        ("custom", {"prompt": " "}, "prompt"),
        ("custom", {"prompt": "a" * 3001}, "prompt"),
        ("custom", {"prompt": "La", "p.tags": "rock," * 80}, "tags"),
        ("extend", {}, "of"),
        ("upload_extend", {}, "of"),
        ("upload", {}, "url"),
        ("upload", {"p.url": "file:///etc/passwd"}, "url"),
    ],
)
def test_what_would_be_sung_wrongly_is_said_at_its_field(task, texts, field):
    with pytest.raises(NotMade) as refused:
        MUSIC.check(asked_of_music(texts, task), [])
    assert refused.value.field == field
    MUSIC.check(asked_of_music({"prompt": "a" * 3001, "p.mv": "chirp-crow"}, "custom"), [])


def asked_of_music(texts, task) -> MediaRequest:
    """As the form hands it over."""
    given = {name.removeprefix("p."): text for name, text in texts.items() if name.startswith("p.")}
    return MediaRequest("suno", task=task, parameters=given, of=texts.get("of", ""), **MUSIC.read(texts, task))


def test_what_is_typed_is_not_sent_by_a_task_that_has_no_prompt():
    assert MUSIC.read({"prompt": "left over", "of": "clip-1"}, "concat") == {"prompt": ""}
    assert TRANSCRIPTION.read({}, "") == {"prompt": ""}


@pytest.mark.parametrize(
    ("task", "error", "explained"),
    [
        ("concat", {"title": "400", "upstream_says": "invalid_action", "status": 400}, True),
        ("upload", {"title": "Not found", "status": 404}, True),
        ("", {"title": "400", "upstream_says": "invalid_action", "status": 400}, False),
        ("concat", {"title": "429", "upstream_says": "too many", "status": 429}, False),
    ],
)
def test_a_gateway_that_cannot_is_told_from_one_that_refused(user, offered, job_of, task, error, explained):
    job = job_of(user, offered("suno", "music"), family="music", dialect="suno", values={"task": task})
    job.status, job.error = Job.Status.FAILED, error
    assert (card(job).error.get("detail") == str(music.CANNOT)) == explained


def test_a_long_text_says_how_many_requests_it_takes_and_one_that_is_too_long_is_refused_with_the_limit(
    client_of, user, offered, form
):
    with pytest.raises(NotMade, match="100,000"):
        SPEECH.read({"prompt": "a" * 100_001}, "")
    assert SPEECH.read({"prompt": "a" * 100_000}, "")
    client, speaker = client_of(user), offered("tts-1", "speech")
    for text, said in (("Word. " * 1500, "3 requests of at most 4,096"), ("字" * 3000, "3 requests of at most 1,000")):
        assert said in client.post("/studio/speech/keep/", form(speaker, prompt=text)).content.decode()
    assert "requests" not in client.post("/studio/speech/keep/", form(speaker, prompt="Hello")).content.decode()


def test_a_card_is_named_by_what_was_asked_or_else_by_what_there_is(heard, user, offered, job_of):
    assert card(heard()).title == 'a "talk".wav'
    song = job_of(user, offered("suno", "music"), family="music", prompt="", values={"task": "concat"})
    assert card(song).title == "Whole song"
    _clip(song, title="Rain")
    assert card(Job.objects.get(pk=song.pk)).title == "Rain"
