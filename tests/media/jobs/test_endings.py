"""Jobs that are stopped, lost or never heard of again; and that no request is ever sent twice."""

import asyncio
import base64
import io
import json
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.utils import timezone

from apps.media import store
from apps.media.jobs import actions, claim, endings, sending, submit, tell
from apps.media.jobs.models import Job
from apps.media.jobs.workshop import attached
from apps.usage.models import Call
from apps.work.leases import worker_name
from apps.work.news import user_group
from tests.processes import wait_until

from . import clips
from .making import begin, ended, now, told
from .studio import refuses, says, sends

pytestmark = pytest.mark.django_db(transaction=True)

GONE = f"{worker_name().partition('/')[0]}/999999999/1"


async def never(exchange):
    await exchange.client_left()


def outcome(job) -> str:
    return Call.objects.get(run_id=job.pk).outcome


def test_a_job_that_waits_in_the_queue_is_cancelled_at_once_and_never_sent(user, studio, model):
    job = begin(user, model())
    actions.cancel(job)
    assert (job.status, bool(job.finished_at), studio.counts) == ("cancelled", True, {})


@pytest.mark.parametrize("worker", [worker_name(), GONE, "elsewhere/1/1"], ids=["here", "dead", "elsewhere"])
def test_a_job_of_which_nothing_was_asked_is_cancelled_at_once_whoever_holds_it(user, studio, model, worker):
    job = begin(user, model())
    Job.objects.update(worker=worker)
    held = now(job)
    actions.cancel(job)
    assert (job.status, bool(job.finished_at), job.error) == ("cancelled", True, {})
    with pytest.raises(endings.Lost):
        sending.prepared(held, 0, *sending.built(held, 0))
    assert not Call.objects.exists() and not studio.counts


@pytest.mark.parametrize("dialect", ["openai_videos", "video_generations"])
@pytest.mark.parametrize("worker", ["", GONE], ids=["at rest", "dead"])
def test_a_job_that_is_cancelled_while_no_worker_runs_is_ended_by_the_next_one(
    user, studio, model, quick, request, dialect, worker
):
    job = begin(user, model(), dialect=dialect)
    later = timezone.now() + timedelta(hours=1) if not worker else timezone.now()
    sent = {"status": "submitted", "submitting_at": timezone.now(), "remote_id": "video_7"}
    Job.objects.update(**sent, worker=worker, due_at=later)
    actions.cancel(now(job))
    job = now(job)
    may_be_told = dialect == "openai_videos"
    assert job.is_open == (may_be_told or bool(worker))
    assert job.cancel_requested == job.is_open
    request.getfixturevalue("workshop")
    job = ended(job)
    assert (job.status, "charge for it" in told(job)) == ("cancelled", not may_be_told)
    assert studio.counts == ({"withdraw": 1} if may_be_told else {})


def test_a_job_is_cancelled_while_it_is_submitted_and_the_request_is_broken_off(user, studio, model, workshop):
    studio.submit = never
    job = begin(user, model())
    assert studio.reached["submit"].wait(10)
    actions.cancel(now(job))
    job = ended(job)
    assert (job.status, outcome(job), studio.counts["submit"]) == ("cancelled", "stopped", 1)


def test_a_job_is_cancelled_between_two_looks_and_not_looked_at_again(user, studio, model, workshop, quick):
    quick.JOB_PACE = 1000
    job = begin(user, model())
    assert wait_until(lambda: now(job).remote_id)
    actions.cancel(now(job))
    job = ended(job)
    assert (job.status, outcome(job), studio.counts["poll"]) == ("cancelled", "stopped", 0)


def test_the_upstream_is_told_to_stop_where_it_can_be_and_else_the_card_says_that_it_goes_on(
    user, studio, model, workshop, quick
):
    quick.JOB_PACE = 1000
    video = model()
    job = begin(user, video)
    assert wait_until(lambda: now(job).remote_id)
    actions.cancel(now(job))
    job = ended(job)
    assert (job.status, job.error, studio.counts["withdraw"]) == ("cancelled", {}, 1)
    studio.withdraw = refuses(404)
    job = begin(user, video)
    assert wait_until(lambda: now(job).remote_id)
    actions.cancel(now(job))
    job = ended(job)
    assert (job.status, studio.counts["withdraw"]) == ("cancelled", 2)
    assert "charge for it" in told(job)
    studio.submit = says({"id": "task_1", "status": "queued"})
    job = begin(user, video, dialect="video_generations")
    assert wait_until(lambda: now(job).remote_id)
    actions.cancel(now(job))
    job = now(job)
    assert (job.status, "charge for it" in told(job), studio.counts["withdraw"]) == ("cancelled", True, 2)


def test_nobody_is_told_of_charges_for_what_was_never_sent(user, studio, model):
    job = begin(user, model())
    actions.cancel(job)
    assert (job.status, job.error) == ("cancelled", {})


def test_a_job_is_cancelled_while_it_is_looked_at_and_while_its_file_is_fetched(user, studio, model, workshop):
    for stage in ("poll", "content"):
        studio.reached[stage].clear()
        setattr(studio, stage, never)
        job = begin(user, model(f"film-{stage}"))
        assert studio.reached[stage].wait(10)
        actions.cancel(now(job))
        assert ended(job).status == "cancelled"
        setattr(studio, stage, studio._poll)


def test_a_deleted_job_is_given_up_wherever_it_was(user, studio, model, workshop):
    studio.submit = never
    job = begin(user, model())
    assert studio.reached["submit"].wait(10)
    actions.delete(now(job))
    assert wait_until(lambda: not workshop.busy_count)
    assert (Job.objects.count(), outcome(job)) == (0, "stopped")


@pytest.mark.parametrize("family", ["video", "images"])
def test_a_submit_that_broke_off_has_an_unknown_outcome_and_is_not_repeated(user, studio, model, workshop, family):
    async def cut(exchange):
        exchange.cut()

    async def half(exchange):
        await exchange.head(200, content_type="application/json", content_length="1000")
        await exchange.send(b'{"id": "vid')
        exchange.cut()

    dialect = {"video": "openai_videos", "images": "openai_images"}[family]
    for number, answer in enumerate((cut, half)):
        studio.submit = studio.image = answer
        job = ended(begin(user, model(f"m-{number}", family), dialect=dialect))
        assert (job.status, outcome(job), bool(told(job))) == ("unknown", "interrupted", True)
    assert sum(studio.counts.values()) == 2
    with pytest.raises(submit.NotMade):
        actions.check_again(job)


def test_a_gateway_that_fails_behind_a_film_may_have_begun_it_and_one_that_refuses_has_not(
    user, studio, model, workshop
):
    page = sends(b"<html>Welcome</html>", "text/html")
    cases = {502: "unknown", 500: "unknown", 503: "failed", 429: "failed", 401: "failed", 404: "failed"}
    for status, expected in cases.items():
        studio.submit = refuses(status)
        assert ended(begin(user, model(f"film-{status}"))).status == expected
    for answer, expected in ((page, "failed"), (sends(b""), "unknown"), (sends(b'{"id": "x'), "unknown")):
        studio.submit = answer
        assert ended(begin(user, model(f"film-{studio.counts['submit']}"))).status == expected
    assert studio.counts["submit"] == len(cases) + 3


def test_an_upstream_that_asks_for_patience_is_not_sent_the_request_again_and_its_wait_is_told(
    user, studio, model, workshop
):
    async def busy(exchange):
        await exchange.json({"error": {"message": "Slow down."}}, 429, retry_after="17")

    studio.submit = busy
    job = ended(begin(user, model()))
    assert (job.status, job.error["retry_after"], studio.counts["submit"]) == ("failed", 17, 1)
    assert "It asks to wait 17 s." in told(job)


def event(**fields) -> bytes:
    return f"data: {json.dumps(fields)}\n\n".encode()


def streams(*events: bytes):
    """An answer that is cut off behind these events."""

    async def answer(exchange):
        await exchange.begin_stream()
        for each in events:
            await exchange.chunk(each)
        exchange.cut()

    return answer


def test_what_had_come_of_a_transcript_that_broke_off_is_kept_and_shown_with_the_failure(
    user, studio, model, workshop, client_of
):
    said = [event(type="transcript.text.delta", delta=text) for text in ("The <b>cat</b> ", "sat")]
    studio.submit = streams(*said)
    data = clips.song()
    recording = store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="cat.mp3")
    listener = model("gpt-4o-transcribe", "transcription")
    job = ended(begin(user, listener, "", "openai_transcription", [("audio", recording)], stream=True))
    assert (job.status, job.error["so_far"]) == ("unknown", "The <b>cat</b> sat")
    assert "The &lt;b&gt;cat&lt;/b&gt; sat" in client_of(user).get(f"/jobs/{job.pk}/card/").content.decode()


def test_what_had_come_of_a_sound_that_broke_off_is_kept_and_can_be_heard(user, studio, model, workshop, client_of):
    half = clips.song()[:3000]
    studio.submit = streams(event(type="speech.audio.delta", audio=base64.b64encode(half).decode()))
    job = ended(begin(user, model("gpt-4o-mini-tts", "speech"), "Hello", "openai_speech", stream=True))
    sound = job.outputs.get().asset
    assert (job.status, sound.media_type, sound.size) == ("unknown", "audio/mpeg", len(half))
    page = client_of(user).get(f"/jobs/{job.pk}/card/").content.decode()
    assert sound.url in page
    assert "did not arrive whole" in page


def test_nothing_is_sent_to_an_upstream_that_is_not_there_and_the_job_says_so(user, model, workshop):
    film = model()
    film.upstream.base_url = "http://127.0.0.1:9"
    film.upstream.save()
    job = ended(begin(user, film))
    assert (job.status, outcome(job)) == ("failed", "failed")
    assert "refused the connection" in told(job)


def test_a_task_without_an_end_is_unknown_in_the_end_and_can_be_checked_again(user, studio, model, workshop, quick):
    usual, studio.poll = studio.poll, says(studio.task("video_1", "in_progress", 40))
    job = begin(user, model())
    assert wait_until(lambda: now(job).status == "running")
    Job.objects.update(deadline_at=timezone.now())
    job = ended(job)
    assert (job.status, job.progress, outcome(job)) == ("unknown", 40, "interrupted")
    studio.poll = usual
    actions.check_again(job)
    job = ended(job)
    assert (job.status, job.error, outcome(job), studio.counts["submit"]) == ("succeeded", {}, "completed", 1)


def test_a_task_that_the_upstream_forgot_is_unknown_once_it_should_be_known(user, studio, model, workshop):
    studio.poll = refuses(404, "There is no such video.")
    job = begin(user, model())
    assert wait_until(lambda: now(job).polls > 2), "a new one may not be known everywhere yet"
    Job.objects.update(submitting_at=timezone.now() - timedelta(minutes=5))
    job = ended(job)
    assert (job.status, job.error["upstream_says"]) == ("unknown", "There is no such video.")


STAGES = {
    "queued": ({}, "succeeded", 1),
    "submitted": ({"status": "submitted", "submitting_at": timezone.now()}, "unknown", 0),
    "with an id": ({"status": "submitted", "submitting_at": timezone.now(), "remote_id": "video_7"}, "succeeded", 0),
    "cancelled": ({"status": "running", "remote_id": "video_7", "cancel_requested": True}, "cancelled", 0),
}


@pytest.mark.parametrize(("fields", "status", "submits"), STAGES.values(), ids=STAGES)
@pytest.mark.parametrize("silent", ["dead", "silent"])
def test_what_a_dead_or_silent_worker_held_is_taken_over_where_it_stood(
    user, studio, model, quick, request, fields, status, submits, silent
):
    job = begin(user, model())
    old = timezone.now() - timedelta(minutes=1)
    held = {"worker": GONE} if silent == "dead" else {"worker": "elsewhere/1/1", "heartbeat_at": old}
    Job.objects.update(**held, **fields)
    request.getfixturevalue("workshop")
    job = ended(job)
    assert (job.status, studio.counts["submit"]) == (status, submits)


def test_a_living_worker_keeps_its_job_and_whoever_lost_one_writes_nothing_more(user, model):
    job = begin(user, model())
    Job.objects.update(worker="elsewhere/1/1", heartbeat_at=timezone.now())
    assert claim.claim(begin=5, go_on=5, busy=()) == []
    Job.objects.update(worker="")
    (mine,) = claim.claim(begin=5, go_on=5, busy=())
    assert claim.beat([mine.pk]) == []
    Job.objects.update(worker="elsewhere/1/1")
    assert claim.beat([job.pk]) == [job.pk]
    assert not claim.mine(mine).exists()


def test_each_person_gets_a_turn_before_anybody_gets_a_second(user, member, model):
    film = model()
    for number in range(5):
        begin(user, film, f"first {number}")
    begin(member, film, "mine")
    assert [job.prompt for job in claim.claim(begin=3, go_on=0, busy=())] == ["first 0", "mine", "first 1"]
    begin(member, film, "mine again")
    assert [job.prompt for job in claim.claim(begin=1, go_on=0, busy=Job.objects.exclude(worker="").values("pk"))] == [
        "mine again"
    ]


def test_a_process_that_ends_in_order_leaves_what_is_to_be_gone_on_with_and_does_not_know_of_what_was_on_its_way(
    user, studio, model, quick
):
    studio.poll, film = never, model()
    task = begin(user, film)

    async def until(kind):
        async with attached(2):
            await asyncio.to_thread(studio.reached[kind].wait, 10)

    asyncio.run(until("poll"))
    assert (now(task).status, now(task).worker, now(task).remote_id) == ("submitted", "", "video_1")
    actions.cancel(now(task))
    studio.submit = never
    studio.reached["submit"].clear()
    asked = begin(user, film)
    asyncio.run(until("submit"))
    assert (now(asked).status, studio.counts["submit"]) == ("unknown", 2)
    assert "it was not sent again" in told(now(asked))


def test_pages_hear_of_jobs_that_other_processes_work_on_also_without_redis(user, model, settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    layer, job = get_channel_layer(), begin(user, model())
    channel = async_to_sync(layer.new_channel)()
    async_to_sync(layer.group_add)(user_group(user.pk), channel)

    def heard() -> list[str]:
        tell.catch_up()
        waiting = layer.channels[channel].qsize() if channel in layer.channels else 0
        return [async_to_sync(layer.receive)(channel)["id"] for _each in range(waiting)]

    assert heard() == [], "what this process told of is not told again"
    Job.objects.update(status="running", progress=50)
    assert heard() == [str(job.pk)]
    Job.objects.update(status="succeeded")
    assert (heard(), heard()) == ([str(job.pk)], [])
