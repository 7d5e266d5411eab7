"""What is asked: each question is one request, and one run; several checks may be judged by it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.wire.formats import Format

from ..models import Tool
from ..tools.definitions import Definition
from .material import document, picture

# Room for models that think before they say anything.
LIMIT = 2048
WORDS = "alpha bravo charlie delta echo foxtrot golf"
STOP_AT = "delta"
FORECAST = "get_weather"
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The name of the city"}},
    "required": ["city"],
    "additionalProperties": False,
}
ANSWER_SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "inhabitants": {"type": "integer"},
        "is_capital": {"type": "boolean"},
    },
    "required": ["name", "inhabitants", "is_capital"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Question:
    """`needs` is the one of `Format.takes` without which it cannot be asked. `reads` are tokens that come in beside the
    words, `fee` is US dollars beside the tokens: both as much as is usual at most. `stops` says that Stop is pressed
    at its first word where the format has no stop sequence."""

    text: str
    needs: str = ""
    limit: int = LIMIT
    reads: int = 0
    fee: Decimal = Decimal(0)
    tools: tuple[Definition, ...] = ()
    schema: dict[str, Any] | None = None
    web_search: bool = False
    attachment: Attachment | None = None
    stops: bool = False
    more: dict[str, dict[str, Any]] = field(default_factory=dict)

    def parameters(self, wire: Format) -> dict[str, Any]:
        """In the format's own words."""
        given: dict[str, Any] = {limit: self.limit} if (limit := own_name(wire, "max_completion_tokens")) else {}
        if self.stops and (stop := own_name(wire, "stop")):
            given[stop] = [STOP_AT]
        return given | self.more.get(wire.name, {})


def own_name(wire: Format, meaning: str) -> str:
    """What the format calls a parameter of Chat Completions; '' if it has none of that meaning."""
    return next((known.name for known in wire.PARAMETERS if (known.means or known.name) == meaning), "")


def _tool() -> Definition:
    return Definition(FORECAST, "The weather in a city, now.", json.dumps(CITY_SCHEMA), Tool.Kind.HAND)


THINK: dict[str, dict[str, Any]] = {
    "openai_chat": {"reasoning_effort": "low"},
    "openai_responses": {"reasoning.effort": "low", "reasoning.summary": "auto"},
    "anthropic_messages": {"thinking": "enabled", "thinking_budget": 1024},
    "gemini": {"includeThoughts": True},
}
QUESTIONS: dict[str, Question] = {
    "chat": Question("Count from one to twelve in words, one number a line."),
    "stop": Question(f"Repeat this line and write nothing else: {WORDS}", stops=True),
    "tools": Question("What is the weather in Oslo? Use the tool.", needs="tools", tools=(_tool(),), reads=500),
    "schema": Question("Describe the city of Oslo.", needs="schema", schema=ANSWER_SCHEMA, reads=500),
    "vision": Question(
        "Which number is in this picture? Answer with the number alone.",
        needs="image",
        attachment=Attachment("picture.png", picture),
        reads=2_000,
    ),
    "pdf": Question(
        "What is the secret word in this document? Answer with the word alone.",
        needs="pdf",
        attachment=Attachment("document.pdf", document),
        reads=4_000,
    ),
    "reasoning": Question(
        "A bat and a ball cost 1.10 together; the bat costs 1.00 more than the ball. What does the ball cost?",
        limit=4096,
        more=THINK,
    ),
    "web_search": Question(
        "Search the web: what is the newest release of Django? Name your source.",
        needs="web_search",
        web_search=True,
        reads=30_000,
        fee=Decimal("0.035"),
    ),
}
