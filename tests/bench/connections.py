"""HTTP and websocket by hand: what keeps the client from being the bottleneck of what it measures."""

import asyncio
import base64
import os
import re
import time
from collections.abc import Callable

now = time.perf_counter


class HttpConnection(asyncio.Protocol):
    """One kept-alive connection; `request` gives (status, body). daphne sends either a length or chunks."""

    def __init__(self):
        self.received = b""
        self.reply: asyncio.Future | None = None

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        if self.reply and not self.reply.done():
            self.reply.set_exception(ConnectionError("closed before the reply was whole"))

    async def request(self, raw: bytes) -> tuple[int, bytes]:
        self.received, self.reply = b"", asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return await self.reply

    def data_received(self, data):
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        whole = len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")
        if found and whole and not self.reply.done():
            self.reply.set_result((int(head.split(b" ", 2)[1]), body))


class WebSocket(asyncio.Protocol):
    """Each whole message goes to `on_message(arrival, bytes)`, the end of the connection to `on_close()`."""

    def __init__(self):
        self.received = bytearray()
        self.opened = asyncio.get_running_loop().create_future()
        self.on_message: Callable[[float, bytes], None] = lambda arrival, message: None
        self.on_close: Callable[[], None] = lambda: None
        self.fragments = b""

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed in the handshake"))
        self.on_close()

    async def handshake(self, host: str, path: str, headers: list[str]) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Origin: http://{host}", *headers]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await asyncio.wait_for(self.opened, 60)

    def send(self, message: bytes, kind: int = 1) -> None:
        size, mask = len(message), b"\x01\x02\x03\x04"
        head = bytes([0x80 | kind, 0x80 | size]) if size < 126 else bytes([0x80 | kind, 0xFE]) + size.to_bytes(2, "big")
        pattern = (mask * (size // 4 + 1))[:size]
        masked = int.from_bytes(message, "big") ^ int.from_bytes(pattern, "big")
        self.transport.write(head + mask + masked.to_bytes(size, "big"))

    def data_received(self, data):
        arrival = now()
        self.received += data
        if not self.opened.done() and not self._greeted():
            return
        while frame := self._next_frame():
            self._take(arrival, *frame)

    def _greeted(self) -> bool:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.received[:end])
        del self.received[: end + 4]
        if b" 101 " in head[:16]:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(head[:200]))
        return self.opened.exception() is None

    def _next_frame(self) -> tuple[int, bytes] | None:
        """The first byte and the payload, None until the frame is whole."""
        buffer = self.received
        if len(buffer) < 2:
            return None
        width = {126: 2, 127: 8}.get(buffer[1] & 127, 0)
        start = 2 + width
        size = int.from_bytes(buffer[2:start], "big") if width else buffer[1] & 127
        if len(buffer) < start or len(buffer) < start + size:
            return None
        frame = buffer[0], bytes(buffer[start : start + size])
        del buffer[: start + size]
        return frame

    def _take(self, arrival: float, first: int, payload: bytes) -> None:
        kind, is_last = first & 15, first & 0x80
        if kind == 9:
            self.send(payload, 10)
        elif kind == 8:
            self.transport.close()
        elif kind < 3 and not is_last:
            self.fragments += payload
        elif kind < 3:
            message, self.fragments = self.fragments + payload, b""
            self.on_message(arrival, message)
