"""Measures of a ranking, and what moved."""

import math

import pytest

from apps.studio.ranking import Shift, mean, ndcg, reciprocal_rank, shifts


def test_a_perfect_ranking_has_an_ndcg_of_one_and_a_worse_one_less():
    labels = [0, 2, 1]
    assert ndcg([1, 2, 0], labels) == 1
    gained, best = 1 + 3 / math.log2(3), 3 + 1 / math.log2(3)
    assert ndcg([2, 1, 0], labels) == pytest.approx(gained / best)
    assert ndcg([0, 2, 1], labels, k=1) == 0
    assert ndcg([1], labels, k=10) == pytest.approx(3 / best)


def test_where_nothing_is_relevant_there_is_no_measure():
    assert ndcg([0, 1], [0, 0]) is None
    assert reciprocal_rank([0, 1], [0, 0]) is None
    assert mean([None, None]) is None


def test_the_reciprocal_rank_is_that_of_the_first_relevant_document():
    assert reciprocal_rank([2, 0, 1], [1, 1, 0]) == 0.5
    assert reciprocal_rank([2], [1, 1, 0]) == 0
    assert mean([0.5, None, 1.0]) == 0.75


def test_a_place_named_twice_or_not_asked_about_does_not_count():
    assert ndcg([1, 1, 7, -1, 0], [1, 1]) == 1
    assert reciprocal_rank([9, 1], [0, 1]) == 1


def test_shifts_follow_the_later_ranking_and_name_what_it_dropped():
    found = shifts([0, 1, 2, 3], [2, 0, 1])
    assert found == [Shift(2, 3, 1), Shift(0, 1, 2), Shift(1, 2, 3), Shift(3, 4, None)]
    assert [shift.by for shift in found] == [2, -1, -1, None]
    assert shifts([], [5]) == [Shift(5, None, 1)]
