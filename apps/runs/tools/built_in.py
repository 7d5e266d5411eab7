"""The tools that everybody has: the time, a calculator, a page of the web."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .calculator import FUNCTIONS, calculate
from .clock import current_time
from .page import fetch_page

Work = Callable[[Mapping[str, Any]], Awaitable[str]]


class BuiltIn(msgspec.Struct, frozen=True):
    """`description` is for models, `label` for people."""

    name: str
    label: Promise
    description: str
    schema: str
    work: Work


def _text_field(name: str, description: str, *, needed: bool) -> str:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: {"type": "string", "description": description}},
        "required": [name] if needed else [],
        "additionalProperties": False,
    }
    return json.dumps(schema)


def _tools() -> list[BuiltIn]:
    functions = ", ".join(sorted([*FUNCTIONS, "factorial"]))
    return [
        BuiltIn(
            "current_time",
            _("Current time, in any time zone"),
            "The current date, time and weekday.",
            _text_field("timezone", "An IANA time zone such as Europe/Oslo; UTC without one.", needed=False),
            current_time,
        ),
        BuiltIn(
            "calculator",
            _("Calculator"),
            "Works out an arithmetic expression exactly.",
            _text_field("expression", f"Numbers, + - * / // % ^, pi, e and {functions}.", needed=True),
            calculate,
        ),
        BuiltIn(
            "fetch_page",
            _("Fetch a page of the web"),
            "Reads a public web page and gives its text.",
            _text_field("url", "The address, beginning with https:// or http://.", needed=True),
            fetch_page,
        ),
    ]


BUILT_IN: dict[str, BuiltIn] = {tool.name: tool for tool in _tools()}
