"""Real processes, killed without warning and raced against each other: each job ends, and is submitted once."""

import json
import sys

import pytest

from tests.processes import Process, wait_until

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
print(json.dumps({job.prompt: [job.status, job.error.get("title", ""), job.outputs.exclude(asset=None).count(),
                               outcomes.get(job.pk, "")] for job in Job.objects.all()}))
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


@pytest.fixture
def killed(playground_server, studio):
    """A server that was killed while a film was in each of the stages; the upstream is well again afterwards."""
    usual = {kind: getattr(studio, kind) for kind in ("submit", "poll", "content")}

    async def submit(exchange):
        prompt = json.loads(exchange.request.body)["prompt"]
        studio.prompts.append(prompt)
        if prompt == "submitting":
            await exchange.client_left()
        await exchange.json(studio.task(prompt))

    async def hold(exchange):
        kind = "content" if exchange.request.path.endswith("/content") else "poll"
        prompt = exchange.request.path.split("/")[3]
        if (kind, prompt) == ("content", "downloading"):
            await exchange.head(200, content_type="video/mp4", content_length=str(len(studio.film)))
            await exchange.send(studio.film[:500])
            await exchange.client_left()
        elif (kind, prompt) == ("poll", "polling"):
            await exchange.client_left()
        await usual[kind](exchange)

    studio.submit, studio.poll, studio.content = submit, hold, hold
    server = playground_server(environment={"PLAYGROUND_JOBS": "1", **QUICK})
    desk = Desk(server, studio)
    desk.order(films("polling", "downloading"))
    assert studio.reached["content"].wait(60)
    studio.reached["submit"].clear()
    desk.order(films("submitting", "waiting"))
    assert studio.reached["submit"].wait(60)
    server.kill9()
    studio.poll, studio.content = usual["poll"], usual["content"]
    return desk


def test_a_server_killed_at_each_stage_of_a_film_ends_it_rightly_after_its_restart_and_submits_nothing_twice(killed):
    before = {prompt: status for prompt, (status, *_rest) in killed.found().items()}
    assert before == {"polling": "submitted", "downloading": "running", "submitting": "submitted", "waiting": "queued"}
    killed.server.start()
    found = killed.ended()
    for prompt in ("polling", "downloading", "waiting"):
        assert found[prompt] == ["succeeded", "", 1, "completed"]
    status, title, files, outcome = found["submitting"]
    assert (status, files, outcome) == ("unknown", 0, "interrupted")
    assert "it was not sent again" in title
    assert sorted(killed.studio.prompts) == ["downloading", "polling", "submitting", "waiting"]


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
