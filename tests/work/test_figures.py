from decimal import Decimal

import pytest
from django.utils import translation

from apps.work.figures import decimal, dollars, short


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        (1.96, 1, "2.0"),
        (0.0449, 2, "0.04"),
        (-0.004, 2, "0.00"),
        (Decimal("0.19996"), 4, "0.2000"),
        (12345.6, 0, "12346"),
    ],
)
def test_a_figure_is_rounded_and_never_cut(value, digits, told):
    assert decimal(value, digits) == told


def test_thousands_stand_apart_where_asked_for_in_the_readers_language():
    assert decimal(1234567, 0, grouped=True) == "1,234,567"
    with translation.override("zh-hans"):
        assert decimal(1234567, 0, grouped=True) == "1,234,567"
    with translation.override("de"):
        assert decimal(1234.5, 1, grouped=True) == "1.234,5"


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (0, "$0.00"),
        (Decimal("1014.857"), "$1,014.86"),
        (Decimal("0.8"), "$0.80"),
        (Decimal("0.0421"), "$0.0421"),
        (Decimal("0.00042"), "$0.000420"),
        (Decimal("0.00000003"), "$0.00000003"),
        (Decimal("-2.5"), "-$2.50"),
    ],
)
def test_money_is_written_in_one_way_and_small_sums_keep_their_digits(amount, told):
    assert dollars(amount) == told


def test_a_limit_is_never_told_as_less_than_it_is():
    assert (dollars(Decimal("2.401"), up=True), dollars(Decimal("0.00201"), up=True)) == ("$2.41", "$0.0021")


def test_money_is_written_as_the_readers_language_does():
    with translation.override("de"):
        assert dollars(Decimal("1234.5")) == "$1.234,50"


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (999, "999", "999"),
        (12_345, "12.3 k", "1.2 万"),
        (200_000, "200 k", "20 万"),
        (3_500_000, "3.5 M", "350 万"),
        (120_400_000, "120 M", "1.2 亿"),
        (1_234_500_000_000, "1,234 B", "12,345 亿"),
    ],
)
def test_large_numbers_are_short_in_the_units_in_which_a_language_counts(number, english, chinese):
    assert short(number) == english
    with translation.override("zh-hans"):
        assert short(number) == chinese
