"""Every edge of a stream known from vendors, gateways and converters: recorded in fixtures, told in expected."""

from importlib import import_module

import pytest

from apps.wire.events import Failed, Finished, PartEnded, PartStarted
from apps.wire.formats import FORMATS

from .reading import decode, one_byte_each, read, recorded, recordings

EXPECTED = {format: import_module(f"{__package__}.expected.{format}") for format in FORMATS}
CUT_OFF = "the stream ended in the middle of this event"


def named(table: str):
    """The streams that a table of each format tells of."""
    names = [(format, name) for format in FORMATS for name in getattr(EXPECTED[format], table)]
    return pytest.mark.parametrize(("format", "name"), names)


every_recording = pytest.mark.parametrize(
    ("format", "name"), [(format, name) for format in FORMATS for name in recordings(format)]
)


@named("SAME_AS_PLAIN")
def test_streams_that_differ_in_form_say_the_same(format, name):
    found, expected = read(name, format), EXPECTED[format]
    assert (found.parts, found.usage) == ([expected.HELLO], expected.USED)
    assert (found.finished, found.unrecognized) == (expected.STOP, [])
    assert found.started == expected.STARTS.get(name, expected.STARTED)


@named("ANSWERS")
def test_an_answer_is_read_into_parts_and_an_end(format, name):
    found = read(name, format)
    assert (found.parts, found.finished) == EXPECTED[format].ANSWERS[name]
    assert [entry.why for entry in found.unrecognized] in ([], [CUT_OFF])


@named("FAILURES")
def test_an_error_keeps_what_was_said_and_says_what_happened(format, name):
    found = read(name, format)
    assert (found.parts, found.failed) == EXPECTED[format].FAILURES[name]
    assert found.finished is None


@named("ODDITIES")
def test_what_is_not_understood_is_shown_once_and_the_answer_goes_on(format, name):
    found = read(name, format)
    parts, why = EXPECTED[format].ODDITIES[name]
    assert (found.parts, found.finished) == (parts, EXPECTED[format].STOP)
    assert [entry.why for entry in found.unrecognized] == why
    assert all(entry.data for entry in found.unrecognized)


@named("USAGES")
def test_usage_is_all_of_both_sides_read_under_every_name_and_never_guessed(format, name):
    assert read(name, format).usage == EXPECTED[format].USAGES[name]


@pytest.mark.parametrize("format", FORMATS)
def test_every_recorded_stream_is_tested(format):
    expected = EXPECTED[format]
    tables = (expected.SAME_AS_PLAIN, expected.ANSWERS, expected.FAILURES, expected.ODDITIES, expected.USAGES)
    assert set(recordings(format)) == {name for table in tables for name in table} | expected.APART


@every_recording
def test_one_byte_at_a_time_gives_the_same_events(format, name):
    data = recorded(name, format)
    assert decode(*one_byte_each(data), format=format) == decode(data, format=format)


@every_recording
def test_a_stream_ends_exactly_once_and_last(format, name):
    events = decode(recorded(name, format), format=format)
    assert [event for event in events if isinstance(event, Finished | Failed)] == [events[-1]]


@every_recording
def test_every_part_is_begun_in_order_and_ended_once(format, name):
    events = decode(recorded(name, format), format=format)
    begun = [event.index for event in events if isinstance(event, PartStarted)]
    ended = [event.index for event in events if isinstance(event, PartEnded)]
    assert begun == list(range(len(begun))) == sorted(ended)
