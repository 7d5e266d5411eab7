"""Where what was made lies: links that need no key, as those of a vendor's store, and what goes wrong with them."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ..exchange import Exchange
from ..stats import Stats
from .doors import FILES

MOST_FILES, MOST_BYTES = 500, 64_000_000
HUGE = 5_000_000_000
CHUNK, SLOW_CHUNKS = 65_536, 40
PAGE = b"<!doctype html><html><head><title>Not what you wanted</title></head><body><h1>Sign in</h1></body></html>"
EXPIRED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
# Loopback, and yet not where the sandbox is: nobody is asked who is not on this machine.
PRIVATE = "http://127.0.0.2:9/private.mp4"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass
class Kept:
    """`make` is called when the file is first asked for; `fault` is what goes wrong when it is.

    `seconds` is how long a slow one takes to come.
    """

    media_type: str
    make: Callable[[], bytes]
    fault: str = ""
    seconds: float = 0.0
    data: bytes | None = None
    asked: int = 0


class Files:
    def __init__(self, stats: Stats) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._stats = stats

    def put(self, name: str, media_type: str, make: Callable[[], bytes], fault: str = "", seconds: float = 0.0) -> str:
        """The path of the file. The name tells nobody else's file, so it has to be one that cannot be guessed."""
        if name not in self._kept:
            self._kept[name] = Kept(media_type, make, fault, seconds)
            if len(self._kept) > MOST_FILES:
                self._kept.popitem(last=False)
        return self.path(name)

    def path(self, name: str) -> str:
        return f"{FILES}{name}"

    def kept(self, name: str) -> Kept:
        return self._kept[name]

    async def data_at(self, url: str) -> bytes:
        """What lies at an address, if it is one of ours, else nothing: the sandbox asks nobody."""
        kept = self._kept.get(url.rpartition(FILES)[2])
        return await self.data_of(kept) if kept else b""

    async def data_of(self, kept: Kept) -> bytes:
        """Made beside the loop, and kept for the next who asks."""
        if kept.data is None:
            kept.data = await asyncio.to_thread(kept.make)
            self._forget(kept)
        return kept.data

    def _forget(self, newest: Kept) -> None:
        held = sum(len(kept.data or b"") for kept in self._kept.values())
        for kept in list(self._kept.values()):
            if held > MOST_BYTES and kept is not newest and kept.data:
                held -= len(kept.data)
                kept.data = None

    async def serve(self, exchange: Exchange) -> None:
        """Counts the keys that come along: a link of another host must never be given one."""
        kept = self._kept.get(exchange.path.removeprefix(FILES))
        self._stats.keyed_links += "authorization" in exchange.headers
        if kept is None:
            await exchange.whole(404, "application/xml", b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            await self.send(exchange, kept)

    async def send(self, exchange: Exchange, kept: Kept) -> None:
        """Until the client has left: some files never end."""
        await exchange.until_gone(self._send(exchange, kept))

    async def _send(self, exchange: Exchange, kept: Kept) -> None:
        kept.asked += 1
        match kept.fault:
            case "expired" if kept.asked == 1:
                await exchange.whole(403, "application/xml", EXPIRED)
            case "html" | "page":
                await exchange.whole(200, "text/html; charset=utf-8", PAGE)
            case "private":
                await exchange.whole(302, "text/plain", b"", {"location": PRIVATE})
            case "huge":
                await _zeros(exchange, {"content-length": str(HUGE)})
            case "endless":
                await _zeros(exchange, {})
            case "slow":
                await _slowly(exchange, kept, await self.data_of(kept))
            case _:
                await _send(exchange, kept.media_type, await self.data_of(kept))


async def _send(exchange: Exchange, media_type: str, data: bytes) -> None:
    """Whole, or the range that was asked for."""
    found = _RANGE.fullmatch(exchange.headers.get("range", ""))
    if not found or not (found[1] or found[2]):
        await exchange.whole(200, media_type, data, {"accept-ranges": "bytes"})
        return
    start = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    end = min(int(found[2]), len(data) - 1) if found[1] and found[2] else len(data) - 1
    if start > end:
        await exchange.whole(416, "text/plain", b"", {"content-range": f"bytes */{len(data)}"})
        return
    headers = {"accept-ranges": "bytes", "content-range": f"bytes {start}-{end}/{len(data)}"}
    await exchange.whole(206, media_type, data[start : end + 1], headers)


async def _slowly(exchange: Exchange, kept: Kept, data: bytes) -> None:
    await exchange.start(200, kept.media_type, {"content-length": str(len(data))})
    size = -(-len(data) // SLOW_CHUNKS)
    for start in range(0, len(data), size):
        await exchange.write(data[start : start + size])
        await asyncio.sleep(kept.seconds / SLOW_CHUNKS)
    await exchange.end()


async def _zeros(exchange: Exchange, headers: dict[str, str]) -> None:
    """What begins like a film, and then zeros until the client has had enough or all that was announced."""
    await exchange.start(200, "video/mp4", headers)
    await exchange.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    for _ in range(HUGE // CHUNK):
        await exchange.write(bytes(CHUNK))
        await asyncio.sleep(0.001)
    await exchange.end()
