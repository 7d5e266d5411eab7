"""JSON schemas that people write: read, checked, and applied without letting one of them stop the house.

A pattern can take a regular expression years, and a chain of references can double at each link. Where a schema has
such things, or the document is large, another process does the work and is ended when its time is over.
"""

import asyncio
import json
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.wire.exceptions import Undecodable
from apps.wire.tolerant import loads

from . import broken, judge, strictness
from .judge import Broken, Violation

LONGEST = 100_000
DEEPEST = 60
LARGE = 20_000_000
SECONDS = 5.0
_RISKY = re.compile(r'"(pattern|patternProperties|unevaluated\w+|uniqueItems|propertyNames|\$ref|\$\w+Ref|format)"')


class SchemaRefused(Exception):
    """The text is no JSON schema that can be used; says why."""


def read(text: str, *, of_arguments: bool = False, strict: bool = False) -> dict[str, Any]:
    """The schema, checked against its own rules; of a tool's arguments it must be an object's. Raises SchemaRefused.

    `strict` asks whether vendors would take it as one to which they hold a model: see `strictness`.
    """
    if len(text) > LONGEST:
        raise SchemaRefused(_("The schema is longer than {count} characters.").format(count=f"{LONGEST:,}"))
    try:
        schema = loads(text.encode("utf-8", "replace"))
    except Undecodable:
        raise SchemaRefused(_("This is not JSON{place}.").format(place=_place(text))) from None
    if not isinstance(schema, dict):
        raise SchemaRefused(_("A schema is a JSON object, such as {example}.").format(example='{"type": "object"}'))
    if of_arguments and schema.get("type") != "object":
        raise SchemaRefused(_('The schema must be of an object: "type": "object".'))
    _refuse_references(schema, 0)
    if found := _checked(text):
        path, sentence = broken.told(found)
        raise SchemaRefused(_("This is no JSON schema. At {path}: {sentence}.").format(path=path, sentence=sentence))
    if strict and (loose := strictness.problem(schema)):
        raise SchemaRefused(loose)
    return schema


def _place(text: str) -> str:
    try:
        json.loads(text)
    except RecursionError:
        return ""
    except json.JSONDecodeError as error:
        return _(", from line {line}, column {column} on").format(line=error.lineno, column=error.colno)
    except ValueError:
        return ""
    return ""


def _refuse_references(value: Any, depth: int) -> None:
    """What `$ref` names is never fetched; upstreams do not fetch it either."""
    if depth > DEEPEST:
        raise SchemaRefused(_("The schema is nested too deeply."))
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            told = _("The schema refers to {reference}: put that into the schema itself, under $defs.")
            raise SchemaRefused(told.format(reference=reference[:200]))
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _refuse_references(item, depth + 1)


@lru_cache(maxsize=256)
def _checked(text: str) -> Broken | None:
    found = _elsewhere({"schema": loads(text.encode("utf-8", "replace"))})
    return found[0] if found else None


async def violations(schema: str, document: Any, seconds: float = SECONDS) -> list[Violation]:
    """How the document breaks the schema (a text that `read` has taken): a path and a sentence each."""
    found = await asyncio.to_thread(_violations, schema, document, seconds)
    return [broken.told(each) for each in found]


def _violations(text: str, document: Any, seconds: float) -> list[Broken]:
    schema = loads(text.encode("utf-8", "replace"))
    size = len(msgspec.json.encode(document)) * len(text)
    if _RISKY.search(text) or size > LARGE:
        return _elsewhere({"schema": schema, "document": document}, seconds)
    return judge.validate(schema, document)


def _elsewhere(question: dict[str, Any], seconds: float = SECONDS) -> list[Broken]:
    """The judge as a program of its own, with an end to its patience."""
    command = [sys.executable, "-I", str(Path(judge.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 (our own program; what strangers wrote goes by its input)
            command, input=json.dumps(question).encode(), capture_output=True, timeout=seconds, check=True
        )
        return [(path, sentence, rule, facts) for path, sentence, rule, facts in json.loads(done.stdout)]
    except subprocess.TimeoutExpired:
        return [("$", "", "slow", {"seconds": f"{seconds:g}"})]
    except (subprocess.CalledProcessError, OSError, ValueError) as error:
        return [("$", "", "unchecked", {"why": type(error).__name__})]
