"""One HTTP request and its reply, over the bare ASGI messages."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs

import msgspec

from apps.wire.events import Failed

from .doors import CHAT, find

REQUEST_ID = "20260101000000000000000sandbox"


class Exchange:
    """Header names are lower case. `path` is the path within the sandbox, `door` the format spoken there, and `base` is
    what addresses within the sandbox begin with.

    Where none is, errors are written as those of Chat Completions.
    """

    def __init__(self, scope, receive, send):
        self._receive, self._send = receive, send
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.raw_query: str = scope.get("query_string", b"").decode("latin-1")
        self.query = {name: values[-1] for name, values in parse_qs(scope.get("query_string", b"").decode()).items()}
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        self.base = f"{scope.get('scheme', 'http')}://{self.headers.get('host', '')}{scope.get('root_path', '')}"
        self.door = find(self.path)
        self.started = False

    async def body(self, limit: int) -> bytes | None:
        """The request's body; None if the client left, or was told that it sent too much."""
        pieces, size = [], 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return None
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > limit:
                await self.refuse(413, "request body too large", "new_api_error", code="read_request_body_failed")
                return None
            if not message.get("more_body"):
                return b"".join(pieces)

    async def start(self, status: int, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.started = True
        given = {"content-type": content_type, "x-oneapi-request-id": REQUEST_ID, **(headers or {})}
        pairs = [(name.encode(), value.encode()) for name, value in given.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def whole(self, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        await self.start(status, content_type, {"content-length": str(len(body)), **(headers or {})})
        await self.write(body)
        await self.end()

    async def json(self, status: int, document: Any) -> None:
        await self.whole(status, "application/json", msgspec.json.encode(document))

    async def refuse(
        self,
        status: int,
        message: str,
        kind: str = "invalid_request_error",
        *,
        code: str = "",
        param: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        """An error as the format writes it; new-api puts the request's id at the end of the message."""
        failed = Failed(f"{message} (request id: {REQUEST_ID})", kind, code, param, status)
        await self.whole(status, "application/json", (self.door or CHAT).error(failed), headers)

    async def until_gone(self, work: Coroutine[Any, Any, None]) -> bool:
        """Does the work until it is done or the client has left; False if it left, or if the reply broke off."""
        task, watcher = asyncio.ensure_future(work), asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
            finished = task.done()
        finally:
            task.cancel()
            watcher.cancel()
            await asyncio.gather(task, watcher, return_exceptions=True)
        if finished and not isinstance(task.exception(), OSError):
            task.result()
            return True
        return False

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
