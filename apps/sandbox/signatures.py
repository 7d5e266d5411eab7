"""Signatures as vendors put them on thoughts and tool calls and check when they come back, each format in its place.

They are made of what they sign, so that a changed thought is noticed as well as a changed signature.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from apps.wire.messages import GenerationRequest, Part, Reasoning, Text, ToolCall

SECRET = b"what only the sandbox knows"
HIDDEN = "a thought that only its vendor can read"


def sign(said: str) -> str:
    """Base64 that is the same in both its alphabets: Google's SDK writes the other one back."""
    made = hmac.new(SECRET, said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    return base64.b64encode(made.encode()).decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a format keeps a signature: the name among a part's opaque data, what is written there of a thought, and
    whether what came back is as it was given. `after`: it stands at what follows the thought.
    """

    name: str
    make: Callable[[str], Any]
    is_right: Callable[[Any, str], bool]
    after: bool = False

    def holds(self, part: Part) -> bool:
        kinds = Text | ToolCall if self.after else Reasoning
        return isinstance(part, kinds) and self.name in (part.opaque or {})


PLACES = {
    "openai_chat": Place(
        "reasoning_details",
        lambda said: [{"type": "reasoning.text", "index": 0, "text": said, "signature": sign(said)}],
        lambda given, said: all(entry.get("signature") == sign(entry.get("text", "")) for entry in given),
    ),
    "openai_responses": Place(
        "item",
        lambda said: {"type": "reasoning", "encrypted_content": sign(HIDDEN)},
        lambda given, said: given.get("encrypted_content") in (None, sign(HIDDEN)),
    ),
    "anthropic_messages": Place("signature", sign, lambda given, said: given == sign(said)),
    "gemini": Place(
        "thoughtSignature", lambda said: sign(HIDDEN), lambda given, said: given == sign(HIDDEN), after=True
    ),
}


def signed(parts: tuple[Part, ...], format: str) -> tuple[Part, ...]:
    """The parts with the signatures that the format gives."""
    place = PLACES[format]
    found: list[Part] = []
    pending: str | None = None
    for part in parts:
        if isinstance(part, Reasoning):
            pending = part.text
        if pending is not None and (isinstance(part, Reasoning) is not place.after):
            part, pending = replace(part, opaque={place.name: place.make(pending)}), None
        found.append(part)
    return tuple(found)


def returned(request: GenerationRequest, format: str) -> Iterator[bool]:
    """Of each signature that was handed back, whether it is as it was given."""
    place = PLACES[format]
    for message in request.messages:
        if message.role == "assistant":
            for part in filter(place.holds, message.parts):
                yield place.is_right(part.opaque[place.name], getattr(part, "text", ""))
