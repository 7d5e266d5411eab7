"""Checks of JSON schemas, and of documents against them. Needs no Django: dangerous checks run it as a program.

Reads `{"schema": …, "document": …}` as JSON, or `{"schema": …}` to check the schema itself; writes the violations.
"""

import ast
import json
import re
import sys
from typing import Any

from jsonschema.exceptions import SchemaError
from jsonschema.validators import Draft202012Validator, validator_for
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable

MOST = 50
LONGEST = 300

Violation = tuple[str, str]
# A path, jsonschema's sentence, the rule that was broken, and what a sentence of our own says of it.
Broken = tuple[str, str, str, dict[str, str]]
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
SIZES = ("minLength", "maxLength", "minItems", "maxItems")
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def check(schema: Any) -> list[Broken]:
    """What is wrong with the schema itself: one violation, or none."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        return [_told(error)]
    except RecursionError:
        return [("$", "is nested too deeply", "", {})]
    return []


def validate(schema: Any, document: Any) -> list[Broken]:
    """How the document breaks the schema, at most 50 times."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        # A registry of its own: the default one would fetch what `$ref` names from wherever it is.
        errors = kind(schema, registry=REGISTRY).iter_errors(document)
        return [_told(error) for _count, error in zip(range(MOST), errors, strict=False)]
    except Unresolvable as error:
        return [_ours("unresolvable", reference=_short(str(error.ref)))]
    except RecursionError:
        return [_ours("nested", place="$")]
    except (re.error, ArithmeticError, ValueError) as error:
        return [_ours("inapplicable", reason=_short(str(error)))]


def _ours(rule: str, **facts: str) -> Broken:
    return "$", rule, rule, facts


def _told(error: Any) -> Broken:
    try:
        facts = _facts(str(error.validator), error.validator_value, error)
    except (TypeError, ValueError, AttributeError, SyntaxError, RecursionError):
        facts = {}
    return _short(error.json_path), _short(error.message), str(error.validator), facts


def _facts(rule: str, wanted: Any, error: Any) -> dict[str, str]:
    """What there is to say of the commonest rules; nothing of others."""
    if rule == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return {"wanted": _short(" | ".join(map(str, kinds))), "found": KINDS.get(type(error.instance), "null")}
    if rule == "required":
        return {"name": _short(ast.literal_eval(error.message.removesuffix(" is a required property")))}
    if rule == "additionalProperties" and not error.schema.get("patternProperties"):
        extra = [name for name in error.instance if name not in error.schema.get("properties", {})]
        return {"names": _short(", ".join(extra))}
    if rule in SIZES:
        return {"count": str(int(wanted))}
    if rule in ("enum", "const", *LIMITS):
        values = wanted if rule == "enum" else [wanted]
        return {"wanted": _short(", ".join(json.dumps(value, ensure_ascii=False) for value in values))}
    return {"wanted": _short(wanted)} if rule in ("pattern", "format") else {}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def main() -> None:
    given = json.load(sys.stdin)
    found = validate(given["schema"], given["document"]) if "document" in given else check(given["schema"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
