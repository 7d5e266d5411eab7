"""The Code tab: one request of the run in one language."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from apps.conversations.render import code as block
from apps.runs import code
from apps.runs.code.sample import VARIABLE
from apps.wire.formats import FORMATS

from .inspected import Inspected
from .requests import Seen, chosen, requests_of
from .wire import SHOWN, number_in, why_missing


def code_tab(inspected: Inspected, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything that `runs/_code.html` needs."""
    requests = requests_of(inspected.calls)
    seen = chosen(requests, number_in(query, "request") or inspected.shown_first)
    context = {**inspected.context(), "requests": requests, "seen": seen}
    if seen is None:
        return context | {"missing": "" if inspected.is_running else why_missing(inspected)}
    sample = _sample(seen)
    language, client = _wanted(query, sample)
    text = written(seen, query)
    return context | {
        "languages": code.languages(sample),
        "has_sdk": len(language.writers) > 1 and seen.format in FORMATS,
        "language": language,
        "client": client,
        "variable": VARIABLE,
        "address": urlencode({"request": seen.number, "lang": language.name, "client": client}),
        "files": sample.files,
        "block": _block(language, text) if len(text) <= SHOWN else "",
    }


def _block(language: code.Language, text: str) -> SafeString:
    name = "bash" if language.name == "curl" else language.name
    return mark_safe(block.closed(name, text))  # noqa: S308 (it escapes each character)


def written(seen: Seen, query: Mapping[str, str]) -> str:
    """The request as code."""
    sample = _sample(seen)
    language, client = _wanted(query, sample)
    return language.writers[client](sample)


def _sample(seen: Seen) -> code.Sample:
    return code.sample(seen.kept, seen.format, seen.files)


def file_name(seen: Seen, query: Mapping[str, str]) -> str:
    language = code.find(query.get("lang", ""), code.languages(_sample(seen)))
    return f"Ask.{language.suffix}" if language.name == "java" else f"ask.{language.suffix}"


def _wanted(query: Mapping[str, str], sample: code.Sample) -> tuple[code.Language, str]:
    language = code.find(query.get("lang", ""), code.languages(sample))
    client = query.get("client", "")
    return language, client if client in language.writers else code.HTTP
