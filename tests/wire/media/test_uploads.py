"""The steps by which a sound of one's own becomes a clip at Suno, over generated cases."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wire.events import Failed
from apps.wire.exceptions import WireError
from apps.wire.media.music import uploads
from apps.wire.media.music.parameters import UPLOAD, UPLOAD_EXTEND
from apps.wire.media.shapes import MediaReply, MediaRequest, Source
from apps.wire.messages import HttpRequest

from .. import strategies as some
from .reading import replied
from .test_laws import is_sound

STEPS = ("begin", "finish", "look", "initialise")
FIELDS = ["code", "message", "data", "id", "url", "fields", "status", "error", "error_message", "clip_id", "clipId"]
FIELDS += ["extension", "upload_filename", "success", "complete"]
sentences = st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool)
sounds = st.builds(
    Source,
    role=st.just("audio"),
    media_type=st.sampled_from(["audio/mpeg", "audio/mp4", "audio/wav", "AUDIO/OGG; codecs=opus", "", "x"]),
    name=some.words,
    data=st.just(b"\0"),
)
ENDINGS = {"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/wav": "wav", "AUDIO/OGG; codecs=opus": "ogg"}
requests = st.builds(HttpRequest, st.just("POST"), st.just(f"{uploads.PATH}/a/b") | some.words, body=st.binary())


@given(id=some.words, source=sounds)
@some.law(100)
def test_each_step_is_understood_as_it_was_asked(id, source):
    asked = {
        "finish": uploads.finish(id, source),
        "look": uploads.look(id),
        "initialise": uploads.initialise(id),
    }
    assert {step: uploads.parse(request) for step, request in asked.items()} == {
        step: uploads.Asked(step, id) for step in asked
    }
    extension = ENDINGS.get(source.media_type, "mp3")
    assert uploads.parse(uploads.begin(source)) == uploads.Asked("begin", extension=extension)


@st.composite
def answers(draw) -> tuple[str, MediaReply]:
    step, id = draw(st.sampled_from(STEPS)), draw(some.words)
    if step == "begin":
        fields = draw(st.dictionaries(some.words, some.words, max_size=3))
        return step, MediaReply("queued", id, result={"url": draw(some.urls), "fields": fields})
    if step == "finish":
        return step, MediaReply("running")
    if step == "look":
        return step, MediaReply(draw(st.sampled_from(["queued", "running", "succeeded"])), id)
    return step, MediaReply("succeeded", result={"clip_id": id})


@given(answer=answers())
@some.law(100)
def test_what_a_step_is_answered_is_read(answer):
    step, reply = answer
    assert read(step, uploads.write(step, reply).body) == reply


@given(step=st.sampled_from(STEPS), said=sentences, id=some.words)
@some.law(100)
def test_a_refused_step_is_read_as_one_with_its_reason(step, said, id):
    refused = uploads.write(step, MediaReply("failed", id, error=Failed(said, code="invalid_request")))
    reply = read(step, refused.body)
    assert (reply.state, reply.error.message) == ("failed", said)
    assert refused.status == (200 if step == "look" else 400)


@given(body=some.odd_json(FIELDS).map(lambda value: json.dumps(value).encode()) | some.scraps, cuts=some.cuts)
@some.law(80)
def test_whatever_answers_a_step_there_is_one_reply_with_all_that_the_next_step_needs(body, cuts):
    for step in STEPS:
        reply = read(step, body)
        assert is_sound(reply) and reply == read(step, *some.chunked(body, cuts))
        if reply.state != "failed" and step == "begin":
            assert reply.remote_id and reply.result["url"]
            assert all(isinstance(each, str) for field in reply.result["fields"].items() for each in field)
        if reply.state != "failed" and step == "initialise":
            assert isinstance(reply.result["clip_id"], str) and reply.result["clip_id"]


@given(value=some.odd_json(FIELDS), request=requests)
@some.law(60)
def test_whatever_is_asked_is_understood_or_refused_with_a_sentence(value, request):
    odd = [HttpRequest("POST", uploads.PATH, {}, json.dumps(body).encode()) for body in (value, {"extension": value})]
    for each in (*odd, request):
        try:
            assert uploads.parse(each).step in STEPS
        except WireError as error:
            assert str(error)


@pytest.mark.parametrize("task", [UPLOAD, UPLOAD_EXTEND])
@given(clip=some.words, source=sounds)
@some.law(30)
def test_the_clip_takes_the_place_of_the_file(task, clip, source):
    named = uploads.named(MediaRequest("m", "words", {"continue_at": 1}, (source,), task=task), clip)
    if task == UPLOAD:
        assert named == MediaReply("succeeded", result={"clip_id": clip})
    else:
        assert named == MediaRequest("m", "words", {"continue_at": 1}, task=task, of=clip)


def read(step: str, *chunks: bytes) -> MediaReply:
    reader = uploads.reader(step)
    return replied([event for chunk in chunks for event in reader.feed(chunk)] + reader.finish())
