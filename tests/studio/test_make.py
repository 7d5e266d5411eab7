"""`manage.py make`: one job for operators and scripts, through the workshop of the pages."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from apps.media.jobs.models import Job
from apps.upstreams.models import Model

pytestmark = pytest.mark.django_db(transaction=True)


def make(*arguments):
    out = StringIO()
    call_command("make", *map(str, arguments), stdout=out)
    return out.getvalue().strip()


MODELS = {
    "sandbox-image-0s": "images",
    "fault-image-moderated-0s": "images",
    "sandbox-speech-tone-0s": "speech",
    "sandbox-transcribe-fixed-0s": "transcription",
    "sandbox-embed-0s": "embeddings",
    "sandbox-rerank-0s": "rerank",
    "sandbox-video-0s": "video",
    "sandbox-music-0s": "music",
}


@pytest.fixture(autouse=True)
def ready(administrator, sandbox_upstream):
    """Somebody to make it for, and models that make it."""
    for name, family in MODELS.items():
        Model.objects.create(upstream=sandbox_upstream, name=name, capabilities=[family])


def test_a_picture_is_written_and_kept_in_the_studio(tmp_path, administrator):
    path = Path(
        make("image", "a red kite", "--model", "sandbox-image-0s", "--param", "size=1024x1024", "--out", tmp_path)
    )
    with Image.open(path) as picture:
        assert picture.size == (1024, 1024)
    job = Job.objects.get()
    assert (job.owner, job.status, job.prompt) == (administrator, "succeeded", "a red kite")


def test_a_picture_goes_along_to_be_edited(tmp_path):
    first = make("image", "a red kite", "--model", "sandbox-image-0s", "--out", tmp_path)
    given = ("--input", f"image={first}", "--task", "edit")
    path = make("image", "at night", "--model", "sandbox-image-0s", *given, "--out", tmp_path)
    assert Path(path).read_bytes() != Path(first).read_bytes()
    assert Job.objects.get(prompt="at night").inputs.get().role == "image"


WAYS = {
    "image": ("sandbox-image-url-0s", "sandbox-banana", "sandbox-image-chat"),
    "video": ("sandbox-video-v2-0s", "sandbox-video-create-0s", "sandbox-video-generations-0s", "sandbox-veo-0s"),
}


def test_every_way_of_asking_for_a_picture_or_a_film_ends_in_a_file(tmp_path, sandbox_upstream, settings):
    settings.JOB_PACE = 0.05
    for what, names in WAYS.items():
        for name in names:
            known = {"capabilities": ["images" if what == "image" else what]}
            Model.objects.update_or_create(upstream=sandbox_upstream, name=name, defaults=known)
            path = make(what, "a kite", "--model", name, "--out", tmp_path)
            assert Path(path).suffix in (".png", ".mp4"), name
    assert Job.objects.values("dialect").distinct().count() == 6


def test_a_film_and_both_clips_of_a_song_are_written(tmp_path):
    (film,) = make("video", "a kite", "--model", "sandbox-video-0s", "--out", tmp_path).splitlines()
    songs = make("music", "a kite", "--model", "sandbox-music-0s", "--out", tmp_path).splitlines()
    assert (Path(film).suffix, [Path(song).suffix for song in songs]) == (".mp4", [".mp3", ".mp3"])
    assert all(Path(path).stat().st_size > 1000 for path in (film, *songs))


def test_vectors_scores_and_words_are_printed(tmp_path):
    (tmp_path / "lines.txt").write_text("a red kite\n\na blue sea\n")
    vectors = make("embedding", "--model", "sandbox-embed-0s", "--texts", tmp_path / "lines.txt", "--out", tmp_path)
    assert [len(json.loads(line)) > 7 for line in vectors.splitlines()] == [True, True]
    ranked = make(
        "rerank", "kite", "--model", "sandbox-rerank-0s", "--text", "sea", "--text", "a kite", "--out", tmp_path
    )
    assert [line.split("\t")[1] for line in ranked.splitlines()] == ["a kite", "sea"]
    sound = make("speech", "hello", "--model", "sandbox-speech-tone-0s", "--out", tmp_path)
    said = make(
        "transcript", "--model", "sandbox-transcribe-fixed-0s", "--input", f"audio={sound}", "--json", "--out", tmp_path
    )
    assert json.loads(said)["status"] == "succeeded"
    assert "sandbox" in json.loads(said)["result"]["text"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["image", "x", "--model", "fault-image-moderated-0s"], "safety system"),
        (["image", "x", "--model", "sandbox-echo"], "makes no image"),
        (["image", "  ", "--model", "sandbox-image-0s"], "rompt"),
        (["image", "x", "--model", "sandbox-image-0s", "--param", "wings=2"], "wings is not a parameter"),
        (["image", "x", "--model", "sandbox-image-0s", "--param", "n=99"], "between 1 and 10"),
        (["image", "x", "--model", "sandbox-image-0s", "--dialect", "telepathy"], "telepathy"),
        (["image", "x", "--model", "sandbox-image-0s", "--input", "cat.png"], "image=cat.png"),
        (["image", "x", "--model", "sandbox-image-0s", "--input", "image=/no/such.png"], "cannot be read"),
        (["embedding", "", "--model", "sandbox-embed-0s"], "no texts"),
        (["transcript", "--model", "sandbox-transcribe-fixed-0s"], "file"),
        (["image", "x", "--user", "nobody@example.org"], "nobody@example.org"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path, arguments, words):
    with pytest.raises(CommandError, match=words):
        make(*arguments, "--out", tmp_path)
    assert not list(tmp_path.iterdir())
