"""A job from its form to its files, against an upstream on a real socket."""

import base64
import io
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from apps.media import hold, store
from apps.media.jobs import actions, queries, submit
from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.usage import records
from apps.usage.models import Call
from tests.media import files
from tests.processes import wait_until

from . import clips
from .making import begin, ended, now, told
from .studio import refuses, says, sends

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_film_is_submitted_once_looked_at_fetched_with_the_key_and_kept_with_poster_length_and_cost(
    user, studio, model, workshop, client_of
):
    job = begin(user, model(unit="second", unit_price=Decimal("0.10")), parameters={"seconds": "8"})
    assert job.estimate == Decimal("0.80")
    job = ended(job)
    assert (job.status, job.error, job.progress, job.remote_id) == ("succeeded", {}, 100, "video_1")
    assert studio.counts == {"submit": 1, "poll": 3, "content": 1}
    (output,) = job.outputs.all()
    film = output.asset
    assert (film.kind, film.origin, film.job_id, film.name) == ("video", "job", job.pk, "a cat surfing.mp4")
    assert (film.width, film.height, film.has_thumbnail) == (64, 48, True)
    assert 0.9 < film.seconds < 1.3
    assert max(film.waveform) > 150 > min(film.waveform)
    call = Call.objects.get(run_id=job.pk)
    assert (call.outcome, call.kind, call.unit, call.units, call.cost) == ("completed", "video", "second", 8, job.cost)
    assert (call.cost_source, job.cost, call.status_code) == ("estimated", Decimal("0.80"), 200)
    record = records.of(call.pk)
    paths = [kept.url.partition("/v1/")[2] for kept in record.exchanges]
    assert paths == ["videos", *["videos/video_1"] * 3, "videos/video_1/content"]
    assert record.missed_bytes == len(studio.film)
    assert studio.key not in str(record)
    usage = client_of(user).get(f"/jobs/{job.pk}/tab/usage/").content.decode()
    assert "8 × second" in usage
    assert "$0.80" in usage


def test_pictures_in_the_reply_are_kept_with_those_that_went_along_and_held_until_the_job_is_deleted(
    user, studio, model, workshop
):
    data = files.picture("JPEG")
    given = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="cat.jpg")
    painter = model("gpt-image-1", "images", unit="image", unit_price=Decimal("0.04"))
    job = begin(user, painter, "a red cat", "openai_images", [("image", given)], task="edit")
    job = ended(job)
    picture = job.outputs.get().asset
    assert (job.status, picture.media_type, picture.width, job.cost) == ("succeeded", "image/png", 40, Decimal("0.04"))
    asked = records.of(Call.objects.get(run_id=job.pk).pk)
    (mark,) = [mark for mark in asked.files if mark.name == "cat.jpg"]
    assert mark.mark.encode() in asked.exchanges[0].body
    assert store.bytes_of(given) not in asked.exchanges[0].body
    Asset.objects.update(seen_at="2020-01-01T00:00Z")
    assert hold.sweep() == 0
    actions.delete(job)
    assert not Asset.objects.filter(pk=picture.pk).exists()
    assert hold.sweep() == 1


def test_sound_is_kept_with_its_waveform_and_a_bare_stream_of_samples_as_a_wav(user, studio, model, workshop):
    speaker = model("tts-1", "speech")
    samples = base64.b64decode(base64.b64encode(bytes(range(256)) * 200))
    for body, kind, format in ((clips.song(), "audio/mpeg", "mp3"), (samples, "audio/pcm", "pcm")):
        studio.submit = sends(body, kind)
        job = ended(
            begin(user, speaker, "Hello", "openai_speech", parameters={"voice": "alloy", "response_format": format})
        )
        assert told(job) == ""
        sound = job.outputs.get().asset
        assert sound.media_type == {"mp3": "audio/mpeg", "pcm": "audio/wav"}[format]
        assert sound.seconds > 0.5
        assert sound.waveform
        record = records.of(Call.objects.get(run_id=job.pk).pk)
        assert record.exchanges[0].reply == record.files[0].mark.encode(), "a file is named, not kept a second time"


def test_a_link_of_the_upstream_s_own_is_fetched_without_our_key_and_with_it_only_where_that_is_asked_for(
    user, studio, model, workshop
):
    studio.poll = studio.done_at(f"{studio.url}/files/film.mp4")
    assert ended(begin(user, model())).status == "succeeded"
    assert "/files/film.mp4" not in studio.authorised

    async def with_key(exchange):
        if "authorization" in exchange.request.headers:
            await exchange.reply(200, clips.film(1.2), "video/mp4")
        else:
            await refuses(401)(exchange)

    studio.file = with_key
    studio.poll = studio.done_at(f"{studio.url}/v1/files/film.mp4")
    assert ended(begin(user, model("film-2"))).status == "succeeded"
    assert studio.counts["file"] == 3


def test_a_signed_address_that_the_upstream_sends_us_on_to_gets_nothing_of_ours(user, studio, model, workshop):
    async def elsewhere(exchange):
        await exchange.reply(302, location=f"{studio.url}/files/signed.mp4?signature=1")

    studio.content = elsewhere
    assert ended(begin(user, model())).status == "succeeded"
    assert (studio.counts["content"], studio.counts["file"]) == (1, 1)
    assert not any(path.startswith("/files") for path in studio.authorised)


def test_a_result_of_another_host_is_fetched_with_nothing_of_ours_also_behind_the_upstream_s_own_redirect(
    user, studio, model, workshop, scripted, quick
):
    async def film(exchange):
        await exchange.reply(200, clips.film(), "video/mp4")

    store = scripted(film)
    refused = studio.poll = studio.done_at(f"{store.url}/film.mp4")
    job = ended(begin(user, model()))
    assert (job.status, store.requests) == ("failed", []), "a private one is not asked"
    quick.RESULT_ORIGINS = [store.url]
    studio.poll = refused
    assert ended(begin(user, model("film-2"))).status == "succeeded"

    async def onwards(exchange):
        await exchange.reply(302, location=f"{store.url}/signed.mp4?signature=1")

    studio.poll, studio.content = studio._poll, onwards
    assert ended(begin(user, model("film-3"))).status == "succeeded"
    assert [request.path for request in store.requests] == ["/film.mp4", "/signed.mp4?signature=1"]
    sent = {name.lower() for request in store.requests for name in request.headers}
    assert sent == {"host", "accept", "accept-encoding", "user-agent", "connection"}
    assert studio.key not in str(store.requests)


def test_a_download_that_fails_is_tried_again_with_a_fresh_link_and_never_submitted_again(
    user, studio, model, workshop
):
    async def fresh(exchange):
        number = studio.counts["poll"]
        await exchange.json(studio.task("video_1", "completed", 100, video_url=f"{studio.url}/files/{number}.mp4"))

    async def expired_at_first(exchange):
        answer = sends(studio.film) if studio.counts["file"] > 2 else refuses(403, "The link has expired.")
        await answer(exchange)

    studio.poll, studio.file = fresh, expired_at_first
    job = ended(begin(user, model()))
    assert (job.status, studio.counts["submit"], studio.counts["file"]) == ("succeeded", 1, 3)
    assert job.outputs.get().made["url"].endswith("/files/3.mp4")


def test_a_file_that_is_never_to_be_had_fails_the_job_with_a_sentence_until_its_owner_has_it_fetched_again(
    user, studio, model, workshop
):
    studio.content = refuses(503, "Busy")
    job = ended(begin(user, model()))
    assert (job.status, job.outputs.get().asset) == ("failed", None)
    assert told(job).startswith("The file could not be fetched: ")
    assert Call.objects.get(run_id=job.pk).outcome == "completed"
    studio.content = sends(studio.film)
    actions.fetch_again(job)
    job = ended(job)
    assert (job.status, job.error, studio.counts["submit"]) == ("succeeded", {}, 1)
    with pytest.raises(submit.NotMade):
        actions.fetch_again(job)


def test_a_task_that_is_done_and_says_no_address_is_asked_again_and_then_had_by_its_number(
    user, studio, model, workshop
):
    studio.poll = says({"task_id": "t:1", "status": "SUCCESS", "progress": "100%", "data": {}})
    studio.submit = says({"task_id": "t:1"})
    job = ended(begin(user, model(), dialect="video_v2"))
    assert (job.status, studio.counts["content"]) == ("succeeded", 1)
    assert studio.counts["poll"] > 1


def test_what_the_upstream_refuses_or_fails_is_told_in_its_words_and_costs_nothing(user, studio, model, workshop):
    film = model(unit="request", unit_price=Decimal(1))
    studio.submit = refuses(400, "Nobody may be shown.", code="moderation_blocked")
    job = ended(begin(user, film))
    assert (job.status, job.error["upstream_says"], job.cost) == ("failed", "Nobody may be shown.", None)
    studio.submit = says(studio.task("video_9"))
    studio.poll = says(studio.task("video_9", "failed", 90, error={"code": "x", "message": "Looks like somebody."}))
    job = ended(begin(user, film))
    assert (job.status, job.error["upstream_says"], job.cost) == ("failed", "Looks like somebody.", None)
    assert set(Call.objects.values_list("outcome", "cost")) == {("failed", None)}


def test_looks_that_come_to_nothing_are_repeated_and_say_so_meanwhile(user, studio, model, workshop):
    answers = [refuses(502), sends(b"<html>Bad gateway</html>", "text/html"), sends(b""), refuses(429), refuses(401)]
    usual = studio.poll

    async def unsure(exchange):
        number = studio.counts["poll"] - 1
        await (answers[number] if number < len(answers) else usual)(exchange)

    studio.poll = unsure
    job = ended(begin(user, model()))
    assert (job.status, job.error, studio.counts["submit"]) == ("succeeded", {}, 1)


def test_only_its_owner_sees_a_job_and_finds_it_again_by_its_prompt(user, member, studio, model):
    film = model()
    jobs = [begin(user, film, f"cat {number}") for number in range(32)]
    assert [job.prompt for job in queries.jobs_for(user, "video")] == [f"cat {number}" for number in range(31, 1, -1)]
    assert [job.prompt for job in queries.jobs_for(user, "video", before=jobs[2].pk)] == ["cat 1", "cat 0"]
    assert [job.prompt for job in queries.jobs_for(user, search="CAT 31")] == ["cat 31"]
    assert queries.jobs_for(member) == queries.jobs_for(user, "images") == []
    with pytest.raises(Job.DoesNotExist):
        queries.load_for(member, jobs[0].pk)


def test_what_cannot_be_made_is_refused_before_it_costs_anything(user, member, model, settings):
    film, data = model(), files.picture()
    theirs = store.keep_upload(owner=member, file=io.BytesIO(data), size=len(data), name="a.png")
    for refused, field in (
        ({"dialect": "openai_images"}, "model"),
        ({"task": "dance"}, "task"),
        ({"parameters": {"fps": 3}}, "fps"),
        ({"inputs": [("mask", theirs)]}, "mask"),
        ({"prompt": "a" * (settings.MESSAGE_MAX_CHARS + 1)}, "prompt"),
    ):
        with pytest.raises(submit.NotMade) as error:
            begin(user, film, **refused)
        assert (error.value.field, bool(str(error.value))) == (field, True)
    assert not Job.objects.exists()


def test_what_cannot_be_written_as_a_request_is_refused_at_its_field_and_is_no_job(user, model):
    for family, dialect, refused, field in (
        ("speech", "openai_speech", {"prompt": " "}, "prompt"),
        ("music", "suno", {"prompt": "", "task": "custom"}, "prompt"),
        ("music", "suno", {"prompt": "Go on", "task": "extend"}, "of"),
        ("embeddings", "openai_embeddings", {"prompt": "", "texts": ("a", "")}, "prompt"),
        ("rerank", "jina_rerank", {"prompt": "", "texts": ("a",)}, "prompt"),
    ):
        made = model(f"{family}-{len(refused)}-{field}", family, own_dialect=dialect)
        with pytest.raises(submit.NotMade) as error:
            begin(user, made, dialect=dialect, **refused)
        assert (error.value.field, bool(str(error.value))) == (field, True), family
    assert not Job.objects.exists()


def test_a_model_that_was_withdrawn_meanwhile_is_not_asked(user, studio, model, workshop):
    film = model()
    workshop.stop(user.pk)
    job = begin(user, film)
    assert wait_until(lambda: now(job).status != "queued")
    film.enabled = False
    film.save()
    assert ended(job).status == "succeeded", "a task that was begun is followed to its end"
    again = begin(user, film)
    assert told(ended(again)) == "film-1 is no longer offered. Nothing was sent."
    assert studio.counts["submit"] == 1


def test_files_up_to_eight_megabytes_are_read_before_they_cost_anything_and_larger_ones_when_their_turn_comes(
    user, studio, model, request
):
    data = files.picture()
    given = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="a.png")
    default_storage.delete(given.path)
    asked = {"prompt": "red", "dialect": "openai_images", "inputs": [("image", given)], "task": "edit"}
    painter = model("gpt-image-1", "images")
    given.size = submit.MOST_READ
    with pytest.raises(submit.NotMade, match="gone") as refused:
        begin(user, painter, **asked)
    assert (refused.value.field, Job.objects.count()) == ("image", 0)
    given.size += 1
    two = {"dialect": "suno", "task": "upload_extend", "of": "clip-1", "parameters": {"continue_at": 1}}
    with pytest.raises(submit.NotMade) as refused:
        begin(user, model("suno", "music"), "La", inputs=[("audio", given)], **two)
    assert refused.value.field == "of", "what is not read is checked all the same"
    job = begin(user, painter, **asked)
    request.getfixturevalue("workshop")
    job = ended(job)
    assert (job.status, "Nothing was sent" in told(job), studio.counts["image"]) == ("failed", True, 0)
