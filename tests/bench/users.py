"""Readers of the relay and of the product: each opens its socket, asks, and keeps every frame with its time."""

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import orjson

from tests.bench.connections import HttpConnection, WebSocket, now
from tests.servers import CSRF, Person

PROMPT = "Tell me something."
WARM_UP = "fake-n10-r0"
RUN = re.compile(rb'"watch":"run","id":"([0-9a-f-]{36})"')
CONVERSATION = re.compile(rb'\{"watch":"conversation","id":"([0-9a-f-]{36})"[^}]*\}')
ANSWER = re.compile(rb'id="body-([0-9a-f-]{36})"')


@dataclass(slots=True)
class Exchange:
    """One prompt and what came back: (arrival, frame) in order. `answer` is the message's id in the product."""

    asked: float = 0.0
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    opening: bytes = b""
    answer: str = ""
    problem: str = ""


class User:
    """What both kinds share: one open socket, whose frames go to the exchange that is on."""

    path = "/ws/"

    def __init__(self, url: str):
        self.address = urlsplit(url)
        self.exchange = Exchange()
        self.ended: asyncio.Future | None = None

    async def _connect(self, protocol):
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(protocol, self.address.hostname, self.address.port))[1]

    async def open(self) -> None:
        self.socket = await self._connect(WebSocket)
        self.socket.on_message = self._heard
        self.socket.on_close = lambda: self._end("the socket was closed")
        await self.socket.handshake(self.address.netloc, self.path, self.headers())

    def headers(self) -> list[str]:
        return []

    def close(self) -> None:
        self.socket.on_close = lambda: None
        self.socket.transport.close()

    async def warm_up(self) -> None:
        """What comes before the measured work; nothing, if there is nothing to get ready."""

    def _begin(self) -> Exchange:
        self.exchange = Exchange(asked=now())
        self.ended = asyncio.get_running_loop().create_future()
        return self.exchange

    def _end(self, problem: str = "") -> None:
        if self.ended and not self.ended.done():
            self.exchange.problem = problem
            self.ended.set_result(None)

    def _heard(self, arrival: float, frame: bytes) -> None:
        self.exchange.frames.append((arrival, frame))
        if self.is_last(frame):
            self._end()

    def is_last(self, frame: bytes) -> bool:
        raise NotImplementedError


class RelayUser(User):
    async def ask(self, model: str) -> Exchange:
        exchange = self._begin()
        self.socket.send(orjson.dumps({"prompt": PROMPT, "model": model}))
        await self.ended
        return exchange

    def is_last(self, frame: bytes) -> bool:
        return frame.startswith(b'{"done"')


class PageUser(User):
    """As the page does it: the prompt is posted, the reply's elements ask the open socket to watch the run."""

    def __init__(self, url: str, person: Person, models: dict[str, str]):
        super().__init__(url)
        self.person, self.models = person, models
        self.conversation = ""
        self.tab = str(uuid.uuid4())
        self.last = b"\0"

    def headers(self) -> list[str]:
        return [f"Cookie: sessionid={self.person.session}; csrftoken={CSRF}"]

    async def open(self) -> None:
        await super().open()
        self.http = await self._connect(HttpConnection)

    async def warm_up(self) -> None:
        """Begins the conversation: the call for its title, made once, is not the cost of a stream."""
        await self.ask(WARM_UP)

    def close(self) -> None:
        super().close()
        self.http.transport.close()

    async def ask(self, model: str) -> Exchange:
        exchange = self._begin()
        status, exchange.opening = await self.http.request(self._post(model))
        run = RUN.search(exchange.opening)
        if status != 200 or not run:
            exchange.problem = f"the prompt was answered with {status}: {exchange.opening[:300]!r}"
            return exchange
        exchange.answer = ANSWER.findall(exchange.opening)[-1].decode()
        self.last = f'hx-target="#m-{exchange.answer}"'.encode()
        self._watch(exchange.opening, run[1])
        await self.ended
        return exchange

    def _watch(self, opening: bytes, run: bytes) -> None:
        if conversation := CONVERSATION.search(opening):
            self.conversation = conversation[1].decode()
            self.socket.send(conversation[0][:-1] + b',"tab":"%s"}' % self.tab.encode())
        self.socket.send(b'{"watch":"run","id":"%s"}' % run)

    def _post(self, model: str) -> bytes:
        form = {
            "turn": str(uuid.uuid4()),
            "tab": self.tab,
            "text": PROMPT,
            "model": self.models[model],
            "conversation": self.conversation,
        }
        body = urlencode(form).encode()
        lines = ["POST /send/ HTTP/1.1", f"Host: {self.address.netloc}", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: application/x-www-form-urlencoded", "HX-Request: true", f"X-CSRFToken: {CSRF}"]
        lines += [f"Origin: http://{self.address.netloc}", *self.headers()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def is_last(self, frame: bytes) -> bool:
        return self.last in frame
