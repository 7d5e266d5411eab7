"""Answers that the Responses format keeps: to go on from, and to ask for again while they are being made."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from apps.wire.events import Event
from apps.wire.messages import GenerationRequest, Message
from apps.wire.transcript import Transcript

from .exchange import Exchange

MOST = 200
LOOKS_UNTIL_DONE = 2
PATH = "/v1/responses/"


@dataclass
class Kept:
    """`document` is the whole response; `held` that it is still being made, `looks` how often it was asked for."""

    messages: tuple[Message, ...]
    document: dict[str, Any]
    held: bool
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

    def keep(self, id: str, request: GenerationRequest, reply: bytes, events: Iterable[Event]) -> Kept | None:
        """Unless the request forbids it."""
        if request.parameters.get("store") is False:
            return None
        transcript = Transcript()
        for event in events:
            transcript.apply(event)
        said = (*request.messages, Message("assistant", tuple(transcript.parts)))
        held = request.parameters.get("background") is True
        self._kept[id] = Kept(said, msgspec.json.decode(reply), held)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return self._kept[id]

    def continued(self, request: GenerationRequest) -> GenerationRequest | None:
        """The request with what was said before; None if nobody knows the answer that it goes on from."""
        if not request.previous_id:
            return request
        kept = self._kept.get(request.previous_id)
        return replace(request, messages=kept.messages + request.messages) if kept else None

    async def serve(self, exchange: Exchange) -> None:
        """`GET` looks at an answer, `DELETE` drops it, `POST …/cancel` stops it."""
        id, _, action = exchange.path.removeprefix(PATH).partition("/")
        kept, asked = self._kept.get(id), (exchange.method, action)
        if kept and asked == ("GET", ""):
            await exchange.json(200, kept.look())
        elif kept and asked == ("POST", "cancel"):
            await exchange.json(200, kept.cancel())
        elif kept and asked == ("DELETE", ""):
            del self._kept[id]
            await exchange.json(200, {"id": id, "object": "response", "deleted": True})
        else:
            await exchange.refuse(404, f"Response with id '{id}' not found.")
