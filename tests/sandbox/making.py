"""Our own client of each media dialect, against the sandbox in this process, whose clock the test sets."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from apps.sandbox.app import create_application
from apps.sandbox.studio.studio import Studio
from apps.wire.media.dialects import get
from apps.wire.media.shapes import Made, MediaEvent, MediaReply, MediaRequest, Replied
from apps.wire.messages import HttpRequest

KEY = "k"
ADDRESS = "http://sandbox"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Maker:
    """`clock` is moved by hand: tasks are as far as it says."""

    clock: Clock = field(default_factory=Clock)
    prefix: str = ""

    def __post_init__(self):
        self.application = create_application(KEY)
        self.application.studio = Studio(self.application.stats, self.clock)

    async def send(self, request: HttpRequest, *, key: str = KEY) -> httpx.Response:
        headers = {**request.headers, **({"authorization": f"Bearer {key}"} if key else {})}
        transport = httpx.ASGITransport(self.application, root_path=self.prefix)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            path = f"{self.prefix}{request.path}"
            return await client.request(request.method, path, headers=headers, content=request.body)

    async def events(self, dialect: str, request: MediaRequest) -> list[MediaEvent]:
        wire = get(dialect)
        reply = await self.send(wire.build(request))
        reader = wire.reader(reply.headers["content-type"], request)
        return reader.feed(reply.content) + reader.finish()

    async def make(self, dialect: str, model: str = "", prompt: str = "a kite", **more) -> MediaReply:
        return _end(await self.events(dialect, MediaRequest(model, prompt, **more)))

    async def poll(self, dialect: str, id: str, at: float | None = None) -> MediaReply:
        self.clock.now = self.clock.now if at is None else at
        wire = get(dialect)
        reply = await self.send(wire.poll(id))
        reader = wire.poll_reader(id)
        return _end(reader.feed(reply.content) + reader.finish())

    async def link(self, made: Made | str, **headers: str) -> httpx.Response:
        """What lies at a link, which needs no key."""
        parts = urlsplit(made if isinstance(made, str) else made.url)
        return await self.send(HttpRequest("GET", parts.path.removeprefix(self.prefix), headers), key="")


def _end(events: list[MediaEvent]) -> MediaReply:
    [ended] = [event for event in events if isinstance(event, Replied)]
    assert events[-1] is ended
    return ended.reply
