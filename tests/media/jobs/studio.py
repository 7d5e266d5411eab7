"""An upstream of the OpenAI Videos and Images kind, on a real socket: it counts what is asked of it."""

import base64
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.media import files
from tests.upstreams.scripted import Exchange

from .clips import film

Answer = Callable[[Exchange], Awaitable[None]]


class Studio:
    """Takes films, has each looked at twice before it is done, and gives out its content for the key alone.

    A test puts its own answer in the place of `submit`, `poll`, `content`, `withdraw`, `image` or `file`. `counts` says
    how often each was asked for; `authorised` which paths came with the key.
    """

    key = "sk-studio-0123456789"

    def __init__(self, scripted, looks: int = 2):
        self.counts: Counter[str] = Counter()
        self.authorised: list[str] = []
        self.prompts: list[str] = []
        self.looks, self.looked = looks, Counter()
        self.film, self.reached = film(), {name: threading.Event() for name in ("submit", "poll", "content", "file")}
        self.submit, self.poll, self.content = self._submit, self._poll, self._content
        self.image, self.file, self.withdraw = self._image, self._file, self._withdraw
        self._server = scripted(self._serve)

    @property
    def url(self) -> str:
        return self._server.url

    async def _serve(self, exchange: Exchange) -> None:
        kind = self._kind(exchange)
        self.counts[kind] += 1
        if exchange.request.headers.get("authorization") == f"Bearer {self.key}":
            self.authorised.append(exchange.request.path)
        if kind in self.reached:
            self.reached[kind].set()
        await getattr(self, kind)(exchange)

    def _kind(self, exchange: Exchange) -> str:
        path = exchange.request.path
        if path.startswith(("/files/", "/v1/files/")):
            return "file"
        if path.startswith("/v1/images"):
            return "image"
        if exchange.request.method == "POST":
            return "submit"
        if exchange.request.method == "DELETE":
            return "withdraw"
        return "content" if path.endswith("/content") else "poll"

    async def _submit(self, exchange: Exchange) -> None:
        self.prompts.append(json.loads(exchange.request.body)["prompt"])
        await exchange.json(self.task(f"video_{self.counts['submit']}"))

    async def _poll(self, exchange: Exchange) -> None:
        id = exchange.request.path.rpartition("/")[2]
        self.looked[id] += 1
        done = self.looked[id] > self.looks
        await exchange.json(self.task(id, "completed" if done else "in_progress", 30 * self.looked[id]))

    async def _withdraw(self, exchange: Exchange) -> None:
        await exchange.json({"id": exchange.request.path.rpartition("/")[2], "deleted": True})

    async def _content(self, exchange: Exchange) -> None:
        await exchange.reply(200, self.film, "video/mp4")

    async def _image(self, exchange: Exchange) -> None:
        await exchange.json({"created": 1, "data": [{"b64_json": base64.b64encode(files.picture()).decode()}]})

    async def _file(self, exchange: Exchange) -> None:
        await exchange.reply(200, self.film, "video/mp4")

    def task(self, id: str, status: str = "queued", progress: int = 0, **more) -> dict:
        return {"id": id, "object": "video", "status": status, "progress": progress, "seconds": "8", **more}

    def done_at(self, url: str) -> Answer:
        """A poll that says where the film lies."""

        async def answer(exchange: Exchange) -> None:
            await exchange.json(self.task("video_1", "completed", 100, video_url=url))

        return answer


def sends(body: bytes, kind: str = "video/mp4", **headers: str) -> Answer:
    async def answer(exchange: Exchange) -> None:
        await exchange.reply(200, body, kind, **headers)

    return answer


def refuses(status: int, message: str = "No.", **more) -> Answer:
    async def answer(exchange: Exchange) -> None:
        await exchange.json({"error": {"message": message, **more}}, status)

    return answer


def says(document) -> Answer:
    async def answer(exchange: Exchange) -> None:
        await exchange.json(document)

    return answer
