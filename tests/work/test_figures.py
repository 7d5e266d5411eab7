from decimal import Decimal

import pytest
from django.utils import translation

from apps.work.figures import decimal


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
    with translation.override("de"):
        assert decimal(1234.5, 1, grouped=True) == "1.234,5"
