"""Arguments of a scripted tool call: they follow the tool's schema, and make sense by the names in it."""

import re
from typing import Any

from apps.wire.messages import Tool

from .instances import WORD, instance

# What a parameter is called, or else its tool; each call of an answer takes the next value.
SENSE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"(^|_)({names})(_|$)"), values)
    for names, values in (
        ("timezone|time_zone|tz|zone|current_time", ("Europe/Oslo", "Asia/Shanghai")),
        ("expression|formula|calculation|calculator|calculate", ("6 * 7", "2 ^ 10")),
        ("url|uri|link|fetch|fetch_page|browse", ("https://example.com/",)),
        ("city|place|location|town|weather", ("Oslo", "Bergen")),
        ("country", ("Norway",)),
        ("date|day", ("2026-01-01",)),
        ("query|question|search|q", ("weather in Oslo",)),
        ("language|lang|locale", ("en",)),
        ("currency", ("NOK",)),
        ("email", ("ana@example.org",)),
    )
)


def arguments(tool: Tool, number: int) -> dict[str, Any]:
    """Those of the call of that number, counted from 1."""
    made = instance(tool.schema) if tool.schema else {}
    if not isinstance(made, dict):
        return {}
    free = [name for name, value in made.items() if isinstance(value, str) and WORD.startswith(value)]
    for name in free:
        known = _sense(name) or (_sense(tool.name) if len(free) == 1 else ())
        sensible = known[(number - 1) % len(known)] if known else ""
        if known and _fits(sensible, tool.schema.get("properties", {}).get(name)):
            made[name] = sensible
    return made


def _sense(name: str) -> tuple[str, ...]:
    lower = re.sub(r"(?<=[a-z])(?=[A-Z])|[-.\s]", "_", name).lower()
    return next((values for names, values in SENSE if names.search(lower)), ())


def _fits(text: str, schema: Any) -> bool:
    """Whether its length is right; a word that is the only one, or must look otherwise, stays as it was made."""
    if not isinstance(schema, dict) or not {"const", "enum", "pattern", "format"}.isdisjoint(schema):
        return False
    least, most = schema.get("minLength"), schema.get("maxLength")
    return (not isinstance(least, int) or len(text) >= least) and (not isinstance(most, int) or len(text) <= most)
