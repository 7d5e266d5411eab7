"""What holds for every format, over generated cases."""

import json

import pytest
from hypothesis import given

from apps.wire import events as ev
from apps.wire.errors import parse_error, retry_after
from apps.wire.exceptions import WireError
from apps.wire.formats import FORMATS
from apps.wire.messages import HttpRequest
from apps.wire.transcript import Transcript, merge

from . import strategies as some
from .reading import decode, fold

every_format = pytest.mark.parametrize("name", FORMATS)


def encode(name: str, events: list[ev.Event]) -> bytes:
    encoder = FORMATS[name].Encoder()
    return b"".join([encoder.encode(event) for event in events] + [encoder.finish()])


def sse(documents: list) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


@every_format
@given(data=some.spoiled() | some.scraps, cuts=some.cuts)
@some.law(3000)
def test_how_the_bytes_are_cut_does_not_matter(name, data, cuts):
    assert decode(*some.chunked(data, cuts), format=name) == decode(data, format=name)


@every_format
@given(events=some.streams(), cuts=some.cuts)
@some.law(1500)
def test_what_is_encoded_is_decoded(name, events, cuts):
    assert decode(*some.chunked(encode(name, events), cuts), format=name) == events


@every_format
@given(events=some.replies())
@some.law(1000)
def test_a_stream_and_a_whole_reply_fold_to_the_same(name, events):
    streamed = fold(decode(encode(name, events), format=name))
    whole = fold(FORMATS[name].parse_reply(FORMATS[name].build_reply(events)))
    assert streamed.failed == whole.failed
    if not streamed.failed:
        assert streamed.started == whole.started
        assert streamed.parts == whole.parts
        assert streamed.usage == whole.usage
        assert streamed.finished == whole.finished


@every_format
@given(request=some.requests)
@some.law(1000)
def test_what_is_built_is_parsed(name, request):
    assert FORMATS[name].parse(FORMATS[name].build(request)) == request


@every_format
@given(data=some.spoiled() | some.scraps)
@some.law(1500)
def test_any_bytes_end_once_and_fold_without_a_crash(name, data):
    events = decode(data, format=name)
    fold(events)
    ends = [event for event in events if isinstance(event, ev.Finished | ev.Failed)]
    assert ends == [events[-1]]


@every_format
@given(document=some.odd_chunks | some.odd_deltas | some.odd_json)
@some.law(2000)
def test_any_json_streamed_or_whole_ends_once_and_can_be_kept(name, document):
    for events in (
        decode(sse([document, document]), format=name),
        FORMATS[name].parse_reply(json.dumps(document).encode()),
    ):
        assert sum(isinstance(event, ev.Finished | ev.Failed) for event in events) == 1
        assert fold(events).parts == fold(ev.decode_events(ev.encode_events(merge(events)))).parts


@every_format
@given(body=some.odd_json)
@some.law(1000)
def test_any_request_is_parsed_or_refused_with_a_sentence(name, body):
    messages = body if isinstance(body, list) else [body]
    for document in (
        body,
        {"model": "m", "messages": messages},
        {"model": "m", "messages": [{"role": "user"}], "tools": body},
    ):
        try:
            FORMATS[name].parse(HttpRequest("POST", FORMATS[name].path, {}, json.dumps(document).encode()))
        except WireError as error:
            assert str(error)


@given(document=some.odd_json, status=some.st.integers(0, 599))
@some.law(500)
def test_any_error_body_is_told_in_a_sentence(document, status):
    for body in (json.dumps(document).encode(), repr(document).encode()):
        assert parse_error(status, body, "application/json", {}).message.strip()
        retry_after({"retry-after": repr(document)}, body, now=0.0)


@given(events=some.streams())
@some.law(500)
def test_merging_neighbouring_deltas_loses_nothing(events):
    assert fold(merge(events)).parts == fold(events).parts
    assert len(merge(events)) <= len(events)


@given(events=some.streams())
@some.law(500)
def test_events_come_back_from_the_journal(events):
    assert ev.decode_events(ev.encode_events(events)) == events


@given(data=some.scraps | some.st.binary(max_size=30))
@some.law(300)
def test_a_journal_of_other_bytes_is_refused_and_nothing_else(data):
    try:
        transcript = Transcript()
        for event in ev.decode_events(data):
            transcript.apply(event)
    except WireError as error:
        assert str(error)
