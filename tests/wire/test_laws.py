"""What holds for every format, over generated cases."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wire import events as ev
from apps.wire.errors import parse_error, retry_after
from apps.wire.exceptions import WireError
from apps.wire.formats import FORMATS
from apps.wire.transcript import Transcript, merge

from . import saying
from . import strategies as some
from .reading import decode, fold

every_format = pytest.mark.parametrize("name", FORMATS)
drawn = given(data=st.data())


def encode(name: str, events: list[ev.Event]) -> bytes:
    encoder = FORMATS[name].Encoder()
    return b"".join([encoder.encode(event) for event in events] + [encoder.finish()])


def sse(documents: list) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


@every_format
@drawn
@some.law(400)
def test_how_the_bytes_are_cut_does_not_matter(name, data):
    stream, cuts = data.draw(saying.of(name).spoiled() | some.scraps), data.draw(some.cuts)
    assert decode(*some.chunked(stream, cuts), format=name) == decode(stream, format=name)


@every_format
@drawn
@some.law(230)
def test_what_is_encoded_is_decoded(name, data):
    events, cuts = data.draw(saying.of(name).streams()), data.draw(some.cuts)
    assert decode(*some.chunked(encode(name, events), cuts), format=name) == events


@every_format
@drawn
@some.law(160)
def test_a_stream_and_a_whole_reply_fold_to_the_same(name, data):
    events = data.draw(saying.of(name).replies())
    streamed = fold(decode(encode(name, events), format=name))
    whole = fold(FORMATS[name].parse_reply(FORMATS[name].build_reply(events)))
    assert streamed.failed == whole.failed
    if not streamed.failed:
        assert streamed.started == whole.started
        assert streamed.parts == whole.parts
        assert streamed.usage == whole.usage
        assert streamed.finished == whole.finished


@every_format
@drawn
@some.law(160)
def test_what_is_built_is_parsed(name, data):
    request = data.draw(saying.of(name).requests)
    assert FORMATS[name].parse(FORMATS[name].build(request)) == request


@every_format
@drawn
@some.law(230)
def test_any_bytes_end_once_and_fold_without_a_crash(name, data):
    events = decode(data.draw(saying.of(name).spoiled() | some.scraps), format=name)
    fold(events)
    ends = [event for event in events if isinstance(event, ev.Finished | ev.Failed)]
    assert ends == [events[-1]]


@every_format
@drawn
@some.law(280)
def test_any_json_streamed_or_whole_ends_once_and_can_be_kept(name, data):
    document = data.draw(saying.of(name).odd_documents)
    for events in (
        decode(sse([document, document]), format=name),
        FORMATS[name].parse_reply(json.dumps(document).encode()),
    ):
        assert sum(isinstance(event, ev.Finished | ev.Failed) for event in events) == 1
        assert fold(events).parts == fold(ev.decode_events(ev.encode_events(merge(events)))).parts


@every_format
@drawn
@some.law(160)
def test_any_request_is_parsed_or_refused_with_a_sentence(name, data):
    for request in data.draw(saying.of(name).odd_requests):
        try:
            FORMATS[name].parse(request)
        except WireError as error:
            assert str(error)


@given(document=some.odd_json(some.ERROR_FIELDS), status=st.integers(0, 599))
@some.law(160)
def test_any_error_body_is_told_in_a_sentence(document, status):
    for body in (json.dumps(document).encode(), repr(document).encode()):
        assert parse_error(status, body, "application/json", {}).message.strip()
        retry_after({"retry-after": repr(document)}, body, now=0.0)


@every_format
@drawn
@some.law(160)
def test_merging_neighbouring_deltas_loses_nothing(name, data):
    events = data.draw(saying.of(name).streams())
    assert fold(merge(events)).parts == fold(events).parts
    assert len(merge(events)) <= len(events)


@every_format
@drawn
@some.law(160)
def test_events_come_back_from_the_journal(name, data):
    events = data.draw(saying.of(name).streams())
    assert ev.decode_events(ev.encode_events(events)) == events


@given(data=some.scraps | st.binary(max_size=30))
@some.law(230)
def test_a_journal_of_other_bytes_is_refused_and_nothing_else(data):
    try:
        transcript = Transcript()
        for event in ev.decode_events(data):
            transcript.apply(event)
    except WireError as error:
        assert str(error)
