"""The Code tab: one request of the run in one language."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from apps.conversations.render import code as block
from apps.runs import code
from apps.runs.code.sample import VARIABLE
from apps.runs.models import Run

from .requests import Seen, calls_of, chosen, parts_of_answer, requests_of
from .wire import SHOWN, number_in, why_missing


def code_tab(run: Run, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything that `runs/_code.html` needs."""
    requests = requests_of(calls_of(run))
    seen = chosen(requests, number_in(query, "request"))
    running = run.status == Run.Status.RUNNING
    context: dict[str, Any] = {
        "run": run,
        "requests": requests,
        "seen": seen,
        "running": running,
        "languages": code.LANGUAGES,
    }
    context["answer_runs"] = parts_of_answer(run)
    if seen is None:
        return context | {"missing": "" if running else why_missing(run)}
    language, client = _wanted(query)
    text = written(seen, query)
    return context | {
        "language": language,
        "client": client,
        "variable": VARIABLE,
        "address": urlencode({"request": seen.number, "lang": language.name, "client": client}),
        "files": code.sample(seen.kept, seen.format, seen.files).files,
        "block": _block(language, text) if len(text) <= SHOWN else "",
    }


def _block(language: code.Language, text: str) -> SafeString:
    name = "bash" if language.name == "curl" else language.name
    return mark_safe(block.closed(name, text))  # noqa: S308 (it escapes each character)


def written(seen: Seen, query: Mapping[str, str]) -> str:
    """The request as code."""
    language, client = _wanted(query)
    return language.writers[client](code.sample(seen.kept, seen.format, seen.files))


def file_name(query: Mapping[str, str]) -> str:
    language, _client = _wanted(query)
    return f"Ask.{language.suffix}" if language.name == "java" else f"ask.{language.suffix}"


def _wanted(query: Mapping[str, str]) -> tuple[code.Language, str]:
    language = code.find(query.get("lang", ""))
    client = query.get("client", "")
    return language, client if client in language.writers else code.HTTP
