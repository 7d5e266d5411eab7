"""The schema of an answer, as the format demands it."""

from collections.abc import Mapping
from typing import Any

DEEPEST = 100
NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
LISTED = ("anyOf", "allOf", "oneOf", "prefixItems")
SINGLE = ("items", "not", "if", "then", "else", "contains")


def closed(schema: Any, depth: int = DEEPEST) -> Any:
    """Objects are refused unless they say that they have no other properties: those that say nothing say so."""
    if not isinstance(schema, Mapping) or not depth:
        return schema
    found = dict(schema)
    for name in NAMED:
        if isinstance(found.get(name), Mapping):
            found[name] = {key: closed(value, depth - 1) for key, value in found[name].items()}
    for name in LISTED:
        if isinstance(found.get(name), list | tuple):
            found[name] = [closed(value, depth - 1) for value in found[name]]
    for name in SINGLE:
        if name in found:
            found[name] = closed(found[name], depth - 1)
    if found.get("type") == "object" or isinstance(found.get("properties"), Mapping):
        found.setdefault("additionalProperties", False)
    return found
