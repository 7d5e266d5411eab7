"""Asking an address that came from outside: a model's answer, a user, an upstream.

Such an address may aim at what only this server can reach. So: http(s) only, every redirect looked at afresh, each
name resolved once, by us, and the connection made to the address that was looked at (no rebinding), no headers of ours.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

import aiohttp
from aiohttp.resolver import ThreadedResolver
from django.utils.translation import gettext as _
from yarl import URL

from . import connections
from .tape import NO_TAPE, Tape

REDIRECTS = 5
REDIRECTED = {301, 302, 303, 307, 308}
# What a store answers to a file that it has taken, and how much of its words is read.
TAKEN, SAID = {200, 201, 202, 204, 303}, 64 * 1024
SECONDS = 20.0
HEADERS = {"accept-encoding": "identity", "user-agent": "Playground"}
# A file may take long to come, but not to go on coming.
_PATIENT = aiohttp.ClientTimeout(total=None, sock_connect=20, sock_read=60)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IsAllowed = Callable[[str], bool]


class FetchRefused(Exception):
    """It was not fetched; the text says why. `status` is the HTTP status to answer with.

    `said` is the status of the other server, where it answered. `again` is true where the same may succeed later.
    """

    def __init__(self, message: str, status: int = 502, *, said: int = 0, again: bool = False):
        super().__init__(message)
        self.status, self.said, self.again = status, said, again


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


async def download(
    url: str, into: BinaryIO, *, limit: int, seconds: float, own: Collection[str] = (), tape: Tape = NO_TAPE
) -> str:
    """Writes at most `limit` bytes of what is there into the file, as they come; gives the content type told.

    `own` are addresses whose scheme, host and port are trusted also where they are not public: the upstream's, as
    whoever connected it does. A redirect from there to another private address is refused like any. Raises
    FetchRefused.
    """
    trusted = {_origin(each) for each in own}
    target = url
    for _hop in range(REDIRECTS + 1):
        is_allowed = _anywhere if _origin(target) in trusted - {None} else is_public
        async with _session(is_allowed, seconds) as session:
            place = checked(target, is_allowed)
            tape.send("GET", str(place), HEADERS, b"")
            async with session.get(place, headers=HEADERS, allow_redirects=False, timeout=_PATIENT) as reply:
                tape.answer(reply.status, reply.headers)
                if reply.status not in REDIRECTED:
                    return await _save(reply, into, limit, tape)
                tape.end()
                target = str(place.join(URL(reply.headers.get("location", ""))))
    raise FetchRefused(_("It redirects more than {count} times.").format(count=REDIRECTS))


async def upload(
    url: str,
    body: bytes,
    content_type: str,
    *,
    seconds: float,
    own: Collection[str] = (),
    tape: Tape = NO_TAPE,
) -> None:
    """Posts the body to an address that an upstream names for it, once, without a key of ours. `own` as in `download`.

    A store may answer with a redirect to a page that says thank you: that is a success, and is not followed. Raises
    FetchRefused.
    """
    is_allowed = _anywhere if _origin(url) in {_origin(each) for each in own} - {None} else is_public
    headers = {**HEADERS, "content-type": content_type}
    async with _session(is_allowed, seconds) as session:
        place = checked(url, is_allowed)
        tape.send("POST", str(place), headers, body)
        async with session.post(place, data=body, headers=headers, allow_redirects=False, timeout=_PATIENT) as reply:
            tape.answer(reply.status, reply.headers)
            said = await _read(reply, SAID)
            tape.hear(said)
            tape.end()
            if reply.status not in TAKEN:
                message = _("The other server answered with status {status}.").format(status=reply.status)
                raise FetchRefused(message, said=reply.status, again=reply.status >= 500)


async def _save(reply: aiohttp.ClientResponse, into: BinaryIO, limit: int, tape: Tape) -> str:
    _check_status(reply)
    async for chunk in _pieces(reply, limit):
        tape.hear(chunk)
        into.write(chunk)
    tape.end()
    return reply.content_type


def _anywhere(address: str) -> bool:
    return True


def _origin(url: str) -> tuple | None:
    """Scheme, host and port; None for what is no address."""
    try:
        parts = URL(url.strip())
    except ValueError:
        return None
    return (parts.scheme, parts.host, parts.port) if parts.host else None


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
        message = _("It took longer than {seconds} s.").format(seconds=f"{seconds:g}")
        raise FetchRefused(message, 504, again=True) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchRefused(_("It cannot be reached."), again=True) from error


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
    _check_status(reply)
    return Fetched(await _read(reply, limit), reply.content_type, str(reply.url))


def _check_status(reply: aiohttp.ClientResponse) -> None:
    if reply.status != 200:
        message = _("The other server answered with status {status}.").format(status=reply.status)
        raise FetchRefused(message, said=reply.status, again=True)


async def _read(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    data = bytearray()
    async for chunk in _pieces(reply, limit):
        data += chunk
    return bytes(data)


async def _pieces(reply: aiohttp.ClientResponse, limit: int) -> AsyncIterator[bytes]:
    """The body as it comes, and no more of it than the limit; what says that it is larger is not even begun."""
    if (reply.content_length or 0) > limit:
        raise too_large(limit)
    size = 0
    async for chunk in reply.content.iter_any():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        yield chunk


def too_large(limit: int) -> FetchRefused:
    size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
    return FetchRefused(_("It is larger than {size}.").format(size=size), 413)
