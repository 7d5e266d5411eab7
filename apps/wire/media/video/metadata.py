"""new-api's `metadata`: the vendor's own options within a request, as an object or as its JSON in a text."""

from collections.abc import Mapping
from typing import Any

from ...exceptions import InvalidRequest, Undecodable
from ...tolerant import loads
from .parameters import WITHIN

NAME = "metadata"


def put(parameters: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The body's part that holds those parameters which stand within, and what `extra` has to say there."""
    within = {name: value for name, value in parameters.items() if name in WITHIN}
    more = extra.get(NAME)
    found = {**within, **more} if isinstance(more, Mapping) else within
    beside = {name: value for name, value in parameters.items() if name not in WITHIN}
    return beside | ({NAME: found} if found else {})


def besides(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What of `extra` is merged last: `metadata` was, where it is an object."""
    return {name: value for name, value in extra.items() if name != NAME or not isinstance(value, Mapping)}


def take(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters within, and the rest as `extra` has it. Raises InvalidRequest."""
    told = body.get(NAME)
    if isinstance(told, str) and told.strip():
        try:
            told = loads(told.encode("utf-8", "replace"))
        except Undecodable:
            raise InvalidRequest("metadata must be a JSON object.", NAME) from None
    if not isinstance(told, dict | None | str):
        raise InvalidRequest("metadata must be a JSON object.", NAME)
    found = told if isinstance(told, dict) else {}
    rest = {name: value for name, value in found.items() if name not in WITHIN or value is None}
    known = {name: value for name, value in found.items() if name not in rest}
    return known, {NAME: rest} if rest else {}
