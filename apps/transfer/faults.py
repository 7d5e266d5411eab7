"""What is wrong with a record, in a sentence: which field, what was expected there, and what there is."""

import re
from collections.abc import Mapping

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<place>[^`]*)`(?: in `(?P<within>[^`]*)`)?)?$", re.DOTALL)
_WORDS = {
    "str": gettext_lazy("text"),
    "int": gettext_lazy("a whole number"),
    "float": gettext_lazy("a number"),
    "bool": gettext_lazy("true or false"),
    "null": gettext_lazy("nothing (null)"),
    "array": gettext_lazy("a list"),
    "object": gettext_lazy("an object"),
    "datetime": gettext_lazy("a time"),
    "uuid": gettext_lazy("an id"),
    "decimal": gettext_lazy("an amount as text"),
}
# What the decoder says, and a sentence for it; `where` is the place in the record.
_FAULTS = [
    (r"Object missing required field `(?P<field>[^`]*)`", gettext_lazy("%(where)s lacks the field “%(field)s”.")),
    (r"Object contains unknown field `(?P<field>[^`]*)`", gettext_lazy("%(where)s has no field “%(field)s”.")),
    (r"Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`",
     gettext_lazy("%(where)s: %(expected)s was expected, and there is %(got)s.")),
    (r"Invalid (?:enum )?value '?(?P<value>[^']*)'?",
     gettext_lazy("%(where)s: “%(value)s” is none of the words that are known there.")),
    (r"Expected `str` of length <= (?P<most>\d+)",
     gettext_lazy("%(where)s: the text is longer than %(most)s characters.")),
    (r"Expected `str` of length >= \d+", gettext_lazy("%(where)s: the text is too short.")),
    (r"Expected `str` matching regex .*", gettext_lazy("%(where)s: the text does not have the form that is expected.")),
    (r"Expected `array` of length <= (?P<most>\d+)",
     gettext_lazy("%(where)s: the list has more than %(most)s entries.")),
    (r"Expected `array` of (?:at least )?length .*",
     gettext_lazy("%(where)s: the list does not have as many entries as are expected.")),
    (r"Expected `(?:int|float)` <= (?P<bound>\S+)",
     gettext_lazy("%(where)s: a number of at most %(bound)s was expected.")),
    (r"Expected `(?:int|float)` >= (?P<bound>\S+)",
     gettext_lazy("%(where)s: a number of at least %(bound)s was expected.")),
    (r"Expected a number below (?P<bound>\d+)", gettext_lazy("%(where)s: a number below %(bound)s was expected.")),
    (r"Expected `datetime` with a timezone component|Invalid RFC3339 encoded datetime",
     gettext_lazy("%(where)s: a time with its zone was expected, such as 2025-03-01T12:30:00Z.")),
    (r"Invalid UUID", gettext_lazy("%(where)s: an id was expected, a UUID.")),
    (r"Invalid decimal string", gettext_lazy("%(where)s: an amount as text was expected, such as “0.0125”.")),
    (r"(?:Integer|Number) out of range", gettext_lazy("%(where)s: the number is too large.")),
]  # fmt: skip
_KNOWN = [(re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in _FAULTS]
SHOWN = 120


def said_of(error: Exception) -> str:
    """The sentence for what reading a record raised. What is not known is told by its place alone."""
    if isinstance(error, msgspec.ValidationError) and (split := _PLACE.match(str(error))):
        return _of_field(split["what"], _where(split["within"] or split["place"] or ""))
    if isinstance(error, RecursionError):
        return _("It is nested more deeply than can be read.")
    return _("It is not what such a record looks like.")


def _of_field(what: str, where: str) -> str:
    for pattern, sentence in _KNOWN:
        if found := pattern.fullmatch(what):
            return sentence % {"where": where, **_in_words(found.groupdict())}
    return _("%(where)s cannot be read.") % {"where": where}


def _where(place: str) -> str:
    """`$.messages[1].role` as messages[1].role."""
    path = place.removeprefix("$").removeprefix(".")
    return path[:SHOWN] if path else _("The record")


def _in_words(found: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _kinds(value) if name in ("expected", "got") else value[:SHOWN]
        for name, value in found.items()
    }  # fmt: skip


def _kinds(names: str) -> str:
    """`str | null` as: text or nothing."""
    words = [str(_WORDS.get(name, name)) for name in names.split(" | ")]
    return _(" or ").join(words)
