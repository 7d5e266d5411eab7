"""Checks of JSON schemas, and of documents against them. Needs no Django: dangerous checks run it as a program.

Reads `{"schema": …, "document": …}` as JSON, or `{"schema": …}` to check the schema itself; writes the violations.
"""

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


def check(schema: Any) -> list[Violation]:
    """What is wrong with the schema itself: one violation, or none."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        return [_told(error)]
    except RecursionError:
        return [("$", "is nested too deeply")]
    return []


def validate(schema: Any, document: Any) -> list[Violation]:
    """How the document breaks the schema: a path and a sentence each, at most 50."""
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        # A registry of its own: the default one would fetch what `$ref` names from wherever it is.
        errors = kind(schema, registry=REGISTRY).iter_errors(document)
        return [_told(error) for _count, error in zip(range(MOST), errors, strict=False)]
    except Unresolvable as error:
        return [("$", f"the schema refers to {_short(str(error.ref))}, which is not in it")]
    except RecursionError:
        return [("$", "is nested too deeply to be checked")]
    except (re.error, ArithmeticError, ValueError) as error:
        return [("$", f"the schema cannot be applied: {_short(str(error))}")]


def _told(error: Any) -> Violation:
    return _short(error.json_path), _short(error.message)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def main() -> None:
    given = json.load(sys.stdin)
    found = validate(given["schema"], given["document"]) if "document" in given else check(given["schema"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
