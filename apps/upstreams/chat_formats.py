"""In which wire formats a model may be spoken to, and in which by default.

The administrator's word comes first, then what is known of the vendor's own API, then what the catalogue says, then the
model's name. What a probe proved and an administrator accepted corrects that.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from apps.wire.formats import FORMATS

if TYPE_CHECKING:
    from .models import Model

CHAT, RESPONSES, MESSAGES, GEMINI = "openai_chat", "openai_responses", "anthropic_messages", "gemini"

# new-api's supported_endpoint_types. It adds `openai` to nearly everything, so that says nothing by itself.
TYPES = {"openai": CHAT, "openai-response": RESPONSES, "anthropic": MESSAGES, "gemini": GEMINI}
HOSTS = {"api.openai.com": [CHAT, RESPONSES], "api.anthropic.com": [MESSAGES, CHAT]}
GOOGLE = "generativelanguage.googleapis.com"

# OpenAI's own names, without a vendor in front: who puts one there converts between formats.
_RESPONSES_ONLY = re.compile(
    r"(o1-pro|o3-pro|gpt-5(\.\d+)?-pro|codex|computer-use-preview)(-|$)|gpt-[\w.]+-codex(-|$)|o\d[\w-]*-deep-research"
)
_SEARCHES = {
    CHAT: re.compile(r"search|sonar|perplexity"),
    RESPONSES: re.compile(r"gpt-4o|gpt-4\.1(?!-nano)|gpt-[5-9]|\bo[34]\b|deep-research|grok-[4-9]"),
    MESSAGES: re.compile(r"claude"),
    GEMINI: re.compile(r"gemini"),
}


def formats_of(types: Iterable[str]) -> list[str]:
    """The formats that a catalogue's endpoint types name; nothing where they only say what they say of every model."""
    named = list(dict.fromkeys(TYPES[kind] for kind in types if kind in TYPES))
    return [] if named == [CHAT] else named


def offered(model: "Model") -> list[str]:
    """The formats that may be chosen for a model, in the order in which they are known; never none."""
    wanted = model.own_formats or _by_vendor(model) or model.stated_formats
    named = [name for name in FORMATS if name in wanted] or list(FORMATS)
    return [name for name in FORMATS if model.accepted.get(f"format:{name}", name in named)] or named


def default(model: "Model") -> str:
    """The format in which a new chat with the model begins."""
    formats = offered(model)
    if model.own_format in formats:
        return model.own_format
    name = model.name.lower()
    likely = [RESPONSES] if _RESPONSES_ONLY.match(name) else []
    if "claude" in name and MESSAGES in (*_by_vendor(model), *model.own_formats, *model.stated_formats):
        likely.append(MESSAGES)
    return next((format for format in (*likely, *_preferred()) if format in formats), formats[0])


def can_search(model: "Model", format: str) -> bool:
    """Whether the model is likely to search the web when this format asks it to. A sandbox's search is scripted."""
    proved = model.accepted.get(f"web_search:{format}")
    if proved is not None:
        return proved
    if "web_search" not in FORMATS[format].takes or model.upstream.kind == "local":
        return False
    return model.upstream.kind == "sandbox" or bool(_SEARCHES.get(format, _ANY).search(model.name.lower()))


_ANY = re.compile("")


def _preferred() -> Sequence[str]:
    return (CHAT, RESPONSES, MESSAGES, GEMINI)


def _by_vendor(model: "Model") -> list[str]:
    """What a vendor's own API speaks; nothing of a gateway, which may speak all."""
    upstream = model.upstream
    if upstream.kind == "local":
        return [CHAT]
    host, _slash, path = upstream.base_url.partition("://")[2].partition("/")
    if host == GOOGLE:
        return [CHAT] if path.endswith("openai") else [GEMINI]
    return HOSTS.get(host, [])
