"""Upstreams that do what a test says: real sockets on loopback, served from a thread of their own."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

REASONS = {200: "OK", 302: "Found", 401: "Unauthorized", 429: "Too Many Requests", 503: "Service Unavailable"}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Exchange:
    """One request on a connection, and what the script may answer. `number` counts the server's requests from 1."""

    request: Request
    number: int
    connection: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    closing: bool = False

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def reply(self, status: int = 200, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        await self.head(status, content_type=kind, content_length=str(len(body)), **headers)
        await self.send(body)

    async def json(self, document, status: int = 200, **headers: str) -> None:
        await self.reply(status, json.dumps(document).encode(), **headers)

    async def chunk(self, data: bytes) -> None:
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def begin_stream(self) -> None:
        await self.head(content_type="text/event-stream", transfer_encoding="chunked", x_request_id="req-1")

    async def end_stream(self) -> None:
        await self.send(b"0\r\n\r\n")

    async def client_left(self) -> None:
        """Returns when the other side has closed the connection."""
        await self.reader.read()

    def cut(self) -> None:
        self.closing = True
        self.writer.transport.abort()


Script = Callable[[Exchange], Awaitable[None]]


@dataclass
class Scripted:
    """A running server. `requests` is all that it saw, `connections` how many it accepted."""

    script: Script
    tls: object = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Scripted":
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._call(self._listen())
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *error) -> None:
        self._call(self._shut())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self):
        return await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=self.tls)

    async def _shut(self) -> None:
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connection(self, reader, writer) -> None:
        self.connections += 1
        mine = self.connections
        try:
            while request := await read_request(reader):
                self.requests.append(request)
                exchange = Exchange(request, len(self.requests), mine, reader, writer)
                await self.script(exchange)
                if exchange.closing:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.left.set()
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _version = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


def always(document, status: int = 200, **headers: str) -> Script:
    """A script that gives everybody this JSON."""

    async def script(exchange: Exchange) -> None:
        await exchange.json(document, status, **headers)

    return script


def models(*names: str) -> dict:
    return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "test"} for name in names]}
