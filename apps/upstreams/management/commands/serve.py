"""`manage.py serve`: the whole product in one process, on daphne and uvloop."""

import asyncio
import contextlib
import ctypes
import errno
import gc
import socket
import sys
from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from apps.upstreams import start
from apps.upstreams.address import BadAddress
from apps.upstreams.local import LocalModel

# The event loop gives up the interpreter at each system call, and by default waits 5 ms for a busy thread to hand it
# back: a frame would wait as long for every page that is being rendered.
SWITCH_SECONDS = 0.0005
COLLECT_AFTER = 20_000, 20, 50
# glibc gives threads heaps of their own, whose gaps nobody else can fill.
M_ARENA_MAX, HEAPS = -8, 2
# A message to a page may be a whole long answer; what a page sends is short.
MESSAGE_BYTES, FRAME_BYTES = 64 * 1024 * 1024, 64 * 1024


class Command(BaseCommand):
    help = "Serves Playground: pages, sockets, the local model and the sandbox, until it is stopped."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="the address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="the port to listen on (%(default)s)")

    def handle(self, *, host: str, port: int, **options) -> None:
        share_heaps()
        use_uvloop()
        sys.setswitchinterval(SWITCH_SECONDS)
        check_database()
        listener = listen(host, port)
        address = address_of(listener)
        local = LocalModel() if settings.LOCAL_MODEL else None
        catalogues = start.Catalogues(loopback_of(listener))
        register_upstreams(loopback_of(listener))
        server = make_server(listener, lambda: self._ready(address, local, catalogues))
        try:
            server.run()
        finally:
            catalogues.stop()
            if local:
                local.stop()

    def _ready(self, address: str, local: LocalModel | None, catalogues: start.Catalogues) -> None:
        if local:
            local.start()
        catalogues.start()
        collect_less()
        self.stdout.write(f"Playground is ready on {address}")
        self.stdout.flush()


def share_heaps() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def collect_less() -> None:
    """What was loaded at the start stays to the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def use_uvloop() -> None:
    """daphne makes its loop when it is imported: the policy must be there before."""
    if sys.platform != "win32":
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def check_database() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {str(error).strip()}. Check DATABASE_URL.") from error
    finally:
        connection.close()
    if missing:
        raise CommandError("The database is not up to date. Run: python manage.py migrate")


def listen(host: str, port: int) -> socket.socket:
    """Listens at once, so that a taken port is known before anything else is begun."""
    if not 0 <= port < 65536:
        raise CommandError(f"There is no port {port}. Take one between 1 and 65535: PORT=8000 make run")
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(1024)
        listener.setblocking(False)
    except OSError as error:
        raise CommandError(cannot_listen(host, port, error)) from error
    return listener


def cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Take another one: PORT={port + 1} make run"
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system. Take one above 1023: PORT=8000 make run"
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}."


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def loopback_of(listener: socket.socket) -> str:
    """Where this process reaches itself."""
    return address_of(listener).replace("//localhost:", "//127.0.0.1:")


def register_upstreams(address: str) -> None:
    try:
        start.from_environment()
        start.sandbox(address)
    except BadAddress as error:
        raise CommandError(f"PLAYGROUND_UPSTREAM_URL or PLAYGROUND_UPSTREAM_KEY: {error}") from error
    except DatabaseError as error:
        raise CommandError(f"The database cannot be written to: {str(error).strip()}.") from error
    finally:
        connection.close()


def make_server(listener: socket.socket, ready):
    """Sockets live as long as they answer pings; a page may stream as long as it likes. Nothing is compressed here."""
    patient = import_module("apps.upstreams.patient")  # before Twisted is: daphne chooses the reactor
    from daphne.endpoints import build_endpoint_description_strings
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    playground = import_module("playground.asgi")

    def end() -> Deferred:
        return Deferred.fromFuture(asyncio.ensure_future(playground.close()))

    reactor.addSystemEventTrigger("before", "shutdown", end)
    (endpoint,) = build_endpoint_description_strings(file_descriptor=listener.fileno())
    if listener.family == socket.AF_INET6:
        endpoint += ":domain=INET6"
    return patient.PatientServer(
        application=playground.application,
        endpoints=[endpoint],
        http_timeout=None,
        request_buffer_size=64 * 1024,
        websocket_timeout=-1,
        ping_interval=20,
        ping_timeout=30,
        websocket_max_message_size=MESSAGE_BYTES,
        websocket_max_frame_size=FRAME_BYTES,
        ready_callable=lambda: reactor.callLater(0, ready),
        verbosity=0,
        server_name="playground",
    )
