"""An upstream that gives the sandbox's replies, and gives them again cut at other places."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from apps.runs.hub import hub
from apps.sandbox.app import create_application
from tests.sandbox.asking import KEY
from tests.upstreams.scripted import Exchange, Scripted


def whole(data: bytes) -> list[bytes]:
    return [data]


def bytes_alone(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]


def at_random(seed: str):
    """Pieces of 1 to 60 bytes: within events, within characters, within the line ends between them."""

    def cut(data: bytes) -> list[bytes]:
        pieces, chance = list[bytes](), random.Random(seed)
        while data:
            size = chance.randint(1, 60)
            pieces.append(data[:size])
            data = data[size:]
        return pieces

    return cut


class OnTheRunnersLoop(Scripted):
    """A server on the event loop that reads from it, so that each piece is read before the next one is sent."""

    def __enter__(self) -> "OnTheRunnersLoop":
        self.loop = hub.loop
        self.server = self._call(self._listen())
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *error) -> None:
        self.loop.call_soon_threadsafe(self.server.close)


@dataclass
class Cutting:
    """`recorded` are content types and bodies, in the order of the requests; `cut` makes pieces of a body.

    While it records, the sandbox is asked and its replies go on whole.
    """

    recorded: list[tuple[str, bytes]] = field(default_factory=list)
    is_recording: bool = True
    cut = staticmethod(whole)

    @contextmanager
    def serving(self) -> Iterator["Cutting"]:
        self.sandbox = create_application(KEY)
        with OnTheRunnersLoop(self._answer) as server:
            self.url = server.url
            yield self

    def replay(self, cut) -> None:
        self.cut, self.is_recording, self._given = cut, False, iter(self.recorded)

    async def _answer(self, exchange: Exchange) -> None:
        if self.is_recording:
            self.recorded.append(await self._asked(exchange))
        kind, body = self.recorded[-1] if self.is_recording else next(self._given)
        await exchange.head(content_type=kind, transfer_encoding="chunked")
        for piece in self.cut(body):
            await exchange.chunk(piece)
            await _taken()
        await exchange.end_stream()

    async def _asked(self, exchange: Exchange) -> tuple[str, bytes]:
        asked = exchange.request
        transport = httpx.ASGITransport(self.sandbox)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            reply = await client.request(asked.method, asked.path, headers=asked.headers, content=asked.body)
        return reply.headers["content-type"], reply.content


async def _taken() -> None:
    """One turn of the loop to read the piece, one to hand it over, one to decode it."""
    for _turn in range(3):
        await asyncio.sleep(0)
