"""What a database can hold: PostgreSQL refuses NUL, and half a surrogate pair is no UTF-8.

Every text that came from outside passes through here before it is written, so that hostile text costs one character
and not the answer.
"""

from collections.abc import Mapping
from typing import Any

DEEPEST = 100


def text(value: str) -> str:
    """The same text without NUL; a lone surrogate becomes U+FFFD, a pair of them the character it stands for."""
    value = value.replace("\0", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def data(value: Any, depth: int = 0) -> Any:
    """The same JSON value with every text cleaned. SQLite refuses deep nesting: what lies below level 100 is None."""
    if isinstance(value, str):
        return text(value)
    if depth >= DEEPEST and isinstance(value, Mapping | list | tuple):
        return None
    if isinstance(value, Mapping):
        return {text(str(key)): data(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [data(item, depth + 1) for item in value]
    return value if value == value and value not in (INFINITY, -INFINITY) else None


INFINITY = float("inf")
