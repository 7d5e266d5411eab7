"""One request of a format, from its bytes to what answers it: a refusal, a fault or a scenario, by the model's name."""

from apps.wire.exceptions import InvalidRequest
from apps.wire.messages import GenerationRequest, HttpRequest

from . import faults, limits, quirks, scenarios
from .answer import Answer
from .doors import Door
from .exchange import Exchange
from .kept import Shelf
from .script import Script


async def read(exchange: Exchange, door: Door, body: bytes) -> GenerationRequest | None:
    """The request; None if it was refused."""
    if door.needs and door.needs not in exchange.headers:
        await exchange.refuse(400, f"{door.needs}: header is required")
        return None
    try:
        return door.format.parse(HttpRequest("POST", exchange.path, exchange.headers, body))
    except InvalidRequest as error:
        await exchange.refuse(400, str(error), param=error.param)
        return None


async def take(exchange: Exchange, door: Door, request: GenerationRequest, nth: int, shelf: Shelf) -> None:
    """Answers, going on from the answer before where the format keeps it."""
    continued = shelf.continued(request)
    if continued is None:
        message = f"Previous response with id '{request.previous_id}' not found."
        await exchange.refuse(400, message, code="previous_response_not_found", param="previous_response_id")
        return
    id = shelf.next_id() if door.keeps else door.id
    await respond(Answer(exchange, door, continued, nth, id), shelf)


async def respond(answer: Answer, shelf: Shelf) -> None:
    request, exchange = answer.request, answer.exchange
    if failed := quirks.find(answer.model)(request, answer.door.name):
        await exchange.refuse(failed.status, failed.message, code=failed.code, param=failed.param)
    elif scenarios.wants_title(request):
        await answer.play(scenarios.title(request))
    elif fault := faults.find(answer.model):
        if answer.background:
            shelf.keep(answer, faults.STORY)
        await fault(answer)
    elif script := scenarios.play(answer.model, request):
        await _play(answer, limits.cut(script, request, answer.door.name), shelf)
    else:
        message = f"No available channel for model {answer.model} under group default"
        await exchange.refuse(503, message, "new_api_error", code="model_not_found")


async def _play(answer: Answer, script: Script, shelf: Shelf) -> None:
    """One that is made in the background is promised first."""
    if answer.door.keeps:
        kept = shelf.keep(answer, script)
        if kept and kept.held and not answer.request.stream:
            await answer.exchange.json(200, kept.unfinished("queued"))
            return
        await answer.play(script)
        if kept:
            kept.held = False
        return
    await answer.play(script)
