"""Testing an upstream on the spot: what works, how long it took, and exactly what is wrong."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import client, connections
from .endpoint import Endpoint
from .failures import UpstreamError, redact
from .listing import Listed, NotModels, next_page, read_models

MAX_PAGES = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a test looked at: `state` is ok, warn or error; `took` milliseconds, None if not measured."""

    state: str
    text: str
    took: int | None = None


@dataclass(slots=True)
class CheckResult:
    """What a test found: `sentence` sums it up, `listed` are the catalogue's entries.

    `tested` is false where nothing was asked, since what was entered cannot be used.
    """

    ok: bool
    models: int
    sentence: str
    steps: list[Step] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    tested: bool = True


async def check(endpoint: Endpoint, kind: str = "check") -> CheckResult:
    """Reads the catalogue over fresh connections. Never raises UpstreamError: the result says what is wrong."""
    steps: list[Step] = []
    try:
        async with client.own_connections():
            listed = await _catalogue(endpoint, kind, steps)
    except UpstreamError as error:
        steps.append(Step("error", error.whole()))
        return CheckResult(False, 0, error.whole(), steps)
    if not listed:
        sentence = _("Connected to {name}, but its list of models is empty: this key may use none.")
        return CheckResult(False, 0, sentence.format(name=endpoint.title), steps)
    sentence = ngettext(
        "Connected to {name}. {count} model is ready.", "Connected to {name}. {count} models are ready.", len(listed)
    )
    return CheckResult(True, len(listed), sentence.format(name=endpoint.title, count=len(listed)), steps, listed)


async def _catalogue(endpoint: Endpoint, kind: str, steps: list[Step]) -> list[Listed]:
    """All pages of the list; adds what it saw to `steps`, the first page's connection included."""
    started = time.monotonic()
    try:
        document = await client.fetch_json(endpoint, _path(endpoint), kind)
    finally:
        steps += _connection(endpoint)
    listed = _read(endpoint, document)
    for _page in range(MAX_PAGES):
        query = next_page(document)
        if not query:
            break
        document = await client.fetch_json(endpoint, _path(endpoint) + query, kind)
        listed += _read(endpoint, document)
    found = ngettext("{count} model listed", "{count} models listed", len(listed)).format(count=len(listed))
    steps.append(Step("ok" if listed else "warn", found, _since(started)))
    return listed


def _path(endpoint: Endpoint) -> str:
    """Google's own API lists elsewhere; gateways must never get its key header on /v1/models."""
    native = endpoint.host == "generativelanguage.googleapis.com" and not endpoint.base_url.endswith("/openai")
    return "/v1beta/models" if native else "/v1/models"


def _connection(endpoint: Endpoint) -> list[Step]:
    """What the last request's connection got through."""
    seen = connections.seen.get()
    if seen is None:
        return []
    steps = []
    if seen.resolved:
        found = _("Name found: {host}").format(host=urlsplit(endpoint.base_url).hostname)
        steps.append(Step("ok", found, _since(seen.began, seen.resolved)))
    if seen.connected:
        secure = endpoint.base_url.startswith("https:")
        text = _("Connected, with a valid certificate") if secure else _("Connected, without encryption")
        steps.append(Step("ok", text, _since(seen.resolved or seen.began, seen.connected)))
    return steps


def _since(start: float, end: float | None = None) -> int:
    return round(((end or time.monotonic()) - start) * 1000)


def _read(endpoint: Endpoint, document: Any) -> list[Listed]:
    try:
        return read_models(document)
    except NotModels as error:
        says = redact(str(error), endpoint.key)
        text = _("{name} answered with something that is not a list of models. Check the base URL and the key.")
        raise UpstreamError(text.format(name=endpoint.title), kind="not_models", upstream_says=says) from error
