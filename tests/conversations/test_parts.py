import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.conversations import edit, queries
from apps.conversations.models import Part
from apps.wire import messages as wire

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
seconds = st.none() | st.floats(0, 1e9)
opaque = st.none() | st.dictionaries(texts, values, max_size=3)
places = st.none() | st.integers(0, 2**40)
parts = st.one_of(
    st.builds(wire.Text, texts, opaque=opaque),
    st.builds(wire.Reasoning, texts, opaque=opaque, seconds=seconds),
    st.builds(wire.Refusal, texts),
    st.builds(wire.ToolCall, texts, texts, texts, opaque=opaque),
    st.builds(wire.ToolResult, texts, texts, st.booleans(), texts),
    st.builds(wire.HostedTool, texts, texts, texts, texts, opaque=opaque),
    st.builds(wire.Image, texts, texts, texts, opaque=opaque),
    st.builds(wire.Audio, texts, texts, texts),
    st.builds(wire.File, texts, texts, texts, texts),
    st.builds(wire.Citation, texts, texts, places, places, texts),
)


def test_the_strategy_knows_every_kind_of_part():
    kinds = {kind.__struct_config__.tag for kind in wire.Part.__args__}
    told = {"text", "reasoning", "refusal", "tool_call", "tool_result", "hosted_tool"}
    assert kinds == told | {"image", "audio", "file", "citation"}


@given(st.lists(parts, min_size=1, max_size=8))
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_comes_back_as_it_was(talk, say, given_parts):
    message = say(talk)
    edit.store_parts(message=message, parts=given_parts)
    assert queries.parts_of([message.pk])[message.pk] == given_parts


def test_a_vendor_s_own_data_is_handed_back_to_the_letter(talk, say):
    signed = {"z": 1e300, "a": "nul \0 and \ud800", "n": 4.780642778523949e16, "m": {"b": 1, "a": 2.0}}
    message = say(talk)
    edit.store_parts(message=message, parts=[wire.Reasoning("thought", opaque=signed)])
    (part,) = queries.parts_of([message.pk])[message.pk]
    assert repr(part.opaque) == repr(signed)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (wire.Text("said"), "said"),
        (wire.Reasoning("thought"), "thought"),
        (wire.ToolCall("1", "add", '{"a":1}'), '{"a":1}'),
        (wire.ToolResult("1", "2"), "2"),
        (wire.Audio("audio/mpeg", "AAAA", "spoken"), "spoken"),
        (wire.Citation("https://example.org", "A source"), "A source"),
    ],
)
def test_the_text_of_a_row_is_what_people_read(talk, say, part, text):
    message = say(talk)
    edit.store_parts(message=message, parts=[part])
    assert message.parts.get().text == text


@pytest.mark.parametrize(
    "damage", [{"kind": "hologram"}, {"data": {"opaque": 3}}, {"data": {"opaque": "{"}}, {"data": [1]}]
)
def test_a_row_that_cannot_be_read_is_shown_by_its_text_and_reported(talk, say, caplog, damage):
    message = say(talk)
    edit.store_parts(message=message, parts=[wire.Reasoning("thought")])
    Part.objects.update(**damage)
    with caplog.at_level(logging.ERROR):
        assert queries.parts_of([message.pk])[message.pk] == [wire.Text("thought")]
    assert str(message.pk) in caplog.text
