"""Numbers and money as the reader's language writes them."""

from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

# From so many dollars on, so many decimals.
_DIGITS = ((Decimal("0.1"), 2), (Decimal("0.001"), 4), (Decimal("0.00001"), 6))


def decimal(value: float | Decimal, digits: int = 2, grouped: bool = False) -> str:
    """Rounded, where Django's own function cuts: 1.96 s is 2.0 s. Never a zero below zero."""
    return number_format(round(value, digits) + 0, digits, force_grouping=grouped)


def dollars(amount: Decimal | float, up: bool = False) -> str:
    """US dollars: $1,600.00, $0.0042. What is smaller than ten cents keeps its digits; `up` never rounds down."""
    exact = Decimal(str(amount))
    digits = next((digits for least, digits in _DIGITS if abs(exact) >= least), 8) if exact else 2
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_UP if up else ROUND_HALF_EVEN)
    told = pgettext("an amount of money in US dollars", "$%(amount)s") % {"amount": decimal(abs(rounded), digits, True)}
    return f"-{told}" if rounded < 0 else told


def short(number: int) -> str:
    """Three digits or four of a large number: 21.4 M, or 2,140 万 in a language that counts in ten thousands."""
    told = pgettext(
        "large numbers: from which on, and what it is called; the largest first", "1000000000 B, 1000000 M, 1000 k"
    )
    for size, name in (each.split(" ") for each in told.split(", ")):
        if abs(number) >= int(size):
            shown = number / int(size)
            digits = 0 if abs(shown) >= 100 or shown.is_integer() else 1
            return f"{decimal(shown, digits, grouped=True)} {name}"
    return number_format(number, force_grouping=True)
