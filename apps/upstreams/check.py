"""Testing an upstream on the spot: what works, how long it took, and exactly what is wrong."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import client, connections
from .endpoint import NATIVE, Endpoint
from .failures import UpstreamError, redact
from .listing import Listed, NotModels, next_page, read_models

MAX_PAGES = 20
NATIVE_MODELS = f"{NATIVE}models"


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
        told = _refused_key(endpoint, error) if error.status == 401 else error.whole()
        steps.append(Step("error", told))
        return CheckResult(False, 0, told, steps)
    if not listed:
        sentence = _("Connected to {name}, but its list of models is empty: this key may use none.")
        return CheckResult(False, 0, sentence.format(name=endpoint.title), steps)
    sentence = ngettext(
        "Connected to {name}. {count} model is ready.", "Connected to {name}. {count} models are ready.", len(listed)
    )
    return CheckResult(True, len(listed), sentence.format(name=endpoint.title, count=len(listed)), steps, listed)


def _refused_key(endpoint: Endpoint, error: UpstreamError) -> str:
    """Where a test is shown the field of the key is at hand: nobody is sent elsewhere."""
    sentence = _("{name} refused the key ({status}). Check that it is whole and still valid.")
    return error.whole(sentence.format(name=endpoint.title, status=error.status))


async def _catalogue(endpoint: Endpoint, kind: str, steps: list[Step]) -> list[Listed]:
    """All pages of the list; adds what it saw to `steps`, the first page's connection included."""
    started = time.monotonic()
    try:
        listed = await _pages(endpoint, _path(endpoint), kind)
    except UpstreamError as error:
        listed = await _native(endpoint, kind, error)
    finally:
        steps += _connection(endpoint)
    found = ngettext("{count} model listed", "{count} models listed", len(listed)).format(count=len(listed))
    steps.append(Step("ok" if listed else "warn", found, _since(started)))
    return listed


async def _pages(endpoint: Endpoint, path: str, kind: str) -> list[Listed]:
    listed: list[Listed] = []
    query = ""
    for _page in range(MAX_PAGES):
        document = await client.fetch_json(endpoint, path + query, kind)
        listed += _read(endpoint, document)
        query = next_page(document)
        if not query:
            break
    return listed


async def _native(endpoint: Endpoint, kind: str, refused: UpstreamError) -> list[Listed]:
    """The list of a gateway that speaks Gemini's format alone. Raises what was said first, if there is none either."""
    if endpoint.kind != "gateway" or _path(endpoint) == NATIVE_MODELS or not _knows_no_list(refused):
        raise refused
    try:
        listed = await _pages(endpoint, NATIVE_MODELS, kind)
    except UpstreamError:
        raise refused from None
    for model in listed:
        model.types = model.types or ["gemini"]
    return listed


def _knows_no_list(error: UpstreamError) -> bool:
    """Google answers a bearer key with 401, a gateway an address that it does not know with a page or 404."""
    return error.kind in {"not_json", "not_models"} or error.status in {401, 403, 404, 405}


def _path(endpoint: Endpoint) -> str:
    """Google's own API lists elsewhere; gateways must never get its key header on /v1/models."""
    native = endpoint.host == "generativelanguage.googleapis.com" and not endpoint.base_url.endswith("/openai")
    return NATIVE_MODELS if native else "/v1/models"


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
