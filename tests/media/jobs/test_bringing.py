"""A sound of one's own is brought to the upstream, becomes a clip there, and is gone on from."""

import asyncio
import io
import json

import pytest

from apps.media import store
from apps.media.jobs.workshop import attached
from apps.usage import records
from apps.usage.models import Call
from apps.wire.media import multipart
from tests.processes import wait_until
from tests.upstreams.scripted import Exchange

from . import clips
from .making import begin, ended, now, told

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = ["begin", "store", "finish", "look", "look", "initialise", "submit"]


class Suno:
    """As gateways with uploads have it: the store is at `store`, another host, and opens by its form alone."""

    def __init__(self, studio, scripted):
        self.steps: list[str] = []
        self.sent: list[tuple[str, dict]] = []
        self.form = multipart.Form()
        self.store_headers: dict[str, str] = {}
        self.status, self.stored, self.hold = "complete", 204, ""
        self.store = scripted(self._store)
        self.url = self.store.url.replace("127.0.0.1", "localhost").removesuffix("/v1") + "/bucket"
        studio.submit = studio.poll = self.serve

    async def serve(self, exchange: Exchange) -> None:
        path, body = exchange.request.path.removeprefix("/v1"), exchange.request.body
        step = self._step(path, exchange.request.method)
        self.steps.append(step)
        if body:
            self.sent.append((path, json.loads(body)))
        if step == self.hold:
            await exchange.client_left()
        await exchange.json(self._answer(step))

    def _step(self, path: str, method: str) -> str:
        if path.startswith("/suno/submit"):
            return "submit"
        if path.startswith("/suno/fetch"):
            return "poll"
        if path == "/suno/uploads/audio":
            return "begin"
        return "look" if method == "GET" else "finish" if path.endswith("upload-finish") else "initialise"

    def _answer(self, step: str) -> dict:
        if step == "begin":
            return {"id": "up/1", "url": self.url, "fields": {"key": "k", "policy": "p"}}
        if step == "look":
            status = self.status if self.steps.count("look") > 1 else "processing"
            return {"id": "up/1", "status": status, "error_message": "matches existing work"}
        if step == "initialise":
            return {"clip_id": "clip-1"}
        if step == "submit":
            return {"code": "success", "message": "", "data": "task_1"}
        made = {"id": "c1", "status": "error", "metadata": {"error_message": "no more"}}
        return {
            "code": "success",
            "data": {"task_id": "task_1", "status": "SUCCESS", "data": [made]} if step == "poll" else {},
        }

    async def _store(self, exchange: Exchange) -> None:
        self.steps.append("store")
        self.store_headers = dict(exchange.request.headers)
        self.form = multipart.parse(self.store_headers["content-type"], exchange.request.body)
        await exchange.reply(self.stored, b"", "text/plain")


@pytest.fixture
def suno(studio, scripted, settings):
    found = Suno(studio, scripted)
    settings.RESULT_ORIGINS = [found.url]
    return found


@pytest.fixture
def own(user):
    """The person's own song, and what goes with it."""
    data = clips.song()
    asset = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="mine.mp3")
    return {"dialect": "suno", "inputs": [("audio", asset)], "task": "upload_extend", "parameters": {"continue_at": 1}}


def test_a_file_becomes_a_clip_and_the_song_goes_on_from_it(user, studio, suno, model, workshop, own):
    job = ended(begin(user, model("suno", "music"), "[Verse]\nOn", **own))
    assert [step for step in suno.steps if step != "poll"] == STEPS
    (file,) = suno.form.files
    assert (dict(suno.form.fields), file.field, file.data) == ({"key": "k", "policy": "p"}, "file", clips.song())
    assert not {"authorization", "cookie"} & {name.lower() for name in suno.store_headers}
    assert studio.key not in str(suno.store_headers)
    assert suno.sent[0] == ("/suno/uploads/audio", {"extension": "mp3"})
    path, body = suno.sent[-1]
    assert (path, body["task"], body["continue_clip_id"]) == ("/suno/submit/music", "upload_extend", "clip-1")
    call = Call.objects.get(run_id=job.pk)
    paths = [kept.url.partition("/suno/")[2] for kept in records.of(call.pk).exchanges]
    assert paths[0] == "uploads/audio" and "submit/music" in paths
    assert clips.song() not in records.of(call.pk).exchanges[1].body


def test_an_upload_alone_ends_with_the_clip_and_asks_for_no_song(user, suno, model, workshop, own):
    job = ended(begin(user, model("suno", "music"), "", **{**own, "task": "upload", "parameters": {}}))
    assert (job.status, job.result) == ("succeeded", {"clip_id": "clip-1"})
    assert suno.steps == STEPS[:-1]
    assert Call.objects.get(run_id=job.pk).outcome == "completed"


def test_what_the_upstream_does_not_take_is_told_in_its_words_and_no_song_is_asked_for(
    user, suno, model, workshop, own
):
    suno.status = "error"
    job = ended(begin(user, model("suno", "music"), "La", **own))
    assert (job.status, job.error["upstream_says"]) == ("failed", "matches existing work")
    suno.stored = 403
    refused = ended(begin(user, model("suno-2", "music"), "La", **own))
    assert "status 403" in told(refused)
    assert "submit" not in suno.steps
    assert [call.outcome for call in Call.objects.all()] == ["failed", "failed"]


def test_the_file_goes_to_no_private_address_but_where_the_settings_allow_it(
    user, suno, model, workshop, own, settings
):
    settings.RESULT_ORIGINS = []
    job = ended(begin(user, model("suno", "music"), "La", **own))
    assert "not an address of the public internet" in told(job)
    assert suno.steps == ["begin"]


def test_a_process_that_ends_in_the_middle_repeats_what_is_free_and_submits_once(
    user, suno, model, transactional_db, quick, own
):
    job = begin(user, model("suno", "music"), "La", **own)

    async def until(fact):
        async with attached(4):
            await asyncio.to_thread(wait_until, fact)

    suno.hold = "look"
    asyncio.run(until(lambda: "look" in suno.steps))
    assert (now(job).status, now(job).notes) == ("queued", {})
    suno.hold = ""
    asyncio.run(until(lambda: not now(job).is_open))
    assert suno.steps.count("begin") == 2
    assert suno.steps.count("submit") == 1


def test_a_clip_that_is_known_is_not_brought_again(user, suno, model, transactional_db, quick, own):
    job = begin(user, model("suno", "music"), "La", **own)
    type(job).objects.update(notes={"brought": "clip-9"})

    async def work():
        async with attached(4):
            await asyncio.to_thread(wait_until, lambda: not now(job).is_open)

    asyncio.run(work())
    assert suno.steps[0] == "submit"
    assert suno.sent[0][1]["continue_clip_id"] == "clip-9"
