"""Events folded into parts."""

import pytest

from apps.wire.events import (
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    Unrecognized,
    UsageReported,
)
from apps.wire.exceptions import WireError
from apps.wire.messages import Audio, Citation, Image, Reasoning, Text, ToolCall, Usage
from apps.wire.tokens import estimate
from apps.wire.transcript import Transcript, merge

from .reading import fold


def test_deltas_grow_the_text_of_their_part_whatever_its_kind():
    found = fold(
        [
            PartStarted(0, Text("a")),
            PartStarted(1, ToolCall("id", "f")),
            PartStarted(2, Audio()),
            *(PartDelta(0, "b"), PartDelta(1, "{"), PartDelta(2, "x"), PartDelta(1, "}"), PartDelta(0, "c")),
        ]
    )
    assert found.parts == [Text("abc"), ToolCall("id", "f", "{}"), Audio(transcript="x")]


def test_parts_can_be_looked_at_while_they_grow():
    transcript = Transcript()
    transcript.apply(PartStarted(0, Text()))
    seen = []
    for letter in "abc":
        transcript.apply(PartDelta(0, letter))
        seen.append(transcript.parts[0].text)
    assert seen == ["a", "ab", "abc"]


def test_the_end_of_a_part_may_bring_what_only_the_end_knows():
    found = fold(
        [
            PartStarted(0, Audio()),
            PartDelta(0, "Hi"),
            PartEnded(0, Audio(media_type="audio/wav", data="AAAA")),
            PartStarted(1, Reasoning()),
            PartDelta(1, "Hm."),
            PartEnded(1, Reasoning(opaque={"signature": "x"})),
        ]
    )
    assert found.parts == [Audio("audio/wav", "AAAA", "Hi"), Reasoning("Hm.", opaque={"signature": "x"})]


def test_everything_else_that_was_said_is_kept():
    events = [Started("1", "m"), UsageReported(Usage(1, 2)), UsageReported(Usage(1, 3)), Unrecognized("x", "y")]
    found = fold([*events, Finished("length", "length")])
    assert (found.started.model, found.usage, found.finished.reason) == ("m", Usage(1, 3), "length")
    assert found.unrecognized == [Unrecognized("x", "y")]
    assert fold([Failed("no")]).failed.message == "no"


@pytest.mark.parametrize(
    "events",
    [
        [PartDelta(0, "x")],
        [PartEnded(0)],
        [PartStarted(1, Text())],
        [PartStarted(0, Text()), PartStarted(0, Text())],
        [PartStarted(0, Text()), PartDelta(-1, "x")],
        [PartStarted(0, Image(url="https://e.x")), PartDelta(0, "x")],
        [PartStarted(0, Text()), PartEnded(0, Citation(url="https://e.x"))],
    ],
)
def test_events_that_make_no_sense_are_refused(events):
    with pytest.raises(WireError):
        fold(events)


def test_neighbouring_deltas_of_one_part_are_merged_and_others_stay_apart():
    events = [
        PartDelta(0, "a"),
        PartDelta(0, "b"),
        PartDelta(1, "c"),
        PartDelta(0, "d"),
        PartEnded(0),
        PartDelta(1, "e"),
    ]
    merged = [PartDelta(0, "ab"), PartDelta(1, "c"), PartDelta(0, "d"), PartEnded(0), PartDelta(1, "e")]
    assert merge(events) == merged
    assert merge(iter([])) == []


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("word", 1), ("a word", 2), ("中文很好", 4), ("中文 word", 4), ("é" * 8, 2)]
)
def test_tokens_are_estimated_by_letters_and_by_characters_where_they_are_wide(text, tokens):
    assert estimate(text) == tokens
