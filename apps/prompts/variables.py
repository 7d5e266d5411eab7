"""Places in a prompt that are filled in when it is used: {{name}}, {{name=what stands there}}, {{text:long}}.

A name has letters of any script, digits, spaces, _ and -. What looks otherwise is text and stays as it was typed.
"""

import re
from collections.abc import Mapping

import msgspec

_PLACE = re.compile(r"\{\{[ \t]*(\w[\w \-]{0,59}?)[ \t]*(:[ \t]*long[ \t]*)?(?:=([^{}\n]{0,500}))?\}\}")


class Variable(msgspec.Struct, frozen=True):
    name: str
    default: str = ""
    is_long: bool = False


def variables(text: str) -> list[Variable]:
    """Each once, in order. The first default that is given counts, and it is long if it is so anywhere."""
    found: dict[str, Variable] = {}
    for name, long, default in _PLACE.findall(text):
        before = found.get(name, Variable(name))
        found[name] = Variable(name, before.default or default.strip(), before.is_long or bool(long))
    return list(found.values())


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in their places, in one pass: what looks like a place in a value is left alone."""
    known = {each.name: values.get(each.name, each.default) for each in variables(text)}
    return _PLACE.sub(lambda place: known[place[1]], text)
