"""What two texts share, and what only one of them says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.runs.compare import differ


def texts_of(diff) -> tuple[str, str]:
    first = "".join(piece.text for piece in diff.pieces if piece.kind != differ.NEW)
    return first, "".join(piece.text for piece in diff.pieces if piece.kind != differ.GONE)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_out_of_their_difference(one, other):
    assert texts_of(differ.words(one, other)) == (one, other)
    assert texts_of(differ.lines(one, other)) == (one, other)


def test_words_are_compared_whole():
    pieces = differ.words("the quick fox", "the quiet fox").pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "the "),
        ("gone", "quick"),
        ("new", "quiet"),
        ("same", " fox"),
    ]


def test_chinese_is_compared_by_characters():
    pieces = differ.words("今天很好", "明天很好").pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [("gone", "今"), ("new", "明"), ("same", "天很好")]


def test_very_long_texts_are_compared_by_their_lines_and_cut():
    diff = differ.words("a b\n" * 100_000, "a c\n" * 100_000)
    assert diff.by_line and diff.cut


def test_equal_texts_have_no_difference():
    assert differ.words("same", "same").same and not differ.words("same", "other").same
