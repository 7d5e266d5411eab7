"""What Suno's dialect can say."""

import json

from hypothesis import strategies as st

from apps.wire.errors import is_retryable
from apps.wire.events import Failed
from apps.wire.media.music import parameters as controls
from apps.wire.media.music.request import MODEL
from apps.wire.media.shapes import Made, MediaReply, MediaRequest
from apps.wire.messages import HttpRequest

from ... import strategies as some
from ...strategies import names, tuples, urls, words
from . import Saying
from .images import extras, failed, prompts

FIELDS = ["code", "message", "data", "task_id", "status", "progress", "fail_reason", "id", "clips", "audio_url"]
FIELDS += ["metadata", "duration", "error_message", "clip_id", "text", "title", "prompt", "continue_clip_id", "task"]
OF = (controls.EXTEND, controls.UPLOAD_EXTEND, controls.CONCAT)
OWN = (controls.CUSTOM, controls.CUSTOM_INSTRUMENTAL)
versions = st.sampled_from(["chirp-auk", "chirp-v3-5"])


@st.composite
def requests(draw) -> MediaRequest:
    task = draw(st.sampled_from(controls.TASKS))
    told: dict = {}
    if task == controls.UPLOAD:
        told = {"url": draw(urls)}
    elif task == controls.CONCAT:
        told = draw(st.sampled_from([{}, {"is_infill": True}]))
    elif task != controls.LYRICS:
        told = draw(st.fixed_dictionaries({}, optional={"mv": versions}))
    if task in (*OWN, controls.EXTEND, controls.UPLOAD_EXTEND):
        told |= draw(st.fixed_dictionaries({}, optional={"title": words, "tags": words, "negative_tags": words}))
    if task in (controls.EXTEND, controls.UPLOAD_EXTEND):
        told |= draw(st.fixed_dictionaries({}, optional={"continue_at": st.floats(0, 600), "task_id": names}))
    silent = task in (controls.UPLOAD, controls.CONCAT)
    free = task in (controls.CUSTOM_INSTRUMENTAL, controls.EXTEND, controls.UPLOAD_EXTEND)
    prompt = "" if silent else draw(words | st.just("") if free else prompts)
    return MediaRequest(MODEL, prompt, told, task=task, of=draw(names) if task in OF else "", extra=draw(extras))


@st.composite
def failures(draw) -> MediaReply:
    message = draw(st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool))
    code = draw(st.sampled_from(["invalid_request", "task_not_exist", "fail_to_fetch_task"]))
    return failed(Failed(message, code=code, retryable=is_retryable(0, code)))


@st.composite
def replies(draw) -> tuple[MediaRequest, MediaReply]:
    uploads = draw(st.booleans())
    request = MediaRequest(MODEL, "x", task=controls.UPLOAD if uploads else "")
    done = MediaReply("succeeded", result={"clip_id": draw(names)})
    return request, draw(failures() | st.just(done if uploads else MediaReply("queued", draw(names))))


told = words | st.just("")
clips = st.builds(
    Made,
    kind=st.just("audio"),
    url=urls,
    id=names,
    title=told,
    text=told,
    tags=told,
    poster=urls | st.just(""),
    seconds=st.none() | st.floats(1, 600),
)
bad = st.builds(lambda id, error: Made("audio", id=id, error=error), names, prompts)


@st.composite
def polls(draw) -> MediaReply:
    id, state = draw(names), draw(st.sampled_from(["queued", "running", "succeeded", "failed"]))
    if state == "failed":
        message = draw(st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool))
        return MediaReply("failed", id, error=Failed(message))
    if state != "succeeded":
        waiting = st.builds(lambda id: Made("audio", id=id), names)
        made = draw(tuples(clips | waiting, min_size=1, max_size=2) | st.just(()))
        return MediaReply(state, id, draw(st.none() | st.integers(0, 99)), made)
    written = st.builds(lambda text, title: {"lyrics": text, "title": title}, prompts, told)
    if draw(st.booleans()):
        return MediaReply(state, id, 100, result=draw(written | st.builds(lambda clip: {"clip_id": clip}, names)))
    return MediaReply(state, id, 100, (draw(clips), draw(clips | bad)))


def odd_requests(value) -> list[HttpRequest]:
    sent = json.dumps(value).encode()
    ids = json.dumps({"ids": value}).encode()
    places = ("submit/music", "submit/lyrics", "submit/concat", "uploads/audio-url", "fetch")
    return [HttpRequest("POST", f"/suno/{place}", {}, body) for place in places for body in (sent, ids)]


SAYINGS = {
    "suno": Saying(
        requests=requests(),
        replies=replies(),
        polls=polls(),
        ids=words,
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=(b'"SUCCESS"', b'"FAILURE"', b'"streaming"', b'"complete"', b'"success"', b'"100%"'),
    )
}
