"""JSON values as a language writes them. A text stays the text it is: quoted, and with nothing invisible in it.

What does not print is escaped, so that no direction mark or line separator shows the reader other code than is run.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from .sample import Composed, Number

WIDTH = 88
_SPECIAL = re.compile('["\\\\\x00-\x1f]|[^\x20-\x7e]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Expression(str):
    """Code that stands where a value would."""

    __slots__ = ()


class Dialect(msgspec.Struct, frozen=True):
    """How a language writes a text, a file's base64 within one, a key, and the three words of JSON."""

    quote: Callable[[str], str]
    composed: Callable[[Composed], str]
    key: Callable[[str], str]
    true: str = "true"
    false: str = "false"
    null: str = "null"
    trailing: str = ","
    step: str = "  "
    padding: str = ""


def value(dialect: Dialect, data: Any, indent: str = "") -> str:
    """The value, on one line where it fits; what follows the first line begins with `indent`."""
    if not isinstance(data, dict | list) or not data:
        return _scalar(dialect, data)
    deeper = indent + dialect.step
    items = list(_items(dialect, data, deeper))
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    if len(indent) + sum(map(len, items)) <= WIDTH and not any("\n" in item for item in items):
        padding = dialect.padding if isinstance(data, dict) else ""
        return f"{opening}{padding}{', '.join(items)}{padding}{closing}"
    lines = f",\n{deeper}".join(items)
    return f"{opening}\n{deeper}{lines}{dialect.trailing}\n{indent}{closing}"


def _scalar(dialect: Dialect, data: Any) -> str:
    if isinstance(data, Number | Expression) or type(data) in (int, float):
        return str(data)
    if isinstance(data, str):
        return dialect.quote(data)
    if isinstance(data, Composed):
        return dialect.composed(data)
    if isinstance(data, dict | list):
        return "{}" if isinstance(data, dict) else "[]"
    return dialect.null if data is None else dialect.true if data else dialect.false


def _items(dialect: Dialect, data: dict | list, indent: str) -> Iterable[str]:
    if isinstance(data, list):
        return (value(dialect, item, indent) for item in data)
    return (f"{dialect.key(key)}: {value(dialect, item, indent)}" for key, item in data.items())


def quoted(text: str, escape: Callable[[int], str]) -> str:
    """In double quotes; `escape` writes the code point of what does not print."""

    def one(found: re.Match[str]) -> str:
        character = found[0]
        if character in _SHORT:
            return _SHORT[character]
        return character if character.isprintable() else escape(ord(character))

    return f'"{_SPECIAL.sub(one, text)}"'


def by_fours(code: int) -> str:
    """As JSON, JavaScript and Java do: beyond U+FFFF as a pair of surrogates."""
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"


def json_quote(text: str) -> str:
    return quoted(text, by_fours)


def json_text(data: Any, mark: Callable[[str], str]) -> str:
    """The value as JSON, with `mark(name)` where a file's base64 belongs."""

    def composed(text: Composed) -> str:
        inside = [json_quote(piece)[1:-1] for piece in text.pieces]
        marks = [mark(name) for name in text.files] + [""]
        return '"' + "".join(piece + held for piece, held in zip(inside, marks, strict=True)) + '"'

    return value(Dialect(json_quote, composed, json_quote, trailing=""), data)


def unused(text: str, name: str) -> str:
    """A word for a file's place that stands nowhere in the text yet."""
    while (word := f"@{name}@") in text:
        name += "_"
    return word


def size_of(data: Any) -> int:
    """About how long the value is as JSON."""
    return len(json.dumps(data, default=str))
