"""One answer on its way: events, paced like a model's tokens, over the format's encoder."""

import asyncio
import itertools
import time
from collections.abc import Iterable, Iterator

from apps.wire.events import Event, PartDelta, PartEnded
from apps.wire.messages import GenerationRequest

from . import script
from .doors import Door
from .exchange import Exchange
from .names import split
from .script import TOKENS_PER_SECOND, Script

STREAM = "text/event-stream"
FLAT_OUT_BREATH = 200


class Answer:
    """`nth` says how often this model was asked; `id` is the answer's."""

    def __init__(self, exchange: Exchange, door: Door, request: GenerationRequest, nth: int, id: str):
        self.exchange, self.door, self.request, self.nth, self.id = exchange, door, request, nth, id
        self.model, self._asked_rate = split(request.model)
        self.background = door.keeps and request.parameters.get("background") is True
        self.encoder = door.encoder(self.background)

    async def play(self, script: Script) -> None:
        """The whole answer, streamed or not as the request asks."""
        if not self.request.stream:
            await self.exchange.whole(200, "application/json", self.reply(script))
            return
        await self.open()
        await self.send(self.events(script), script.rate)
        await self.close()

    async def begin(self, script: Script) -> None:
        """Opens the stream and sends the script's first part, and no end."""
        await self.open()
        first = itertools.takewhile(lambda event: not isinstance(event, PartEnded), self.events(script))
        await self.send(first, script.rate)

    def events(self, scripted: Script) -> Iterator[Event]:
        return script.events(scripted, self.request, self.id, self.door.name)

    def told(self, scripted: Script) -> list[bytes]:
        """The events of the stream as they are sent, one by one."""
        encoder = self.door.encoder(self.background)
        stream = b"".join(encoder.encode(event) for event in self.events(scripted))
        return [event + b"\n\n" for event in stream.split(b"\n\n") if event]

    def reply(self, scripted: Script) -> bytes:
        return self.door.reply(self.events(scripted))

    def rate(self, scripted: float) -> float:
        return scripted if self._asked_rate is None else self._asked_rate

    async def open(self) -> None:
        await self.exchange.start(200, STREAM, {"cache-control": "no-cache", "x-accel-buffering": "no"})

    async def close(self) -> None:
        await self.exchange.write(self.encoder.finish())
        await self.exchange.end()

    async def send(self, found: Iterable[Event], rate: float = TOKENS_PER_SECOND) -> None:
        """Sends events at that rate, or at the one that the model's name asks for; 0 is as fast as it goes."""
        rate = self.rate(rate)
        began, sent = time.monotonic(), 0
        for event in found:
            if data := self.encoder.encode(event):
                await self.exchange.write(data)
            if not isinstance(event, PartDelta):
                continue
            sent += 1
            if rate:
                # Counted from the beginning, so that what the sends take does not add up.
                await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))
            elif sent % FLAT_OUT_BREATH == 0:
                await asyncio.sleep(0)
