"""The answers of the sandbox's models, by name: each is a function of the request."""

import re
from collections.abc import Callable, Iterator

from apps.wire.messages import Citation, GenerationRequest, Image, Reasoning, Text, ToolCall, ToolResult

from .library import long_text, picture, text
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
    return SCENARIOS.get(model)


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


def _tools(request: GenerationRequest) -> Script:
    """Calls two tools at once; with their results at hand it answers."""
    results = [part for part in request.messages[-1].parts if isinstance(part, ToolResult)] if request.messages else []
    if results:
        found = "\n".join(f"- {result.content}" for result in results)
        return Script(parts=(Text(f"This is what the tools found:\n\n{found}"),))
    calls = (
        ToolCall(id="call_oslo", name="get_weather", arguments='{"city": "Oslo", "unit": "celsius"}'),
        ToolCall(id="call_bergen", name="get_weather", arguments='{"city": "Bergen", "unit": "celsius"}'),
    )
    return Script(parts=(Text("I will look up the weather in both cities."), *calls), reason="tool_calls")


def _images(request: GenerationRequest) -> Script:
    return Script(
        parts=(
            Text("Here is a sunset over the sea, painted in 160 × 100 pixels:\n\n"),
            Image(media_type="image/png", data=picture()),
            Text("Say the word and I move the sun."),
        )
    )


def _sources(request: GenerationRequest) -> Script:
    said = "Water boils at 100 °C at sea level, and at about 70 °C on Mount Everest."
    first = Citation(url="https://example.org/boiling", title="Boiling point of water", start=0, end=37)
    second = Citation(url="https://example.org/everest", title="Cooking on Everest", start=39, end=len(said))
    return Script(parts=(Text(said), first, second))


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
    "sandbox-tools": _tools,
    "sandbox-images": _images,
    "sandbox-sources": _sources,
    "sandbox-echo": _echo,
    "sandbox-slow": _slow,
}
