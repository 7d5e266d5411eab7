"""The answers of the sandbox's models, by name: each is a function of the request."""

import json
import re
from collections.abc import Callable, Iterator

from apps.wire.messages import Audio, Citation, GenerationRequest, Image, Part, Reasoning, Text

from . import arrivals, calls
from .drawing import DRAWING
from .instances import instance
from .library import SOURCES, drafts, long_text, picture, text, tone
from .script import Script

Scenario = Callable[[GenerationRequest], Script]

SLOW_WORDS_PER_SECOND = 5.0
MOST_COUNTED = 1_000_000
_COUNT = re.compile(r"sandbox-count-(\d{1,7})-(\d{1,6})")
_TITLE = re.compile(
    r"\btitle\b.{0,60}\bwords\b|\btitle for (this|the) (chat|conversation)|标题", re.IGNORECASE | re.DOTALL
)
TITLES = {
    "sandbox-markdown": "A tour of Markdown",
    "sandbox-code": "Counting words in five languages",
    "sandbox-table": "The larger moons",
    "sandbox-math": "Quadratics and a rotation",
    "sandbox-long": "The Keeper's Book",
    "sandbox-reasoning": "The bat and the ball",
    "sandbox-tools": "Weather in two cities",
    "sandbox-images": "A sunset over the sea",
    "sandbox-chinese": "什么是流式输出",
}


def find(model: str) -> Scenario | None:
    """The scenario of that name; `sandbox-count-<n>-<rate>` counts to n at that many numbers a second."""
    if counted := _COUNT.fullmatch(model):
        last, rate = min(int(counted[1]), MOST_COUNTED), float(counted[2])
        return lambda request: Script(parts=(Text("".join(numbers(last))),), rate=rate)
    return SCENARIOS.get(model) or DRAWING.get(model)


def play(model: str, request: GenerationRequest) -> Script | None:
    """What the model of that name answers; in the end always by the schema, if the request has one."""
    scenario = find(model)
    script = scenario(request) if scenario else None
    asked = script and request.response_schema and script.reason != "tool_calls"
    return structured(request) if asked else script


def numbers(last: int) -> Iterator[str]:
    return (f"{number} " for number in range(1, last + 1))


def wants_title(request: GenerationRequest) -> bool:
    """Whether the client asks for a conversation's title rather than for an answer."""
    return bool(_TITLE.search(f"{request.system[:300]}\n{prompt(request)[:200]}"))


def title(request: GenerationRequest) -> Script:
    name = request.model.partition("@")[0]
    return Script(parts=(Text(TITLES.get(name, f"A talk with {name}")),), rate=0)


def prompt(request: GenerationRequest) -> str:
    """The last thing that the user wrote."""
    for message in reversed(request.messages):
        if message.role == "user":
            return "".join(part.text for part in message.parts if isinstance(part, Text))
    return ""


def _reads(name: str) -> Scenario:
    return lambda request: Script(parts=(Text(text(name)),))


def _long(request: GenerationRequest) -> Script:
    return Script(parts=(Text(long_text()),))


def _reasoning(request: GenerationRequest) -> Script:
    return Script(parts=(Reasoning(text("reasoning_thoughts")), Text(text("reasoning_answer"))))


def _signed(request: GenerationRequest) -> Script:
    return Script(parts=(Reasoning(text("reasoning_thoughts")), Text(text("reasoning_answer"))), signed=True)


def _images(request: GenerationRequest) -> Script:
    return Script(
        parts=(
            Text("Here is a sunset over the sea, painted in 160 × 100 pixels:\n\n"),
            Image(media_type="image/png", data=picture()),
            Text("Say the word and I move the sun."),
        ),
        drafts=drafts(),
    )


def _sources(request: GenerationRequest) -> Script:
    return Script(parts=_cited())


def _search(request: GenerationRequest) -> Script:
    return Script(parts=(calls.searched(request), *_cited()))


def _cited() -> tuple[Part, ...]:
    said = "Water boils at 100 °C at sea level, and at about 70 °C on Mount Everest."
    end = said.index(",")
    places = (0, end), (end + 2, len(said))
    found = zip(SOURCES.items(), places, strict=True)
    return (Text(said), *(Citation(url=url, title=title, start=at, end=to) for (url, title), (at, to) in found))


def _attachments(request: GenerationRequest) -> Script:
    lines = arrivals.told(request)
    return Script(parts=(Text("This is what arrived:\n\n" + "\n".join(lines) if lines else "Nothing came along."),))


def _audio(request: GenerationRequest) -> Script:
    return Script(parts=(Audio("audio/wav", tone(), "This is how an A sounds."),))


def _substitute(request: GenerationRequest) -> Script:
    return Script(parts=(Text("Another model than the one you asked answers here."),), model="sandbox-echo")


def _cached(request: GenerationRequest) -> Script:
    return Script(parts=(Text("Most of what you sent was read from a cache."),), cached=1024)


def structured(request: GenerationRequest) -> Script:
    """A value that follows the schema that was asked for."""
    schema = request.response_schema.schema if request.response_schema else {}
    return Script(parts=(Text(json.dumps(instance(schema), ensure_ascii=False, indent=2)),))


def _echo(request: GenerationRequest) -> Script:
    return Script(parts=(Text(prompt(request)),))


def _slow(request: GenerationRequest) -> Script:
    words = " ".join(text("long").split()[:60])
    return Script(parts=(Text(words),), rate=SLOW_WORDS_PER_SECOND)


SCENARIOS: dict[str, Scenario] = {
    "sandbox-markdown": _reads("markdown"),
    "sandbox-code": _reads("code"),
    "sandbox-table": _reads("table"),
    "sandbox-math": _reads("math"),
    "sandbox-chinese": _reads("chinese"),
    "sandbox-long": _long,
    "sandbox-reasoning": _reasoning,
    "sandbox-signed": _signed,
    "sandbox-tools": calls.tools,
    "sandbox-tool": calls.rounds(1),
    "sandbox-tool-loop": calls.rounds(2),
    "sandbox-signed-tools": calls.rounds(2, thinking=True),
    "sandbox-schema": structured,
    "sandbox-attachments": _attachments,
    "sandbox-search": _search,
    "sandbox-sources": _sources,
    "sandbox-images": _images,
    "sandbox-audio": _audio,
    "sandbox-cached": _cached,
    "sandbox-substitute": _substitute,
    "sandbox-echo": _echo,
    "sandbox-slow": _slow,
    "sandbox-no-stream": _echo,
    "sandbox-other-account": _signed,
    "sandbox-responses-only": _echo,
}
