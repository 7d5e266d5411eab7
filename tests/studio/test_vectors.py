"""Likeness of vectors, nearest pairs, and the plane on which they are drawn."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.studio.vectors import Pair, likeness, nearest, plane

rows = st.integers(1, 4).flatmap(
    lambda length: st.lists(
        st.lists(st.floats(-1e200, 1e200), min_size=length, max_size=length), min_size=1, max_size=6
    )
)


def test_likeness_is_the_cosine_whatever_the_lengths():
    [[same, across, against], *_] = likeness([[1, 0], [0, 5], [-3, 0]])
    assert (same, across, against) == (1, 0, -1)
    assert likeness([[1, 1], [2, 0]])[0][1] == pytest.approx(math.sqrt(0.5))
    assert likeness([[1e300, 1e300], [1e-300, 1e-300]])[0][1] == pytest.approx(1)


def test_a_vector_of_zeros_is_like_nothing():
    assert likeness([[0, 0], [1, 0]]) == [[0, 0], [0, 1]]
    assert likeness([]) == []


def test_vectors_of_different_models_are_not_compared():
    for compare in (likeness, plane):
        with pytest.raises(ValueError, match="dimensions"):
            compare([[1, 0], [1, 0, 0]])


def test_the_nearest_pairs_come_first_and_none_twice():
    found = nearest(likeness([[1, 0], [0, 1], [1, 0.1]]), 2)
    assert [(pair.first, pair.second) for pair in found] == [(0, 2), (1, 2)]
    assert nearest([[1]]) == nearest([]) == []
    assert nearest([[1, 0.5], [0.5, 1]]) == [Pair(0, 1, 0.5)]


def test_the_plane_shows_where_the_vectors_differ_most():
    drawn = plane([[1, 0, 0], [0, 1, 0], [1, 0.001, 0], [0.001, 1, 0]])
    left, right = [point[0] for point in drawn.points[::2]], [point[0] for point in drawn.points[1::2]]
    assert max(left) < min(right) or max(right) < min(left)
    assert drawn.shares[0] > 0.99
    assert drawn == plane([[1, 0, 0], [0, 1, 0], [1, 0.001, 0], [0.001, 1, 0]])


def test_few_vectors_and_equal_ones_lie_somewhere_too():
    assert plane([]).points == []
    assert plane([[3, 4]]).points == [(0, 0)]
    assert plane([[1], [2]]).points == [(0, 0), (0, 0)]
    assert plane([[1, 2], [1, 2]]).shares == (0, 0)


@given(rows)
@settings(max_examples=100, deadline=None)
def test_any_numbers_give_finite_ones(vectors):
    found = likeness(vectors)
    assert all(-1 <= value <= 1 for row in found for value in row)
    assert all(math.isfinite(number) for point in plane(vectors).points for number in point)
    assert all(0 <= share <= 1 for share in plane(vectors).shares)
