"""One answer on its way: events, paced like a model's tokens, over the format's encoder."""

import asyncio
import itertools
import time
from collections.abc import Iterable

from apps.wire.events import Event, PartDelta, PartEnded
from apps.wire.messages import GenerationRequest
from apps.wire.openai_chat import Encoder, build_reply

from .exchange import Exchange
from .names import split
from .script import TOKENS_PER_SECOND, Script, events

STREAM = "text/event-stream"
FLAT_OUT_BREATH = 200


class Answer:
    """`nth` says how often this model was asked."""

    def __init__(self, exchange: Exchange, request: GenerationRequest, nth: int):
        self.exchange, self.request, self.nth = exchange, request, nth
        self.model, self._asked_rate = split(request.model)
        self.encoder = Encoder(created=int(time.time()))

    async def play(self, script: Script) -> None:
        """The whole answer, streamed or not as the request asks."""
        if not self.request.stream:
            await self.exchange.whole(200, "application/json", self.reply(script))
            return
        await self.open()
        await self.send(events(script, self.request), script.rate)
        await self.exchange.write(self.encoder.finish())
        await self.exchange.end()

    async def begin(self, script: Script) -> None:
        """Opens the stream and sends the script's first part, and no end."""
        await self.open()
        first = itertools.takewhile(lambda event: not isinstance(event, PartEnded), events(script, self.request))
        await self.send(first, script.rate)

    def reply(self, script: Script) -> bytes:
        return build_reply(events(script, self.request), created=int(time.time()))

    async def open(self) -> None:
        await self.exchange.start(200, STREAM, {"cache-control": "no-cache", "x-accel-buffering": "no"})

    async def send(self, found: Iterable[Event], rate: float = TOKENS_PER_SECOND) -> None:
        """Sends events at that rate, or at the one that the model's name asks for; 0 is as fast as it goes."""
        rate = rate if self._asked_rate is None else self._asked_rate
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
