"""Sounds for journeys, and jobs that ended with hostile words."""

import base64
import json

from playwright.sync_api import Locator, Page

from tests.hostile.corpus import NAMES, TEXTS
from tests.media import files
from tests.servers import Person, PlaygroundServer

HOSTILE = "\n".join([*NAMES, *list(TEXTS.values())[:12]])[:3000]
WORDS = HOSTILE.split()[:60]
SAYS = {
    "text": HOSTILE,
    "language": "<b>en</b>",
    "words": [{"word": word, "start": at / 10, "end": at / 10 + 0.1} for at, word in enumerate(WORDS)],
    "segments": [{"start": 0.0, "end": 9.0, "text": " ".join(WORDS), "speaker": "<img src=x onerror=owned()>"}],
}
SINGS = {
    "kind": "audio",
    "id": "\"'><b>",
    "title": NAMES[0] * 3,
    "tags": HOSTILE[:300],
    "text": HOSTILE,
    "seconds": 1.0,
}
_CODE = """
import base64, io, json
from apps.accounts.models import User
from apps.media.jobs import results
from apps.media.jobs.models import Job, JobInput, JobOutput
from apps.media.store import keep_upload
from apps.wire.media.shapes import Made
told = json.loads({told!r})
sound = base64.b64decode(told["sound"])
owner = User.objects.get(pk=told["owner"])
job = Job.objects.create(owner=owner, status="succeeded", model_name="a-model", **told["job"])
if told["made"] is None:
    asset = keep_upload(owner=owner, file=io.BytesIO(sound), size=len(sound), name="talk.wav")
    JobInput.objects.create(job=job, asset=asset, role="audio")
else:
    for place in range(2):
        asset = results.kept_data(job, Made("audio", "audio/wav", sound)).asset
        JobOutput.objects.create(job=job, position=place, asset=asset, made=told["made"])
"""


def keep_job(server: PlaygroundServer, person: Person, made: dict | None = None, **job) -> None:
    """A job that is over: with two clips of `made`, or with the recording that was given."""
    sound = base64.b64encode(files.wav()).decode()
    told = json.dumps({"owner": person.id, "sound": sound, "made": made, "job": job})
    server.shell(_CODE.format(told=told))


def is_heard(page: Page, card: Locator, from_second: float = 0.0) -> None:
    """The card's player goes on behind that second."""
    page.wait_for_function(
        "([id, at]) => { const sound = document.querySelector(`#${id} audio`); return sound?.currentTime > at; }",
        arg=[card.get_attribute("id"), from_second],
    )


def too_wide(page: Page) -> list[str]:
    """Places that are wider than the room they have."""
    return page.evaluate(
        """() => [...document.querySelectorAll("html, body, .main, #studio-form .scroll, .job, .sound, .song")]
          .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className)"""
    )
