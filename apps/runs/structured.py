"""Answers that are to be JSON of a given shape: which text is the document, and how it breaks its schema."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.wire.exceptions import Undecodable
from apps.wire.messages import Part, Text, ToolCall, ToolResult
from apps.wire.tolerant import loads

from .tools import schemas
from .tools.judge import Violation

FENCES = ("```json", "```")
# A document is shown as code: longer than any fence that may stand in it.
FENCE = "~~~~~~~~~~~~json\n"


def place_of(parts: Sequence[Part]) -> int | None:
    """Which part is the document: the last text, if no tool was called behind it."""
    for place in range(len(parts) - 1, -1, -1):
        if isinstance(parts[place], ToolCall | ToolResult):
            return None
        if isinstance(parts[place], Text):
            return place
    return None


def read(text: str) -> Any:
    """The document, also where a model put it between fences. Raises Undecodable."""
    text = text.strip()
    fence = next((fence for fence in FENCES if text.startswith(fence)), "")
    if fence and text.endswith("```"):
        text = text.removeprefix(fence).removesuffix("```")
    return loads(text.encode("utf-8", "replace"))


async def violations(schema: str, parts: Sequence[Part]) -> list[Violation] | None:
    """How the answer breaks the schema; None if it is no answer yet, as where a person has to answer a tool's call."""
    place = place_of(parts)
    if place is None:
        return None
    try:
        document = read(getattr(parts[place], "text", ""))
    except Undecodable:
        return [("$", _("The answer is not JSON."))]
    return await schemas.violations(schema, document)
