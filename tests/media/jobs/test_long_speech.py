"""A text that is longer than one request takes: said in pieces, in order, each once, and heard as one."""

import json
from decimal import Decimal

import pytest

from apps.media.jobs import actions
from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.usage import records
from apps.usage.models import Call
from apps.wire.sound import wav
from tests.processes import wait_until

from . import clips
from .making import begin, ended, now, told
from .studio import Answer, refuses, sends
from .test_endings import GONE, never

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "".join(f"This is sentence {number}. " for number in range(400))
SECONDS = (1.0, 0.5, 1.5)


@pytest.fixture
def say(user, studio, model, workshop):
    """`say(first, second, …)`: the job of a long text, to whose requests these are the answers."""

    def begun(*answers: Answer, **fields) -> Job:
        async def submit(exchange):
            studio.prompts.append(json.loads(exchange.request.body)["input"])
            await answers[len(studio.prompts) - 1](exchange)

        studio.submit = submit
        return begin(user, model(f"tts-1-{Job.objects.count()}", "speech", **fields), TEXT, "openai_speech")

    return begun


def songs() -> list[Answer]:
    return [sends(clips.song(seconds), "audio/mpeg") for seconds in SECONDS]


def test_a_long_text_is_said_in_several_requests_and_heard_as_one_sound(say, studio):
    job = ended(say(*songs(), unit_price=Decimal("0.00001"), unit="character"))
    sound = job.outputs.get().asset
    assert (told(job), job.progress, sound.media_type) == ("", 100, "audio/mpeg")
    assert sound.seconds == pytest.approx(sum(SECONDS), abs=0.4)
    assert " ".join(studio.prompts) == TEXT.strip()
    assert list(Asset.objects.all()) == [sound], "its pieces are not kept besides"
    calls = list(Call.objects.filter(run_id=job.pk).order_by("started_at"))
    assert [(call.outcome, call.units) for call in calls] == [("completed", len(text)) for text in studio.prompts]
    assert job.cost == sum(call.cost for call in calls) > 0
    bodies = [json.loads(records.of(call.pk).exchanges[0].body)["input"] for call in calls]
    assert bodies == studio.prompts


def test_samples_are_put_together_and_what_cannot_be_is_kept_file_by_file(say, studio):
    waves = [sends(wav(bytes(length)), "audio/wav") for length in (48_000, 24_000, 48_000)]
    assert ended(say(*waves)).outputs.get().asset.seconds == pytest.approx(2.5, abs=0.01)
    studio.prompts.clear()
    mixed = [*songs()[:2], waves[0]]
    kinds = [output.asset.media_type for output in ended(say(*mixed)).outputs.all()]
    assert kinds == ["audio/mpeg", "audio/mpeg", "audio/wav"]


def test_what_had_come_before_a_request_was_refused_is_kept_and_how_much_it_is_told(say, studio, client_of, user):
    job = ended(say(*songs()[:2], refuses(429, "Slow down.")))
    sound = job.outputs.get().asset
    assert (job.status, studio.counts["submit"]) == ("failed", 3)
    assert sound.seconds == pytest.approx(1.5, abs=0.3)
    page = client_of(user).get(f"/jobs/{job.pk}/card/").content.decode()
    assert "2 of 3 pieces" in page
    assert sound.url in page
    assert sorted(Call.objects.values_list("outcome", flat=True)) == ["completed", "completed", "failed"]


def test_a_long_text_that_is_stopped_keeps_what_had_come_and_says_how_much_that_is(say, studio, client_of, user):
    job = say(songs()[0], never)
    assert wait_until(lambda: len(studio.prompts) == 2)
    assert now(job).progress == 33
    actions.cancel(now(job))
    job = ended(job)
    assert (job.status, job.outputs.get().asset.seconds) == ("cancelled", pytest.approx(1.0, abs=0.2))
    assert "1 of 3 pieces" in client_of(user).get(f"/jobs/{job.pk}/card/").content.decode()


def test_a_server_that_is_killed_in_the_middle_sends_nothing_again_and_leaves_what_had_come(say, studio, workshop):
    job = say(*songs()[:2], never)
    assert wait_until(lambda: len(studio.prompts) == 3)
    Job.objects.update(worker=GONE)
    assert wait_until(lambda: not now(job).is_open, "another takes it over", 30)
    job = now(job)
    assert (job.status, studio.counts["submit"]) == ("unknown", 3)
    assert job.outputs.get().asset.seconds == pytest.approx(1.5, abs=0.3)
    assert "2 of 3 pieces" in job.error["detail"]
