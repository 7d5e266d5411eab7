"""JSON as upstreams write it: fast for what is right, forgiving for half surrogates, raw control characters and NaN."""

import json
from typing import Any

import msgspec

from .exceptions import Undecodable

_decode = msgspec.json.Decoder().decode
DEEPEST = 200


def loads(data: bytes) -> Any:
    """The JSON value; raises Undecodable. Its texts are always valid Unicode: a lone surrogate becomes U+FFFD."""
    try:
        return _decode(data)
    except (ValueError, RecursionError):
        return _slowly(data)


def dumps(value: Any) -> bytes:
    """Compact JSON; texts that are no valid Unicode are mended rather than refused."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, RecursionError):
        return json.dumps(_mended(value), ensure_ascii=False, separators=(",", ":")).encode()


def shown(value: Any) -> str:
    """The value as JSON text for people to read."""
    return dumps(value).decode("utf-8", "replace")


def _slowly(data: bytes) -> Any:
    text = data.decode("utf-8", "replace")
    try:
        return _mended(json.loads(text, strict=False))
    except (ValueError, RecursionError) as error:
        raise Undecodable("This is not JSON.") from error


def _mended(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return _text(value)
    if depth > DEEPEST:
        raise Undecodable("This JSON is nested too deeply.")
    if isinstance(value, dict):
        return {_text(key): _mended(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_mended(item, depth + 1) for item in value]
    if isinstance(value, float) and (value != value or value in (INFINITY, -INFINITY)):
        return None
    return value


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


INFINITY = float("inf")
