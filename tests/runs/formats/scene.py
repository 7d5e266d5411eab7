"""One conversation in six turns that every format can have, and what is said in it."""

import json
from collections.abc import Iterator

from apps.runs.models import Tool
from apps.sandbox.library import SOURCES, text
from tests.media import files

from .talking import Answer, Talk
from .test_journeys import SCHEMA

PICTURE = files.picture("PNG")
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string"}}}
# What a turn does not speak of is switched off.
PLAIN = {"tool_rounds": "8", "schema": "", "web_search": "0"}
PROMPTS = ["Grüße, **中文**", "What is this?", "How is the weather?", "A city, please", "Where does it boil?", "Think"]
CALLS = [("ToolCall", "get_weather", {"city": city, "unit": "celsius"}) for city in ("Oslo", "Bergen")]
ANSWERS = [
    [("Text", PROMPTS[0])],
    [("Text", f"This is what arrived:\n\n- image/png, {len(PICTURE)} bytes, 40 × 20 pixels")],
    [
        ("Text", "I will look up the weather in both cities."),
        *CALLS,
        ("ToolResult", "Rain"),
        ("ToolResult", "Storm"),
        ("Text", "This is what the tools found:\n\n- Rain\n- Storm"),
    ],
    [("Text", json.dumps({"city": "sandbox", "people": 10}, indent=2))],
    [("Text", "Water boils at 100 °C at sea level, and at about 70 °C on Mount Everest.")],
    [("Reasoning", text("reasoning_thoughts")), ("Text", text("reasoning_answer"))],
]
CITED = {4: list(SOURCES.items())}


def turns(talk: Talk) -> Iterator[Answer]:
    """The answers, turn by turn: between two of them the format may be switched."""
    tool, _new = Tool.objects.get_or_create(owner=talk.person, name="get_weather", schema=json.dumps(WEATHER))
    yield talk.ask("sandbox-echo@0", PROMPTS[0], **PLAIN)
    yield talk.ask("sandbox-attachments@0", PROMPTS[1], assets=[talk.attach(PICTURE, "a.png")], **PLAIN)
    waiting = talk.ask("sandbox-tools@0", PROMPTS[2], **PLAIN | {"tool": [str(tool.pk)]})
    yield talk.answer_calls(waiting.run, result_1="Rain", result_2="Storm")
    yield talk.ask("sandbox-echo@0", PROMPTS[3], **PLAIN | {"schema": SCHEMA, "schema_strict": "1"})
    yield talk.ask("sandbox-search@0", PROMPTS[4], **PLAIN | {"web_search": "1"})
    yield talk.ask("sandbox-signed@0", PROMPTS[5], **PLAIN)
