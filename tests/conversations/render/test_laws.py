"""What must hold for every text, however it is cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.conversations.render import Stream, render
from tests.conversations.render.markup import check
from tests.conversations.render.texts import BLOCKS, INLINES, REFERENCES, asks, cut, cuts, pieces
from tests.hostile.corpus import TEXTS

plain_texts = pieces(*BLOCKS, *INLINES).map("".join)
all_texts = pieces(*BLOCKS, *INLINES, *REFERENCES).map("".join)
hostile_texts = pieces(*BLOCKS, *INLINES, *REFERENCES, *TEXTS.values()).map("".join)


def stream_of(text: str, sizes: list[int], turns: list[bool]) -> Stream:
    """A stream that was fed the text, and asked for HTML at some of the deltas."""
    stream = Stream("m")
    for turn, delta in enumerate(cut(text, sizes)):
        stream.feed(delta)
        if turns[turn % len(turns)]:
            stream.open_html()
    return stream


def has_references(text: str) -> bool:
    return "]:" in text or "[^" in text


@settings(max_examples=800, deadline=None)
@given(all_texts, cuts)
def test_a_sealed_block_never_changes(text, sizes):
    stream, before = Stream("m"), []
    for delta in cut(text, sizes):
        stream.feed(delta)
        stream.open_html()
        assert stream.sealed[: len(before)] == before
        before = list(stream.sealed)


@settings(max_examples=1_200, deadline=None)
@given(plain_texts.filter(lambda text: not has_references(text)), cuts, asks)
def test_what_was_sealed_is_how_the_whole_text_begins(text, sizes, turns):
    stream = stream_of(text, sizes, turns)
    assert stream.sealed == render(text, "m")[: len(stream.sealed)]
    assert stream.settled()


@settings(max_examples=800, deadline=None)
@given(all_texts, cuts, asks)
def test_the_end_is_the_whole_text_rendered_at_once(text, sizes, turns):
    stream = stream_of(text, sizes, turns)
    assert stream.finish() == render(text, "m")
    assert stream.settled() == (render(text, "m")[: len(stream.sealed)] == stream.sealed)


@settings(max_examples=800, deadline=None)
@given(hostile_texts, cuts, asks)
def test_only_our_own_markup_comes_out(text, sizes, turns):
    stream = stream_of(text, sizes, turns)
    for block in [*stream.sealed, stream.open_html(), *stream.finish()]:
        check(block)


@settings(max_examples=400, deadline=None)
@given(st.text(), cuts)
def test_no_text_raises(text, sizes):
    stream = stream_of(text, sizes, [True])
    for block in stream.finish():
        check(block)


def test_half_a_formula_in_code_keeps_nothing_after_it_from_waiting():
    text = "# Title\n~~~\n$$\n\\[ a\n~~~\n$$\nx^2\n+ y\n- z\n= 0\n$$\n"
    for place in range(len(text)):
        stream = Stream("m")
        stream.feed(text[:place])
        sealed = list(stream.sealed)
        assert sealed == render(text, "m")[: len(sealed)]
