"""What an upstream may send in place of a film or a picture: each is told in a sentence, and nothing of it is kept."""

import base64
import gzip

import pytest
from django.core.files.storage import default_storage

from apps.media.models import Asset
from apps.usage import records
from apps.usage.models import Call
from tests.media import files

from . import clips
from .making import begin, ended, told
from .studio import says, sends

pytestmark = pytest.mark.django_db(transaction=True)


def nothing_is_kept(job) -> bool:
    outputs = list(job.outputs.all())
    return not Asset.objects.exists() and job.status == "failed" and all(output.asset is None for output in outputs)


def of_a_film(studio, body, kind="video/mp4", **headers):
    studio.content = sends(body, kind, **headers)


PAGE = b"<!DOCTYPE html><html><script>owned()</script></html>"
FILMS = {
    "a page": (PAGE, "video/mp4", "web page"),
    "a picture": (files.picture(), "video/mp4", "of the kind image/png"),
    "a program": (b"\x7fELF" + bytes(200), "video/mp4", "Programs"),
    "an archive": (files.archive(), "video/mp4", "not kept"),
    "a film that is also an archive": (clips.film() + files.archive(), "video/mp4", "not kept"),
    "boxes around noise": (clips.broken_film(), "video/mp4", "not a whole MP4"),
    "boxes around nothing": (files.mp4(), "video/mp4", "not a whole MP4"),
    "half a film": (clips.film()[:900], "video/mp4", "not a whole MP4"),
    "a pressed film": (gzip.compress(clips.film()), "video/mp4", "not kept"),
    "nothing": (b"", "video/mp4", "empty"),
}


@pytest.mark.parametrize(("body", "kind", "says"), FILMS.values(), ids=FILMS)
def test_what_is_no_film_is_not_kept_as_one(user, studio, model, workshop, body, kind, says):
    of_a_film(studio, body, kind)
    job = ended(begin(user, model()))
    assert nothing_is_kept(job), job.status
    assert says in told(job)
    assert studio.counts["content"] == 1, "what is wrong once is wrong again"


PICTURES = {
    "a page": (PAGE, "web page"),
    "a drawing that acts": (files.SVG, "not kept"),
    "a film": (clips.film(), "of the kind video/mp4"),
    "a picture that unpacks into gigabytes": (files.bomb(), "megapixels"),
    "a picture that is also a page": (files.picture() + PAGE, "two kinds of file"),
}


@pytest.mark.parametrize(("body", "words"), PICTURES.values(), ids=PICTURES)
def test_what_is_no_picture_is_not_kept_as_one(user, studio, model, workshop, body, words):
    studio.image = says({"data": [{"b64_json": base64.b64encode(body).decode()}]})
    job = ended(begin(user, model("gpt-image-1", "images"), dialect="openai_images"))
    assert nothing_is_kept(job), told(job)
    assert words in told(job)


def test_of_several_pictures_the_good_ones_are_kept_and_the_others_told_of(user, studio, model, workshop):
    good, bad = (base64.b64encode(data).decode() for data in (files.picture(), PAGE))
    studio.image = says({"data": [{"b64_json": bad}, {"b64_json": good}]})
    job = ended(begin(user, model("gpt-image-1", "images"), dialect="openai_images"))
    refused, kept = job.outputs.all()
    assert (job.status, kept.asset.media_type, refused.asset) == ("succeeded", "image/png", None)
    assert "web page" in refused.error


def test_a_file_that_says_that_it_has_five_gigabytes_is_not_even_begun(user, studio, model, workshop):
    async def huge(exchange):
        await exchange.head(200, content_type="video/mp4", content_length=str(5 * 1024**3))
        await exchange.client_left()

    studio.content = studio.file = huge
    for answer in (studio.poll, studio.done_at(f"{studio.url}/files/film.mp4")):
        studio.poll = answer
        job = ended(begin(user, model(f"film-{studio.counts['submit']}")))
        assert nothing_is_kept(job)
        assert told(job) == "The file could not be fetched: It is larger than 1024 MB."
    assert (studio.counts["content"], studio.counts["file"]) == (1, 1)


def test_a_file_that_goes_on_past_the_limit_without_saying_so_is_left(user, studio, model, workshop, quick):
    quick.RESULT_MB = {**quick.RESULT_MB, "video": 1}

    async def endless(exchange):
        await exchange.begin_stream()
        while True:
            await exchange.chunk(bytes(100_000))

    studio.content = endless
    job = ended(begin(user, model()))
    assert nothing_is_kept(job)
    assert told(job) == "The file could not be fetched: It is larger than 1 MB."


PRIVATE = (
    "http://127.0.0.1:9/film.mp4",
    "http://169.254.169.254/latest/",
    "http://[::1]/film.mp4",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("way", ["told", "redirected", "redirected with the key"])
def test_an_address_that_only_this_server_reaches_is_refused_also_behind_a_redirect(
    user, studio, model, workshop, address, way
):
    async def onwards(exchange):
        await exchange.reply(302, location=address)

    if way == "told":
        studio.poll = studio.done_at(address)
    elif way == "redirected":
        studio.poll, studio.file = studio.done_at(f"{studio.url}/files/film.mp4"), onwards
    else:
        studio.content = onwards
    job = ended(begin(user, model()))
    if way == "told" and address.startswith("file:"):
        assert job.status == "succeeded", "no address at all: the film is had by its number"
        return
    assert nothing_is_kept(job)
    assert told(job).startswith("The file could not be fetched: ")
    assert "not an address of the public internet" in told(job) or "Only http" in told(job)


def test_a_download_that_breaks_off_is_not_taken_for_a_whole_one(user, studio, model, workshop):
    async def cut(exchange):
        await exchange.head(200, content_type="video/mp4", content_length=str(len(studio.film)))
        await exchange.send(studio.film[:-10])
        exchange.cut()

    async def slow_to_learn(exchange):
        await (cut if studio.counts["content"] < 3 else sends(studio.film))(exchange)

    studio.content = slow_to_learn
    job = ended(begin(user, model()))
    assert (job.status, studio.counts["content"], studio.counts["submit"]) == ("succeeded", 3, 1)
    assert default_storage.size(job.outputs.get().asset.path) == len(studio.film)


def test_no_key_is_kept_whatever_the_upstream_repeats(user, studio, model, workshop):
    studio.poll = says(studio.task("video_1", "failed", error={"message": f"Key {studio.key} is tired", "code": "x"}))
    job = ended(begin(user, model()))
    assert job.status == "failed"
    assert studio.key not in str(job.error) + str(records.of(Call.objects.get(run_id=job.pk).pk))
