"""Real processes, killed without warning and raced against each other: each job ends, and is submitted once."""

import json
import sys
import threading

import pytest

from tests.processes import Process, wait_until

from . import clips

SETUP = """
from apps.accounts.models import User
from apps.media.jobs import submit
from apps.upstreams.models import Model, Upstream
from apps.wire.media.shapes import MediaRequest
upstream, _new = Upstream.objects.get_or_create(name="Studio", base_url={url!r})
upstream.set_key({key!r})
upstream.save()
user = User.objects.get(pk={user})
for dialect, capability, prompts in {wanted!r}:
    model, _new = Model.objects.get_or_create(upstream=upstream, name=capability, capabilities=[capability])
    for prompt in prompts:
        submit.create(user=user, model=model, dialect=dialect, request=MediaRequest(model.name, prompt))
"""
FOUND = """
import json
from apps.media.jobs.models import Job
from apps.usage.models import Call
outcomes = dict(Call.objects.values_list("run_id", "outcome"))
def state(job):
    files = set(job.outputs.exclude(asset=None).values_list("asset", flat=True))
    return [job.status, job.error.get("title", ""), len(files), outcomes.get(job.pk, "")]
print(json.dumps({job.prompt: state(job) for job in Job.objects.all()}))
"""
QUICK = {"PLAYGROUND_JOB_PACE": "0.02"}


class Desk:
    """Orders jobs on a server's data, and looks how they stand."""

    def __init__(self, server, studio):
        self.server, self.studio, self.user = server, studio, server.member().id

    def order(self, *wanted) -> None:
        of = {"url": self.studio.url, "key": self.studio.key, "user": self.user, "wanted": wanted}
        self.server.shell(SETUP.format(**of))

    def found(self) -> dict:
        return json.loads(self.server.shell(FOUND).splitlines()[-1])

    def ended(self) -> dict:
        return wait_until(self._all_ended, "all jobs end", 120)

    def _all_ended(self) -> dict | None:
        found = self.found()
        is_open = any(status in ("queued", "submitted", "running") for status, *_rest in found.values())
        return None if is_open else found


def films(*prompts):
    return "openai_videos", "video", prompts


class Songs:
    """Of each song the first clip is given out at once, the second not before `may_end`."""

    def __init__(self, studio):
        self.url, self.clips = studio.url, [clips.song(1.0), clips.song(1.5)]
        self.reached, self.may_end, self.fetched = threading.Event(), False, []

    async def poll(self, exchange):
        made = [
            {"id": f"c{nth}", "status": "complete", "audio_url": f"{self.url}/files/{nth}.mp3"}
            for nth in range(len(self.clips))
        ]
        id = exchange.request.path.rpartition("/")[2]
        await exchange.json({"code": "success", "data": {"task_id": id, "status": "SUCCESS", "data": made}})

    async def file(self, exchange):
        nth = int(exchange.request.path.rpartition("/")[2].removesuffix(".mp3"))
        self.fetched.append(nth)
        if nth and not self.may_end:
            await exchange.head(200, content_type="audio/mpeg", content_length=str(len(self.clips[nth])))
            await exchange.send(self.clips[nth][:500])
            self.reached.set()
            await exchange.client_left()
        await exchange.reply(200, self.clips[nth], "audio/mpeg")


@pytest.fixture
def songs(studio):
    return Songs(studio)


@pytest.fixture
def killed(playground_server, studio, songs):
    """A server that was killed while a film was in each of the stages; the upstream is well again afterwards."""
    usual = {kind: getattr(studio, kind) for kind in ("poll", "content")}

    async def submit(exchange):
        asked = json.loads(exchange.request.body)
        prompt = asked.get("gpt_description_prompt") or asked["prompt"]
        studio.prompts.append(prompt)
        if prompt == "submitting":
            await exchange.client_left()
        await exchange.json({"code": "success", "data": "song"} if prompt == "singing" else studio.task(prompt))

    async def poll(exchange):
        await (songs.poll if "/suno/" in exchange.request.path else usual["poll"])(exchange)

    async def hold(exchange):
        if "/suno/" in exchange.request.path:
            return await songs.poll(exchange)
        kind = "content" if exchange.request.path.endswith("/content") else "poll"
        prompt = exchange.request.path.split("/")[3]
        if (kind, prompt) == ("content", "downloading"):
            await exchange.head(200, content_type="video/mp4", content_length=str(len(studio.film)))
            await exchange.send(studio.film[:500])
            await exchange.client_left()
        elif (kind, prompt) == ("poll", "polling"):
            await exchange.client_left()
        await usual[kind](exchange)

    studio.submit, studio.poll, studio.content, studio.file = submit, hold, hold, songs.file
    server = playground_server(environment={"PLAYGROUND_JOBS": "1", **QUICK})
    desk = Desk(server, studio)
    desk.order(films("polling", "downloading"), ("suno", "music", ["singing"]))
    assert studio.reached["content"].wait(60) and songs.reached.wait(60)
    studio.reached["submit"].clear()
    desk.order(films("submitting", "waiting"))
    assert studio.reached["submit"].wait(60)
    server.kill9()
    studio.poll, studio.content, songs.may_end = poll, usual["content"], True
    return desk


def test_a_server_killed_at_each_stage_of_a_film_or_a_song_ends_it_rightly_after_its_restart_and_submits_nothing_twice(
    killed, songs
):
    before = {prompt: (status, files) for prompt, (status, _title, files, _outcome) in killed.found().items()}
    assert before == {
        "polling": ("submitted", 0),
        "downloading": ("running", 0),
        "singing": ("running", 1),
        "submitting": ("submitted", 0),
        "waiting": ("queued", 0),
    }
    killed.server.start()
    found = killed.ended()
    for prompt in ("polling", "downloading", "waiting"):
        assert found[prompt] == ["succeeded", "", 1, "completed"]
    assert found["singing"] == ["succeeded", "", 2, "completed"]
    assert songs.fetched == [0, 1, 1], "the clip that was there is not fetched again"
    status, title, files, outcome = found["submitting"]
    assert (status, files, outcome) == ("unknown", 0, "interrupted")
    assert "it was not sent again" in title
    assert sorted(killed.studio.prompts) == ["downloading", "polling", "singing", "submitting", "waiting"]


def test_two_workers_make_each_of_fifty_jobs_once_beside_a_server_that_makes_none(playground_server, studio, tmp_path):
    server = playground_server(environment={"PLAYGROUND_JOBS": "0", **QUICK})
    desk = Desk(server, studio)
    pictures = [f"picture {number}" for number in range(40)]
    desk.order(films(*(f"film {number}" for number in range(10))), ("openai_images", "images", pictures))
    workers = []
    try:
        for number in range(2):
            log = tmp_path / f"worker-{number}"
            command = [sys.executable, "manage.py", "worker", "--jobs", "3"]
            workers.append(Process(command, log, server.environment))
            workers[-1].start(lambda log=log: "ready" in log.read_text())
        found = desk.ended()
    finally:
        for worker in workers:
            worker.end()
    assert len(found) == 50
    assert all(job == ["succeeded", "", 1, "completed"] for job in found.values()), found
    assert (studio.counts["submit"], studio.counts["image"], studio.counts["content"]) == (10, 40, 10)
    assert [worker.popen.returncode for worker in workers] == [0, 0]
