"""An upstream with scripted answers and faults, over our own encoders: for tours, and for tests of everything above.

A plain ASGI application without settings: mounted under /sandbox by the product, or alone: `python -m apps.sandbox`.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from . import catalogue, kept, turn
from .doors import Door
from .exchange import Exchange
from .keys import knows
from .stats import Stats
from .studio import doors as media

if TYPE_CHECKING:
    from .studio.studio import Studio

BODY_LIMIT = 64 * 1024 * 1024
MODEL = "/v1/models/"
Handler = Callable[[Exchange], Awaitable[None]]


def create_application(key: str, *, show_requests: bool = False) -> "Sandbox":
    """The ASGI application; clients give the key where their format has it.

    `show_requests` opens `last_request` of `/_stats` to those without the key: prompts are nobody else's business.
    """
    return Sandbox(key, show_requests)


class Sandbox:
    def __init__(self, key: str, show_requests: bool = False):
        self._key, self._show_requests = key, show_requests
        self.stats, self.shelf = Stats(), kept.Shelf()
        self._routes: dict[tuple[str, str], Handler] = {
            ("GET", "/v1/models"): self._models,
            ("GET", "/v1beta/models"): self._models,
            ("GET", "/_stats"): self._stats,
        }

    @cached_property
    def studio(self) -> "Studio":
        """Made when it is first asked for: it needs what draws."""
        from .studio.studio import Studio

        return Studio(self.stats)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._serve(Exchange(scope, receive, send))

    async def _serve(self, exchange: Exchange) -> None:
        handler = self._handler(exchange)
        if handler is None:
            await exchange.refuse(404, f"Invalid URL ({exchange.method} {exchange.path})")
        elif handler not in (self._stats, self._file, self._place) and not knows(exchange, self._key):
            await exchange.refuse(401, "无效的令牌", "new_api_error")
        else:
            await handler(exchange)

    def _handler(self, exchange: Exchange) -> Handler | None:
        if door := exchange.door:
            return (lambda exchange: self._ask(exchange, door)) if exchange.method == "POST" else None
        if studio := media.find(exchange.method, exchange.path):
            return lambda exchange: self.studio.serve(exchange, studio)
        if exchange.path.startswith(kept.PATH):
            return self.shelf.serve
        if exchange.method == "GET" and exchange.path.startswith(media.FILES):
            return self._file
        if exchange.method == "POST" and exchange.path.startswith(media.PLACES):
            return self._place
        if exchange.method == "GET" and exchange.path.startswith(MODEL):
            return self._model
        return self._routes.get((exchange.method, exchange.path))

    async def _models(self, exchange: Exchange) -> None:
        """Anthropic's clients are known by the version that they name, Google's by the path or the key's place."""
        if exchange.path.startswith("/v1beta") or "x-goog-api-key" in exchange.headers:
            await exchange.json(200, catalogue.gemini())
        elif "anthropic-version" in exchange.headers:
            await exchange.json(200, catalogue.anthropic())
        else:
            await exchange.json(200, catalogue.openai())

    async def _file(self, exchange: Exchange) -> None:
        """As in a vendor's store: whoever has the link needs no key."""
        await self.studio.files.serve(exchange)

    async def _model(self, exchange: Exchange) -> None:
        name = exchange.path.removeprefix(MODEL)
        if name in catalogue.names():
            await exchange.json(200, catalogue.entry(name))
        else:
            await exchange.refuse(404, f"The model '{name}' does not exist", code="model_not_found", param="model")

    async def _place(self, exchange: Exchange) -> None:
        """The same for a file that is brought: its form holds what opens the place."""
        await self.studio.places.take(exchange)

    async def _stats(self, exchange: Exchange) -> None:
        await exchange.json(200, self.stats.document(self._show_requests or knows(exchange, self._key)))

    async def _ask(self, exchange: Exchange, door: Door) -> None:
        body = await exchange.body(BODY_LIMIT)
        if body is None or (request := await turn.read(exchange, door, body)) is None:
            return
        nth = self.stats.begin(request.model, body)
        completed = False
        try:
            completed = await exchange.until_gone(turn.take(exchange, door, request, nth, self.shelf))
        finally:
            self.stats.end(completed)


async def _lifespan(receive, send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
