"""Schemas to which vendors hold a model: OpenAI refuses the request otherwise, Anthropic for the first of the rules."""

from typing import Any

from django.utils.translation import gettext as _

# What holds schemas: by name, in a list, or alone.
NAMED, LISTED, ALONE = ("properties", "$defs", "definitions"), ("anyOf", "prefixItems"), ("items",)
UNKNOWN = ("allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties")


def problem(schema: Any, path: str = "$") -> str:
    """Why the schema cannot be strict, as a sentence; '' if it can."""
    if not isinstance(schema, dict):
        return ""
    return _own_problem(schema, path) or next(
        filter(None, (problem(inner, at) for at, inner in _inside(schema, path))), ""
    )


def _own_problem(schema: dict[str, Any], path: str) -> str:
    for name in UNKNOWN:
        if name in schema:
            return _("Strict has no {name}. It is at {path}.").format(name=name, path=path)
    kinds = schema.get("type")
    if "object" not in (kinds if isinstance(kinds, list) else [kinds]) and "properties" not in schema:
        return ""
    if schema.get("additionalProperties") is not False:
        return _('Strict wants "additionalProperties": false of every object. It is missing at {path}.').format(
            path=path
        )
    missing = [name for name in schema.get("properties", {}) if name not in schema.get("required", [])]
    if missing:
        told = _("Strict wants every property to be required. At {path} these are not: {names}.")
        return told.format(path=path, names=", ".join(missing[:5])[:200])
    return ""


def _inside(schema: dict[str, Any], path: str) -> list[tuple[str, Any]]:
    found = [(f"{path}.{name}", schema[name]) for name in ALONE if name in schema]
    for name in NAMED:
        found += [(f"{path}.{name}.{key}", inner) for key, inner in schema.get(name, {}).items()]
    for name in LISTED:
        found += [(f"{path}.{name}[{at}]", inner) for at, inner in enumerate(schema.get(name, []))]
    return found
