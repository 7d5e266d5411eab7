"""The one HTTP client for upstreams: raw bytes out of `stream`, whole documents out of `fetch_json`.

One pool per event loop, on aiohttp beneath httpx: half the processor time of httpx's own transport.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

import aiohttp
import httpx
import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from httpx_aiohttp import AiohttpTransport

from apps.wire.messages import HttpRequest

from . import connections, failures
from .breaker import breaker
from .endpoint import Endpoint
from .failures import UpstreamError
from .limits import Limits, limits_of
from .retries import pause
from .tape import NO_TAPE, Tape
from .watch import Watch

__all__ = ["Endpoint", "Response", "UpstreamError", "aclose", "fetch_json", "own_connections", "stream", "warm"]

OnRetry = Callable[[int, float, str], None]
ERROR_BYTES = 64 * 1024
DOCUMENT_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 0.2

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, httpx.AsyncClient]] = WeakKeyDictionary()
_own_pool: ContextVar[dict[str, httpx.AsyncClient] | None] = ContextVar("own_pool", default=None)


def _new_client(proxy: str) -> httpx.AsyncClient:
    transport = AiohttpTransport(client=connections.session, proxy=httpx.Proxy(proxy) if proxy else None)
    client = httpx.AsyncClient(transport=transport, headers={"user-agent": "Playground"})
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _proxy_for(url: str) -> str:
    """The proxy that the environment names for this address; never one for the own machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not settings.UPSTREAM_PROXIES or host == "localhost" or host.startswith("127.") or host == "::1":
        return ""
    proxy = getproxies().get(parts.scheme, "")
    return "" if proxy and proxy_bypass(host) else proxy


def _client(url: str) -> httpx.AsyncClient:
    pool = _own_pool.get()
    if pool is None:
        pool = _pools.setdefault(asyncio.get_running_loop(), {})
    proxy = _proxy_for(url)
    if proxy not in pool:
        pool[proxy] = _new_client(proxy)
    return pool[proxy]


def warm() -> None:
    """Makes the client of the running loop now, so that the first turn does not wait for certificates to be read."""
    _client("http://localhost")


async def aclose() -> None:
    """Closes the running loop's connections. A loop that ends before the process does must call it."""
    for client in _pools.pop(asyncio.get_running_loop(), {}).values():
        await client.aclose()


@asynccontextmanager
async def own_connections() -> AsyncIterator[None]:
    """Calls within use fresh connections, closed at the end: for tests of an upstream, and for loops that end soon."""
    pool: dict[str, httpx.AsyncClient] = {}
    token = _own_pool.set(pool)
    try:
        yield
    finally:
        _own_pool.reset(token)
        for client in pool.values():
            await client.aclose()


class Response:
    """A reply whose head has arrived; `chunks()` gives its body as it comes, in raw bytes.

    `headers` has lower-case names; `attempts` counts the requests made. Reading raises UpstreamError.
    """

    __slots__ = ("_ended", "_endpoint", "_raw", "_reply", "_tape", "_watch", "attempts", "headers", "status")

    def __init__(self, endpoint: Endpoint, reply: httpx.Response, watch: Watch, attempts: int, tape: Tape):
        self._endpoint, self._reply, self._watch, self.attempts = endpoint, reply, watch, attempts
        self._tape = tape
        self.status = reply.status_code
        self.headers: Mapping[str, str] = dict(reply.headers)
        self._raw = reply.aiter_raw()
        self._ended = False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def request_id(self) -> str:
        return failures.request_id_of(self.headers)

    def chunks(self) -> AsyncIterator[bytes]:
        return self

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        self._watch.begin()
        try:
            chunk = await self._raw.__anext__()
            self._tape.hear(chunk)
            return chunk
        except StopAsyncIteration:
            self._ended = True
            raise
        except asyncio.CancelledError:
            if verdict := self._watch.verdict(self._endpoint):
                raise verdict from None
            raise
        except (httpx.HTTPError, aiohttp.ClientError, OSError) as error:
            raise failures.cut(self._endpoint, self.status) from error
        finally:
            self._watch.end()

    async def read(self, limit: int) -> tuple[bytes, bool]:
        """At most `limit` bytes of the body, and whether that is all of it."""
        body = bytearray()
        async for chunk in self:
            body += chunk
            if len(body) > limit:
                return bytes(body[:limit]), False
        return bytes(body), True

    async def drain(self) -> None:
        """Reads the little that follows a terminal marker, so that the connection can be used again."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._ended:
                    await self.__anext__()
        except (StopAsyncIteration, TimeoutError, UpstreamError):
            return

    async def aclose(self) -> None:
        self._watch.close()
        self._tape.end()
        await self._reply.aclose()


@asynccontextmanager
async def stream(
    endpoint: Endpoint,
    request: HttpRequest,
    *,
    kind: str = "chat",
    on_retry: OnRetry | None = None,
    tape: Tape = NO_TAPE,
) -> AsyncIterator[Response]:
    """Sends the request and gives the reply once it is known to be a success; leaving ends the upstream request.

    Tries again as `retries.pause` allows, telling `on_retry(attempt, seconds, why)` before each wait.
    All that is sent and comes is noted on the tape. Raises UpstreamError.
    """
    response = await _unless_paused(endpoint, request, kind, on_retry, tape)
    try:
        yield response
        await response.drain()
    finally:
        await response.aclose()


async def _unless_paused(
    endpoint: Endpoint, request: HttpRequest, kind: str, on_retry: OnRetry | None, tape: Tape
) -> Response:
    """A test by the administrator is let through at any time, and ends the pause if it succeeds."""
    try:
        if kind != "check":
            breaker.refuse(endpoint)
    except UpstreamError as error:
        tape.fail(str(error))
        raise
    try:
        response = await _open(endpoint, request, limits_of(kind), on_retry, tape)
    except UpstreamError as error:
        breaker.failed(endpoint, error)
        raise
    breaker.answered(endpoint)
    return response


async def _open(
    endpoint: Endpoint, request: HttpRequest, limits: Limits, on_retry: OnRetry | None, tape: Tape
) -> Response:
    deadline = asyncio.get_running_loop().time() + limits.total
    retries, sent, stale = 0, 0, False
    while True:
        record = connections.Seen()
        connections.seen.set(record)
        sent += 1
        try:
            return await _attempt(endpoint, request, limits, deadline, sent, tape)
        except UpstreamError as error:
            tape.fail(str(error))
            if error.kind == "cut" and not error.status and record.reused and not stale and not limits.once:
                stale = True  # the upstream had closed a kept connection: it has not seen this request
                continue
            seconds = pause(error, retries, limits)
            if seconds is None or asyncio.get_running_loop().time() + seconds > deadline:
                raise
            retries += 1
            tape.fail(str(error), seconds)
            if on_retry:
                on_retry(retries, seconds, str(error))
            await asyncio.sleep(seconds)


async def _attempt(
    endpoint: Endpoint, request: HttpRequest, limits: Limits, deadline: float, sent: int, tape: Tape
) -> Response:
    started = asyncio.get_running_loop().time()
    reply = await _send(endpoint, request, limits, tape)
    response = Response(endpoint, reply, Watch(limits, started, deadline), sent, tape)
    if 200 <= response.status < 300:
        return response
    try:
        if 300 <= response.status < 400:
            raise failures.redirected(endpoint, response.status, response.headers.get("location", ""))
        body, _whole = await response.read(ERROR_BYTES)
        raise failures.from_reply(endpoint, response.status, response.headers, body)
    finally:
        await response.aclose()


async def _send(endpoint: Endpoint, request: HttpRequest, limits: Limits, tape: Tape) -> httpx.Response:
    if endpoint.problem:
        raise failures.unusable(endpoint, endpoint.problem)
    timeout = httpx.Timeout(None, connect=limits.connect, pool=limits.connect)
    try:
        url = endpoint.address(request)
        client = _client(url)
        outgoing = client.build_request(
            request.method, url, headers=_headers(endpoint, request), content=request.body or None, timeout=timeout
        )
        tape.send(request.method, url, outgoing.headers, request.body)
        async with asyncio.timeout(limits.first_byte):
            reply = await client.send(outgoing, stream=True)
        tape.answer(reply.status_code, reply.headers)
        return reply
    except TimeoutError:
        raise failures.timed_out(endpoint, "first_byte_timeout", limits.first_byte) from None
    except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
        raise failures.from_connection(endpoint, error) from failures.harmless(error, endpoint.key)


def _headers(endpoint: Endpoint, request: HttpRequest) -> dict[str, str]:
    """Uncompressed, or the upstream's compressor holds tokens back; JSON, or new-api ignores the body."""
    asks = "application/json" if request.method == "GET" else "text/event-stream, application/json"
    headers = {"accept": asks, "accept-encoding": "identity"}
    if request.body:
        headers["content-type"] = "application/json"
    headers.update({name.lower(): value for name, value in request.headers.items()})
    return headers | endpoint.credentials(request.key_as)


async def fetch_json(endpoint: Endpoint, path: str, kind: str = "catalogue") -> Any:
    """A JSON document of at most 16 MB. Raises UpstreamError, kind not_json where it is something else."""
    async with stream(endpoint, endpoint.asking(path), kind=kind) as response:
        body, whole = await response.read(DOCUMENT_BYTES)
        if not whole:
            raise failures.too_much(endpoint, response.status, DOCUMENT_BYTES)
        try:
            return msgspec.json.decode(body)
        except msgspec.DecodeError as error:
            raise _not_json(endpoint, response, body) from error


def _not_json(endpoint: Endpoint, response: Response, body: bytes) -> UpstreamError:
    if "html" in response.content_type or body.lstrip()[:1] == b"<":
        text = _("{name} answered with a web page instead of JSON. Check the base URL: it is the part in front of /v1.")
    elif not body:
        text = _("{name} answered with nothing. Check the base URL: it is the part in front of /v1.")
    else:
        text = _("{name} answered with something that is not JSON. Check the base URL.")
    return UpstreamError(text.format(name=endpoint.title), kind="not_json", status=response.status)
