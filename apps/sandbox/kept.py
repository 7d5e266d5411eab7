"""Answers that the Responses format keeps: to go on from, and to ask for again while they are being made."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from apps.wire.messages import GenerationRequest, Message
from apps.wire.transcript import Transcript

from .answer import STREAM, Answer
from .exchange import Exchange
from .script import Script

MOST = 200
LOOKS_UNTIL_DONE = 2
PATH = "/v1/responses/"


@dataclass
class Kept:
    """`document` is the whole response; `held` that it is still being made, `looks` how often it was asked for.

    `told` are the events of its stream in the order of their sequence numbers, which begin at 0, and `rate` is how many
    of them come in a second; there are none where it was not streamed.
    """

    messages: tuple[Message, ...]
    document: dict[str, Any]
    held: bool
    told: list[bytes]
    rate: float
    looks: int = 0

    def look(self) -> dict[str, Any]:
        """As it is now: in progress at the first look, then done. So nobody waits for a clock."""
        self.looks += 1
        self.held = self.held and self.looks < LOOKS_UNTIL_DONE
        return self.unfinished("in_progress") if self.held else self.document

    def cancel(self) -> dict[str, Any]:
        if self.held:
            self.document, self.held = self.unfinished("cancelled"), False
        return self.document

    def unfinished(self, status: str) -> dict[str, Any]:
        return {**self.document, "status": status, "output": [], "usage": None, "background": True}


class Shelf:
    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._count = 0

    def next_id(self) -> str:
        self._count += 1
        return f"resp_sandbox_{self._count}"

    def keep(self, answer: Answer, script: Script) -> Kept | None:
        """Unless the request forbids it."""
        request = answer.request
        if request.parameters.get("store") is False:
            return None
        transcript = Transcript()
        for event in answer.events(script):
            transcript.apply(event)
        said = (*request.messages, Message("assistant", tuple(transcript.parts)))
        document = {**msgspec.json.decode(answer.reply(script)), "background": answer.background}
        told = answer.told(script) if answer.background and request.stream else []
        kept = Kept(said, document, answer.background, told, answer.rate(script.rate))
        self._kept[answer.id] = kept
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return kept

    def continued(self, request: GenerationRequest) -> GenerationRequest | None:
        """The request with what was said before; None if nobody knows the answer that it goes on from."""
        if not request.previous_id:
            return request
        kept = self._kept.get(request.previous_id)
        return replace(request, messages=kept.messages + request.messages) if kept else None

    async def serve(self, exchange: Exchange) -> None:
        """`GET` looks at an answer, or goes on with its stream; `DELETE` drops it, `POST …/cancel` stops it."""
        id, _, action = exchange.path.removeprefix(PATH).partition("/")
        kept, asked = self._kept.get(id), (exchange.method, action)
        if kept and asked == ("GET", "") and exchange.query.get("stream") == "true":
            await _go_on(exchange, kept)
        elif kept and asked == ("GET", ""):
            await exchange.json(200, kept.look())
        elif kept and asked == ("POST", "cancel"):
            await exchange.json(200, kept.cancel())
        elif kept and asked == ("DELETE", ""):
            del self._kept[id]
            await exchange.json(200, {"id": id, "object": "response", "deleted": True})
        else:
            await exchange.refuse(404, f"Response with id '{id}' not found.")


async def _go_on(exchange: Exchange, kept: Kept) -> None:
    """The events behind the one that is named, as of a stream that was cut."""
    after = exchange.query.get("starting_after", "-1")
    if not kept.told or kept.document["status"] == "cancelled":
        message = "A response can be streamed again only if it was created with stream=true."
        await exchange.refuse(400, message, param="stream")
    elif not after.removeprefix("-").isdecimal():
        await exchange.refuse(400, "starting_after must be an integer.", param="starting_after")
    else:
        await exchange.start(200, STREAM)
        for event in kept.told[max(0, int(after) + 1) :]:
            await exchange.write(event)
            await asyncio.sleep(1 / kept.rate if kept.rate else 0)
        kept.held = False
        await exchange.end()
