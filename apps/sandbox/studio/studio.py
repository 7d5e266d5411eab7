"""The media endpoints: from a request's bytes to what answers it, by the family of its dialect."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable

import msgspec
from msgspec.structs import replace

from apps.wire.events import Failed
from apps.wire.exceptions import InvalidRequest
from apps.wire.media.dialects import get
from apps.wire.media.music.poll import parse_poll_many, write_many
from apps.wire.media.shapes import HttpReply, MediaEvent, MediaReply, MediaRequest
from apps.wire.media.tasks import refused
from apps.wire.messages import HttpRequest

from ..exchange import Exchange
from ..stats import Stats
from . import audio, dress, faults, images, meaning, music, uploads, video
from .doors import MediaDoor
from .files import Files
from .models import Maker, find
from .orders import Declined, Order, declined
from .tasks import Clock, Task, Tasks, new_id

BODY_LIMIT = 128 * 1024 * 1024
STREAM = "text/event-stream"
PIECE, PIECE_SECONDS = 8192, 0.02
WORD_SECONDS = 0.03
MAKERS: dict[str, Callable[[Order], MediaReply]] = {
    "images": images.reply,
    "speech": audio.speak,
    "transcription": audio.transcribe,
    "embeddings": meaning.embed,
    "rerank": meaning.rerank,
}


class Studio:
    """Its tasks, clips and files live as long as the process."""

    def __init__(self, stats: Stats, clock: Clock | None = None):
        self.stats, self.files, self.clips = stats, Files(stats), music.Clips()
        self.tasks = Tasks(clock) if clock else Tasks()
        self.places = uploads.Places(stats, self.clips)

    async def serve(self, exchange: Exchange, door: MediaDoor) -> None:
        body = await exchange.body(BODY_LIMIT)
        if body is None:
            return
        query = f"?{exchange.raw_query}" if door.name == "video_create" and door.does == "poll" else ""
        request = HttpRequest(exchange.method, f"{exchange.path}{query}", exchange.headers, body)
        match door.does:
            case "make":
                await self._asked(exchange, door, request)
            case "poll":
                await self._polled(exchange, door, request)
            case "polls":
                await self._polled_many(exchange, request)
            case "content":
                await self._content(exchange)
            case "withdraw":
                await self._withdrawn(exchange, door, request)
            case "bring":
                await self.places.serve(exchange, request)

    async def _asked(self, exchange: Exchange, door: MediaDoor, sent: HttpRequest) -> None:
        try:
            request = door.dialect.parse(sent)
        except InvalidRequest as error:
            failed = Failed(str(error), "invalid_request_error", "invalid_request", error.param, 400)
            await _reply(exchange, door.dialect.write(declined(failed), MediaRequest("")))
            return
        request = self._named(request, door)
        maker = find(request.model)
        if maker is None:
            message = f"No available channel for model {request.model} under group default"
            await exchange.refuse(503, message, "new_api_error", code="model_not_found")
            return
        nth = self.stats.begin(request.model, _shown(sent, request))
        completed = False
        try:
            completed = await exchange.until_gone(self._make(exchange, door, request, maker, nth))
        finally:
            self.stats.end(completed)

    def _named(self, request: MediaRequest, door: MediaDoor) -> MediaRequest:
        """Suno names no model, and a remix has that of the film before."""
        if door.name == "suno":
            return replace(request, model=music.named(request))
        before = self.tasks.find(request.of) if request.task == "remix" else None
        return replace(request, model=before.order.request.model) if before else request

    async def _make(self, exchange: Exchange, door: MediaDoor, request: MediaRequest, maker: Maker, nth: int) -> None:
        if await faults.before(exchange, maker, nth):
            return
        order = await self._order(exchange, request, maker)
        try:
            await self._fill(exchange, door, order)
        except Declined as error:
            await _reply(exchange, door.dialect.write(declined(error.failed), request))

    async def _order(self, exchange: Exchange, request: MediaRequest, maker: Maker) -> Order:
        data = [source.data or await self.files.data_at(source.url) for source in request.sources]
        return Order(request, maker, self.files, exchange.base, secrets.token_hex(12), tuple(data))

    async def _fill(self, exchange: Exchange, door: MediaDoor, order: Order) -> None:
        """The answer: a task where the work takes its time elsewhere, a stream where one is had, else the whole."""
        if door.name == "suno" and order.request.task == "upload":
            data = await self.files.data_at(order.setting("url"))
            await _reply(exchange, door.dialect.write(music.upload(order, self.clips, data), order.request))
        elif task := await self._task(door, order):
            if not await faults.after(exchange, order.maker):
                written = door.dialect.write(MediaReply("queued", task.id, progress=0), order.request)
                await _reply(exchange, dress.task(written, task) if door.name != "suno" else written)
        elif events := self._events(door, order):
            await _stream(exchange, door, order, events)
        else:
            await self._whole(exchange, door, order)

    async def _task(self, door: MediaDoor, order: Order) -> Task | None:
        if door.dialect.family == "music":
            return music.begin(order, self.tasks, self.clips)
        if door.dialect.family == "video":
            return await asyncio.to_thread(video.begin, order, door.name, self.tasks)
        if order.maker.name != images.TASKED:
            return None
        id = new_id(door.name, "")
        return self.tasks.begin(
            Task(id, door.name, order, self.tasks.clock(), lambda task: replace(images.reply(order), remote_id=id))
        )

    def _events(self, door: MediaDoor, order: Order) -> AsyncIterator[MediaEvent] | None:
        if door.dialect.family == "images" and images.streams(order):
            return images.events(order)
        if door.dialect.family == "speech" and order.request.stream:
            return _paced(audio.speak, audio.spoken, order, PIECE_SECONDS)
        if door.dialect.family == "transcription" and audio.streams(order):
            return _paced(audio.transcribe, audio.understood, order, WORD_SECONDS)
        return None

    async def _whole(self, exchange: Exchange, door: MediaDoor, order: Order) -> None:
        await asyncio.sleep(order.maker.seconds)
        reply = await asyncio.to_thread(MAKERS[door.dialect.family], order)
        if await faults.after(exchange, order.maker):
            return
        dialect, request = _as_served(door, order)
        written = get(dialect).write(reply, request)
        if door.dialect.family == "speech":
            await _progressively(exchange, written)
        elif door.dialect.family == "images" and written.status == 200:
            document = dress.images(msgspec.json.decode(written.body), request.parameters)
            await exchange.json(200, document)
        else:
            await _reply(exchange, written)

    async def _polled(self, exchange: Exchange, door: MediaDoor, sent: HttpRequest) -> None:
        task = self._found(door.dialect.parse_poll(sent)) if door.dialect.parse_poll else None
        if task is None or door.dialect.write_poll is None:
            await _unknown(exchange, door)
            return
        task.polls += 1
        self.stats.polls += 1
        if task.order.maker.fault == "polls" and task.polls < 3:
            await exchange.refuse(500, "fail_to_fetch_task", "new_api_error", code="fail_to_fetch_task")
            return
        reply = await asyncio.to_thread(task.reply, self.tasks.clock())
        if door.name == "openai_videos":
            reply = replace(reply, made=())
        await _reply(exchange, dress.task(door.dialect.write_poll(reply), task))

    async def _withdrawn(self, exchange: Exchange, door: MediaDoor, sent: HttpRequest) -> None:
        id = door.dialect.parse_withdraw(sent) if door.dialect.parse_withdraw else ""
        if self._found(id) and self.tasks.drop(id) and door.dialect.write_withdraw:
            await _reply(exchange, door.dialect.write_withdraw(id))
        else:
            await _unknown(exchange, door)

    async def _polled_many(self, exchange: Exchange, sent: HttpRequest) -> None:
        try:
            found = [task for id in parse_poll_many(sent) if (task := self._found(id))]
        except InvalidRequest as error:
            await _reply(exchange, refused(Failed(str(error), code="invalid_request")))
            return
        self.stats.polls += 1
        now = self.tasks.clock()
        await _reply(exchange, write_many([await asyncio.to_thread(task.reply, now) for task in found]))

    def _found(self, id: str) -> Task | None:
        task = self.tasks.find(id)
        return task if task and task.order.maker.fault != "lost" else None

    async def _content(self, exchange: Exchange) -> None:
        """The film, or its poster, of a task that is done; the key is needed here."""
        task = self._found(exchange.path.split("/")[3])
        if task is None:
            await exchange.refuse(404, "Video not found.", code="not_found")
        elif (await asyncio.to_thread(task.reply, self.tasks.clock())).state != "succeeded":
            await exchange.refuse(400, "Task is not completed yet", code="invalid_request")
        else:
            name = video.thumbnail(task) if exchange.query.get("variant") == "thumbnail" else video.content(task)
            await self.files.send(exchange, self.files.kept(name))


async def _reply(exchange: Exchange, reply: HttpReply) -> None:
    await exchange.whole(reply.status, reply.content_type, reply.body)


async def _unknown(exchange: Exchange, door: MediaDoor) -> None:
    """new-api answers 400, OpenAI 404."""
    if door.name == "openai_videos":
        await exchange.refuse(404, "Video not found.", code="not_found")
    else:
        await _reply(exchange, refused(Failed("task_not_exist", code="task_not_exist")))


async def _stream(exchange: Exchange, door: MediaDoor, order: Order, events: AsyncIterator[MediaEvent]) -> None:
    """What is refused is refused before the stream has begun."""
    first = await anext(events)
    await exchange.start(200, STREAM, {"cache-control": "no-cache"})
    await exchange.write(_written(door, order, first))
    async for event in events:
        await exchange.write(_written(door, order, event))
    await exchange.end()


def _written(door: MediaDoor, order: Order, event: MediaEvent) -> bytes:
    data = door.dialect.encode(event, order.request)
    if door.dialect.family != "images":
        return data
    lines = []
    for line in data.splitlines():
        name, _, told = line.partition(b"data: ")
        if not name and told.startswith(b"{"):
            document = dress.images(msgspec.json.decode(told), order.request.parameters)
            line = b"data: " + msgspec.json.encode(document)
        lines.append(line)
    return b"\n".join(lines) + b"\n\n"


async def _paced(
    make: Callable[[Order], MediaReply],
    cut: Callable[[MediaReply], Iterable[MediaEvent]],
    order: Order,
    seconds: float,
) -> AsyncIterator[MediaEvent]:
    """What was made, in pieces that come as a model's do."""
    reply = await asyncio.to_thread(make, order)
    for event in cut(reply):
        yield event
        await asyncio.sleep(seconds)


async def _progressively(exchange: Exchange, reply: HttpReply) -> None:
    """Bytes while they come, without a length before them."""
    await exchange.start(reply.status, reply.content_type)
    for start in range(0, len(reply.body), PIECE):
        await exchange.write(reply.body[start : start + PIECE])
        await asyncio.sleep(PIECE_SECONDS)
    await exchange.end()


def _as_served(door: MediaDoor, order: Order) -> tuple[str, MediaRequest]:
    """The dialect and the request as this model has them: some encode, or answer, in one way whatever was asked."""
    if order.maker.name == "sandbox-embed-base64":
        return door.name, replace(order.request, parameters={**order.request.parameters, "encoding_format": "base64"})
    if order.maker.name == "sandbox-rerank-cohere":
        return "cohere_rerank", order.request
    return door.name, order.request


def _shown(sent: HttpRequest, request: MediaRequest) -> bytes:
    """The body if it is JSON, else what was in the form."""
    if sent.body[:1] == b"{":
        return sent.body
    files = [{"role": source.role, "name": source.name, "bytes": len(source.data)} for source in request.sources]
    told = {"model": request.model, "prompt": request.prompt, **request.parameters, **request.extra, "files": files}
    return msgspec.json.encode(told)
