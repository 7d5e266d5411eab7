"""Where an answer ends early: at a stop sequence, or at the limit of its length, whatever the format calls them."""

import itertools
from typing import Any

from msgspec.structs import replace

from apps.wire.formats import get
from apps.wire.messages import GenerationRequest, Part, Text

from .script import Script, tokens


def cut(script: Script, request: GenerationRequest, format: str) -> Script:
    """The script up to there. An answer that calls tools is left whole."""
    asked = _asked(request, format)
    stops, most = asked.get("stop") or [], asked.get("max_completion_tokens")
    stops = [stop for stop in ([stops] if isinstance(stops, str) else stops) if isinstance(stop, str) and stop]
    left = most if isinstance(most, int) and most > 0 else None
    if script.reason != "stop" or not (stops or left):
        return script
    parts: list[Part] = []
    for part in script.parts:
        if not isinstance(part, Text):
            parts.append(part)
            continue
        said = _until(part.text, stops)
        short = "".join(itertools.islice(tokens(said), left))
        parts.append(Text(short))
        if short != part.text:
            return replace(script, parts=tuple(parts), reason="stop" if short == said else "length")
        left = left and left - len(list(tokens(short)))
    return script


def _asked(request: GenerationRequest, format: str) -> dict[str, Any]:
    known = {parameter.name: parameter.means or parameter.name for parameter in get(format).PARAMETERS}
    return {known[name]: value for name, value in request.parameters.items() if name in known}


def _until(text: str, stops: list[str]) -> str:
    found = [text.index(stop) for stop in stops if stop in text]
    return text[: min(found)] if found else text
