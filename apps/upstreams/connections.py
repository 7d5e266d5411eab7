"""The aiohttp session beneath the client: TLS, cookies refused, no limit on connections, and what each one did."""

import functools
import ssl
import time
from contextvars import ContextVar
from dataclasses import dataclass, field

import aiohttp
import certifi


@dataclass(slots=True)
class Seen:
    """What happened to one request's connection: seconds on the monotonic clock, 0 for what did not happen."""

    began: float = field(default_factory=time.monotonic)
    resolved: float = 0.0
    connected: float = 0.0
    reused: bool = False


seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@functools.cache
def tls() -> ssl.SSLContext:
    """Trusts what the machine trusts, and the usual public authorities where the machine has no list."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


async def _on_resolved(session, context, params) -> None:
    if record := seen.get():
        record.resolved = time.monotonic()


async def _on_connected(session, context, params) -> None:
    if record := seen.get():
        record.connected = time.monotonic()


async def _on_reused(session, context, params) -> None:
    if record := seen.get():
        record.reused = True


def session() -> aiohttp.ClientSession:
    """One pool. Cookies are refused: the members of an instance share it."""
    trace = aiohttp.TraceConfig()
    trace.on_dns_resolvehost_end.append(_on_resolved)
    trace.on_connection_create_end.append(_on_connected)
    trace.on_connection_reuseconn.append(_on_reused)
    connector = aiohttp.TCPConnector(limit=0, ssl=tls(), keepalive_timeout=30)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace])
