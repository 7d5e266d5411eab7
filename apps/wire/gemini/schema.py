"""JSON schemas: Gemini has two places for them, `parameters` for a part of OpenAPI, and one for JSON Schema in full.

Every model and gateway knows the first; the second keeps what the first refuses ($ref, additionalProperties, const).
"""

from collections.abc import Mapping
from typing import Any

DEEPEST = 32
TYPES = ("string", "number", "integer", "boolean", "array", "object")
FORMATS = {
    "string": ("enum", "date-time"),
    "number": ("float", "double"),
    "integer": ("int32", "int64"),
}
PLAIN = frozenset(
    {
        *("type", "format", "title", "description", "nullable", "enum", "items", "maxItems", "minItems"),
        *("properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern"),
        *("anyOf", "propertyOrdering", "default", "minimum", "maximum"),
    }
)


def is_plain(schema: Any, depth: int = 0) -> bool:
    """Whether the part of OpenAPI that all models know says all of this schema. An object must name its properties."""
    if not isinstance(schema, Mapping) or not schema or depth > DEEPEST or not PLAIN.issuperset(schema):
        return False
    kind = schema.get("type")
    kind = kind.lower() if isinstance(kind, str) else kind
    if kind not in TYPES and not (kind is None and schema.get("anyOf")):
        return False
    if "format" in schema and schema["format"] not in FORMATS.get(str(kind), ()):
        return False
    if "enum" in schema and not _are_texts(schema["enum"]):
        return False
    properties = schema.get("properties", {})
    if not isinstance(properties, Mapping) or (kind == "object" and not properties):
        return False
    inner = [*properties.values(), *_listed(schema, "anyOf"), *([schema["items"]] if "items" in schema else ())]
    return (kind != "array" or "items" in schema) and all(is_plain(each, depth + 1) for each in inner)


def _are_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) and each for each in found)


def _listed(schema: Mapping[str, Any], name: str) -> list[Any]:
    found = schema.get(name, [])
    return found if isinstance(found, list) else [None]
