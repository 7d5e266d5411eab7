"""A worker apart from the server: what comes of a job bit by bit is seen where the pages are served."""

import asyncio
import base64
import json
import sys
import threading
import urllib.request
from contextlib import contextmanager

import pytest
from django.conf import settings

from tests.media import files
from tests.processes import Process, wait_until

from . import clips

OFFER = """
import base64, io
from apps.accounts.models import User
from apps.media.jobs import submit
from apps.media.store import keep_upload
from apps.upstreams.models import Model, Upstream
from apps.wire.media.shapes import MediaRequest
upstream = Upstream(name="Studio", base_url={url!r})
upstream.set_key({key!r})
upstream.save()
user = User.objects.get(pk={user})
said = base64.b64decode({said!r})
talk = keep_upload(owner=user, file=io.BytesIO(said), size=len(said), name="talk.wav")
for dialect, family, name, parameters, inputs in (
    ("openai_images", "images", "gpt-image-1", {{}}, ()),
    ("openai_speech", "speech", "tts-1", {{"voice": "alloy"}}, ()),
    ("openai_transcription", "transcription", "gpt-4o-transcribe", {{}}, [("audio", talk)]),
):
    model = Model.objects.create(upstream=upstream, name=name, capabilities=[family])
    request = MediaRequest(model.name, "a kite", stream=True, parameters=parameters)
    print(submit.create(user=user, model=model, dialect=dialect, request=request, inputs=inputs).pk)
"""


class Person:
    """Somebody's browser, without a page."""

    def __init__(self, server, person):
        self._url, self._cookie = server.url, f"{settings.SESSION_COOKIE_NAME}={person.session}"

    def open(self, path: str):
        asked = urllib.request.Request(f"{self._url}{path}", headers={"Cookie": self._cookie})
        return urllib.request.urlopen(asked, timeout=30)

    def get(self, path: str) -> bytes:
        with self.open(path) as reply:
            return reply.read()


@pytest.fixture
def held(studio):
    """The upstream sends half of a picture, of a sound and of a transcript, and the rest when it is told to."""
    go_on, song = threading.Event(), clips.song(3.0)
    picture = base64.b64encode(files.picture()).decode()

    async def tell(exchange, *events):
        first, last = (f"data: {json.dumps(event)}\n\n".encode() for event in events)
        await exchange.head(200, content_type="text/event-stream", content_length=str(len(first + last)))
        await exchange.send(first)
        await wait(go_on)
        await exchange.send(last)

    async def image(exchange):
        begun = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": picture}
        await tell(exchange, begun, {"type": "image_generation.completed", "b64_json": picture})

    async def transcript(exchange):
        begun = {"type": "transcript.text.delta", "delta": "The <b>cat</b> "}
        await tell(exchange, begun, {"type": "transcript.text.done", "text": "The <b>cat</b> sat"})

    async def sound(exchange):
        if exchange.request.path.endswith("/transcriptions"):
            return await transcript(exchange)
        await exchange.head(200, content_type="audio/mpeg", content_length=str(len(song)))
        await exchange.send(song[:4000])
        await wait(go_on)
        await exchange.send(song[4000:])

    studio.image, studio.submit = image, sound
    return go_on


async def wait(event):
    await asyncio.to_thread(event.wait, 60)


@contextmanager
def working(server, folder):
    """`manage.py worker` beside a server that makes nothing."""
    log = folder / "worker"
    worker = Process([sys.executable, "manage.py", "worker", "--jobs", "3"], log, server.environment)
    worker.start(lambda: "ready" in log.read_text())
    try:
        yield
    finally:
        worker.end()


@pytest.mark.parametrize("layer", ["with redis", "without a layer"])
def test_what_comes_bit_by_bit_is_seen_or_the_card_says_that_it_comes_at_the_end(
    request, playground_server, studio, held, tmp_path, layer
):
    redis = {"REDIS_URL": request.getfixturevalue("redis_server")} if layer == "with redis" else {}
    server = playground_server(environment={"PLAYGROUND_JOBS": "0", "PLAYGROUND_JOB_PACE": "0.02", **redis})
    person = server.member()
    said = base64.b64encode(files.wav()).decode()
    told = {"url": studio.url, "key": studio.key, "user": person.id, "said": said}
    picture, sound, words = server.shell(OFFER.format(**told)).split()[-3:]
    reader = Person(server, person)
    with working(server, tmp_path):
        if redis:
            seen = wait_until(lambda: reader.get(f"/jobs/{picture}/preview/0/"), "the picture is seen", 30)
            assert seen == files.picture()
            wait_until(
                lambda: b"The &lt;b&gt;cat&lt;/b&gt; " in reader.get(f"/jobs/{words}/card/"), "the words are read", 30
            )
            wait_until(lambda: b"data-job-sound" in reader.get(f"/jobs/{sound}/card/"), "the sound is heard of", 30)
            with reader.open(f"/jobs/{sound}/sound/") as coming:
                begun = coming.read(1000)
                held.set()
                assert begun + coming.read() == clips.song(3.0)
        else:
            card = wait_until(lambda: b"Another process" in reader.get(f"/jobs/{picture}/card/"), "it is told", 30)
            assert card
            held.set()
        for job in (picture, sound, words):
            wait_until(lambda job=job: b'data-state="ok"' in reader.get(f"/jobs/{job}/card/"), "it ends", 30)
        assert b"cat&lt;/b&gt; sat" in reader.get(f"/jobs/{words}/card/")
        assert b"Another process" not in reader.get(f"/jobs/{picture}/card/")
