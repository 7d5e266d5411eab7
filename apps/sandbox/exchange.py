"""One HTTP request and its reply, over the bare ASGI messages."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec

REQUEST_ID = "20260101000000000000000sandbox"


class Exchange:
    """Header names are lower case. `path` is the path within the sandbox."""

    def __init__(self, scope, receive, send):
        self._receive, self._send = receive, send
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
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
                await self.error(413, "request body too large", "new_api_error", code="read_request_body_failed")
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

    async def json(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        await self.whole(status, "application/json", msgspec.json.encode(document), headers)

    async def error(
        self,
        status: int,
        message: str,
        kind: str,
        *,
        code: str = "",
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """An error as new-api writes it, with the request's id at the end of the message."""
        message = f"{message} (request id: {REQUEST_ID})"
        document = {"error": {"message": message, "type": kind, "param": param, "code": code}}
        await self.json(status, document, headers)

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
