"""Asking an address that came from outside: a model's answer, a user, an upstream.

Such an address may aim at what only this server can reach. So: http(s) only, every redirect looked at afresh, each
name resolved once, by us, and the connection made to the address that was looked at (no rebinding), no headers of ours.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.resolver import ThreadedResolver
from django.utils.translation import gettext as _
from yarl import URL

from . import connections

REDIRECTS = 5
REDIRECTED = {301, 302, 303, 307, 308}
SECONDS = 20.0
HEADERS = {"accept-encoding": "identity", "user-agent": "Playground"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IsAllowed = Callable[[str], bool]


class FetchRefused(Exception):
    """It was not fetched; the text says why. `status` is the HTTP status to answer with."""

    def __init__(self, message: str, status: int = 502):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    data: bytes
    content_type: str


def is_public(address: str) -> bool:
    """True for an IP address of the open internet; those that wrap an IPv4 address are judged by it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped:
            return is_public(str(wrapped))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class _CheckedResolver(ThreadedResolver):
    """The connection is made to what this gives: looking and connecting cannot see two answers."""

    def __init__(self, is_allowed: IsAllowed):
        super().__init__()
        self._is_allowed = is_allowed

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC):
        found = await super().resolve(host, port, family)
        if not all(self._is_allowed(entry["host"]) for entry in found):
            raise _private(host)
        return found


def _private(host: str) -> FetchRefused:
    return FetchRefused(_("{host} is not an address of the public internet.").format(host=host), 403)


async def fetch(url: str, *, limit: int, accept: str = "*/*", is_allowed: IsAllowed = is_public) -> Fetched:
    """At most `limit` bytes of what is there, within 20 s. Raises FetchRefused."""
    async with _session(is_allowed, SECONDS) as session:
        return await _follow(session, url, limit, accept, is_allowed)


async def post_json(
    url: str,
    body: bytes,
    *,
    limit: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    is_allowed: IsAllowed = is_public,
) -> Answered:
    """At most `limit` bytes of the answer, whatever its status. Raises FetchRefused, also for a redirect.

    The headers may hold a secret, which is meant for this address and for no other.
    """
    target = checked(url, is_allowed)
    told = {**HEADERS, "content-type": "application/json", "accept": "application/json, text/plain, */*;q=0.5"}
    async with (
        _session(is_allowed, seconds) as session,
        session.post(target, data=body, headers={**told, **(headers or {})}, allow_redirects=False) as reply,
    ):
        if reply.status in REDIRECTED:
            raise FetchRefused(_("It redirects to another address, which is not followed. Enter that address instead."))
        return Answered(reply.status, await _read(reply, limit), reply.content_type)


@asynccontextmanager
async def _session(is_allowed: IsAllowed, seconds: float) -> AsyncIterator[aiohttp.ClientSession]:
    resolver = _CheckedResolver(is_allowed)
    connector = aiohttp.TCPConnector(resolver=resolver, ssl=connections.tls(), force_close=True)
    options = {"auto_decompress": False, "cookie_jar": aiohttp.DummyCookieJar(), "trust_env": False}
    try:
        async with asyncio.timeout(seconds), aiohttp.ClientSession(connector=connector, **options) as session:
            yield session
    except TimeoutError as error:
        raise FetchRefused(_("It took longer than {seconds} s.").format(seconds=f"{seconds:g}"), 504) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchRefused(_("It cannot be reached.")) from error


async def _follow(session, url: str, limit: int, accept: str, is_allowed: IsAllowed) -> Fetched:
    target = checked(url, is_allowed)
    for _hop in range(REDIRECTS + 1):
        headers = {**HEADERS, "accept": accept}
        async with session.get(target, headers=headers, allow_redirects=False) as reply:
            if reply.status not in REDIRECTED:
                return await _take(reply, limit)
            target = checked(str(target.join(URL(reply.headers.get("location", "")))), is_allowed)
    raise FetchRefused(_("It redirects more than {count} times.").format(count=REDIRECTS))


def checked(url: str, is_allowed: IsAllowed = is_public) -> URL:
    """The address, if it may be asked; names are looked at again when they are resolved. Raises FetchRefused."""
    try:
        target = URL(url.strip())
    except ValueError as error:
        raise FetchRefused(_("This is not an address."), 400) from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise FetchRefused(_("Only http:// and https:// addresses can be fetched."), 400)
    if target.user or target.password:
        raise FetchRefused(_("The address must not carry a user or a password."), 400)
    try:
        allowed = is_allowed(target.host)
    except ValueError:
        return target
    if not allowed:
        raise _private(target.host)
    return target


async def _take(reply: aiohttp.ClientResponse, limit: int) -> Fetched:
    if reply.status != 200:
        raise FetchRefused(_("The other server answered with status {status}.").format(status=reply.status))
    return Fetched(await _read(reply, limit), reply.content_type, str(reply.url))


async def _read(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
    too_large = FetchRefused(_("It is larger than {size}.").format(size=size), 413)
    if (reply.content_length or 0) > limit:
        raise too_large
    data = bytearray()
    async for chunk in reply.content.iter_any():
        data += chunk
        if len(data) > limit:
            raise too_large
    return bytes(data)
