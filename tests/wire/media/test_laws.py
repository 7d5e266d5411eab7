"""What holds for every media dialect, over generated cases. What each can say is in `saying`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from apps.wire import parameters as controls
from apps.wire.exceptions import WireError
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.shapes import MediaReply, MediaRequest

from .. import strategies as some
from .reading import answered, read, read_poll, recordings, replied, together
from .saying import sayings

SAYINGS = sayings()
every_dialect = pytest.mark.parametrize("name", SAYINGS)
those_that_stream = pytest.mark.parametrize("name", [name for name in SAYINGS if SAYINGS[name].streams is not None])
those_with_tasks = pytest.mark.parametrize("name", [name for name in SAYINGS if SAYINGS[name].polls is not None])
those_that_stop = pytest.mark.parametrize("name", [name for name in DIALECTS if DIALECTS[name].withdraw])
MODELS = ["m", "gpt-image-2", "dall-e-3", "veo3.1", "sora-2-pro", "tts-1", "gpt-4o-transcribe", "jina-clip-v2"]
drawn = given(data=st.data())


def test_every_dialect_is_held_to_the_laws():
    assert set(SAYINGS) == set(DIALECTS)


@every_dialect
@drawn
@some.law(45)
def test_what_is_built_is_parsed(name, data):
    request = data.draw(SAYINGS[name].requests)
    assert DIALECTS[name].parse(DIALECTS[name].build(request)) == request


@every_dialect
@drawn
@some.law(45)
def test_what_is_written_is_read(name, data):
    request, reply = data.draw(SAYINGS[name].replies)
    assert answered(name, DIALECTS[name].write(reply, request), request) == reply


@those_with_tasks
@drawn
@some.law(45)
def test_what_a_poll_is_answered_is_read(name, data):
    reply, id = data.draw(SAYINGS[name].polls), data.draw(SAYINGS[name].ids)
    sent = DIALECTS[name].write_poll(reply)
    assert replied(read_poll(name, sent.body, content_type=sent.content_type)) == reply
    assert DIALECTS[name].parse_poll(DIALECTS[name].poll(id)) == id


@those_that_stop
@given(id=some.words, path=some.words)
@some.law(45)
def test_the_task_that_is_given_up_is_the_one_that_is_meant(name, id, path):
    dialect = DIALECTS[name]
    asked = dialect.withdraw(id)
    assert (asked.method, dialect.parse_withdraw(asked)) == ("DELETE", id)
    assert json.loads(dialect.write_withdraw(id).body) == {"id": id, "object": "video.deleted", "deleted": True}
    for odd in (path, asked.path + path, asked.path.removesuffix("/")[:-1]):
        try:
            assert dialect.parse_withdraw(replace(asked, path=odd))
        except WireError as error:
            assert str(error)


@those_that_stream
@drawn
@some.law(45)
def test_what_is_streamed_is_read_however_it_is_cut(name, data):
    (request, events), cuts = data.draw(SAYINGS[name].streams), data.draw(some.cuts)
    stream = b"".join(DIALECTS[name].encode(event, request) for event in events)
    assert read(name, *some.chunked(stream, cuts), content_type="text/event-stream", asked=request) == together(events)


@those_that_stream
@drawn
@some.law(45)
def test_a_streamed_answer_and_a_whole_one_say_the_same(name, data):
    """But for what was used: a file alone has no place for it."""
    request, events = data.draw(SAYINGS[name].streams)
    streamed = b"".join(DIALECTS[name].encode(event, request) for event in events)
    whole = answered(name, DIALECTS[name].write(replied(events), request), request)
    assert replace(replied(read(name, streamed, asked=request)), usage=whole.usage) == whole


@every_dialect
@drawn
@some.law(60)
def test_how_the_bytes_are_cut_does_not_matter(name, data):
    body, cuts = data.draw(spoiled(name)), data.draw(some.cuts)
    for ask in (read, *([read_poll] if DIALECTS[name].poll_reader else [])):
        whole = ask(name, body)
        assert ask(name, *some.chunked(body, cuts)) == whole
        assert is_sound(replied(whole))


@every_dialect
@drawn
@some.law(60)
def test_any_json_is_answered_with_one_reply(name, data):
    body = json.dumps(data.draw(SAYINGS[name].odd)).encode()
    for sent in (body, b"data: " + body + b"\n\n"):
        assert is_sound(replied(read(name, sent)))
    if DIALECTS[name].poll_reader:
        assert is_sound(replied(read_poll(name, body)))


@every_dialect
@drawn
@some.law(60)
def test_any_request_is_parsed_or_refused_with_a_sentence(name, data):
    for request in SAYINGS[name].odd_requests(data.draw(SAYINGS[name].odd)):
        try:
            assert isinstance(DIALECTS[name].parse(request), MediaRequest)
        except WireError as error:
            assert str(error)


@every_dialect
@pytest.mark.parametrize(
    "model", ["m", "gpt-image-2", "dall-e-3", "veo3.1", "sora-2-pro", "tts-1", "gpt-4o-transcribe"]
)
def test_the_controls_of_a_model_have_names_of_their_own_and_take_what_they_offer(name, model):
    dialect = DIALECTS[name]
    for task in dialect.tasks(model):
        found = dialect.parameters(model, task)
        assert len({parameter.name for parameter in found}) == len(found)
        for parameter in found:
            assert (
                controls.check(found, dict.fromkeys([parameter.name], next(iter(parameter.choices), None))) is not None
            )
        inputs = dialect.inputs(model, task)
        assert all(inputs.least[role] <= inputs.most[role] for role in inputs.least)
        unit, count = dialect.units(MediaRequest(model, "words", task=task))
        assert unit and count > 0


def is_sound(reply: MediaReply) -> bool:
    """What a job may rely on: a failure says why, and a task that goes on is known by its id."""
    if reply.state == "failed":
        return reply.error is not None and bool(reply.error.message.strip())
    return reply.progress is None or 0 <= reply.progress <= 100


@st.composite
def spoiled(draw, name: str) -> bytes:
    """A recorded answer with a few bytes replaced, dropped or put in; or scraps alone."""
    found = recordings(name)
    data = draw(st.sampled_from(found)).read_bytes() if found else b""
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        own = [st.sampled_from(SAYINGS[name].scraps)] if SAYINGS[name].scraps else []
        put = draw(st.one_of(st.binary(max_size=4), some.scraps, *own))
        data = data[:place] + put + data[place + length :]
    return data
