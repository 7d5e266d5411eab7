"""Numbers as the reader's language writes them."""

from decimal import Decimal

from django.utils.formats import number_format


def decimal(value: float | Decimal, digits: int = 2, grouped: bool = False) -> str:
    """Rounded, where Django's own function cuts: 1.96 s is 2.0 s. Never a zero below zero."""
    return number_format(round(value, digits) + 0, digits, force_grouping=grouped)
