"""An upstream with scripted answers and faults, over our own encoders: for tours, and for tests of everything above.

A plain ASGI application without settings: mounted under /sandbox by the product, or alone: `python -m apps.sandbox`.
"""

import hmac

from apps.wire.exceptions import InvalidRequest
from apps.wire.messages import HttpRequest
from apps.wire.openai_chat import parse

from . import catalogue, faults, scenarios
from .answer import Answer
from .exchange import Exchange
from .stats import Stats

BODY_LIMIT = 64 * 1024 * 1024


def create_application(key: str, *, show_requests: bool = False) -> "Sandbox":
    """The ASGI application; clients give the key as a bearer token.

    `show_requests` opens `last_request` of `/_stats` to those without the key: prompts are nobody else's business.
    """
    return Sandbox(key, show_requests)


class Sandbox:
    def __init__(self, key: str, show_requests: bool = False):
        self._key, self._show_requests = key, show_requests
        self.stats = Stats()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._serve(Exchange(scope, receive, send))

    async def _serve(self, exchange: Exchange) -> None:
        routes = {
            ("GET", "/v1/models"): self._models,
            ("POST", "/v1/chat/completions"): self._chat,
            ("GET", "/_stats"): self._stats,
        }
        route = routes.get((exchange.method, exchange.path))
        if route is None:
            await exchange.error(404, f"Invalid URL ({exchange.method} {exchange.path})", "invalid_request_error")
        elif route != self._stats and not self._knows(exchange):
            await exchange.error(401, "无效的令牌", "new_api_error")
        else:
            await route(exchange)

    def _knows(self, exchange: Exchange) -> bool:
        given = exchange.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._key}".encode())

    async def _models(self, exchange: Exchange) -> None:
        await exchange.json(200, catalogue.document())

    async def _stats(self, exchange: Exchange) -> None:
        await exchange.json(200, self.stats.document(self._show_requests or self._knows(exchange)))

    async def _chat(self, exchange: Exchange) -> None:
        body = await exchange.body(BODY_LIMIT)
        if body is None:
            return
        try:
            request = parse(HttpRequest("POST", exchange.path, exchange.headers, body))
        except InvalidRequest as error:
            await exchange.error(400, str(error), "invalid_request_error", param=error.param or None)
            return
        nth = self.stats.begin(request.model, body)
        completed = False
        try:
            completed = await exchange.until_gone(respond(Answer(exchange, request, nth)))
        finally:
            self.stats.end(completed)


async def respond(answer: Answer) -> None:
    """Plays the fault or the scenario that the model's name asks for."""
    if scenarios.wants_title(answer.request):
        await answer.play(scenarios.title(answer.request))
    elif fault := faults.find(answer.model):
        await fault(answer)
    elif scenario := scenarios.find(answer.model):
        await answer.play(scenario(answer.request))
    else:
        message = f"No available channel for model {answer.model} under group default"
        await answer.exchange.error(503, message, "new_api_error", code="model_not_found")


async def _lifespan(receive, send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
