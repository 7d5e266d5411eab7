"""The bar to measure against, the barest Channels consumer that relays a stream: nothing rendered, nothing stored.

aiohttp, orjson, frames of 30 ms, daphne on uvloop: `python -m tests.bench.relay --port 9200 --upstream http://...`.
A page sends {"prompt", "model"} and gets {"c": text}... and {"done": 1}.
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator

import django
import uvloop
from django.conf import settings

FRAME = 0.03


async def deltas(session, url: str, request: dict) -> AsyncIterator[str]:
    """The text of each chunk."""
    import orjson

    message = {"role": "user", "content": request["prompt"]}
    body = {"model": request["model"], "stream": True, "messages": [message], "stream_options": {"include_usage": True}}
    async with session.post(url, json=body) as response:
        rest = b""
        async for data in response.content.iter_any():
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                choices = orjson.loads(line[6:])["choices"] if line.startswith(b"data: {") else ()
                if choices and (text := choices[0]["delta"].get("content")):
                    yield text


class Coalescer:
    """The first text at once, then at most one frame in 30 ms."""

    def __init__(self, send):
        self.send, self.waiting, self.last, self.task = send, [], 0.0, None

    async def add(self, text: str) -> None:
        self.waiting.append(text)
        if self.task is None:
            wait = self.last + FRAME - asyncio.get_running_loop().time()
            if wait <= 0:
                await self.flush()
            else:
                self.task = asyncio.create_task(self._later(wait))

    async def _later(self, wait: float) -> None:
        await asyncio.sleep(wait)
        self.task = None
        await self.flush()

    async def flush(self) -> None:
        import orjson

        self.last, text = asyncio.get_running_loop().time(), "".join(self.waiting)
        self.waiting.clear()
        if text:
            await self.send(orjson.dumps({"c": text}).decode())


def application(url: str):
    import aiohttp
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from django.core.asgi import get_asgi_application
    from django.urls import path

    sessions = []

    def session() -> aiohttp.ClientSession:
        if not sessions:
            sessions.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        return sessions[0]

    class Relay(AsyncWebsocketConsumer):
        channel_layer_alias = None
        task = None

        async def receive(self, text_data=None, bytes_data=None):
            self.task = asyncio.create_task(self.relay(json.loads(text_data)))

        async def disconnect(self, code):
            if self.task:
                self.task.cancel()

        async def relay(self, request: dict) -> None:
            frames = Coalescer(self.send)
            async for text in deltas(session(), url, request):
                await frames.add(text)
            if frames.task:
                frames.task.cancel()
            await frames.flush()
            await self.send('{"done":1}')

    socket = URLRouter([path("ws/", Relay.as_asgi())])
    return ProtocolTypeRouter({"http": get_asgi_application(), "websocket": socket})


urlpatterns: list = []


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    options = parser.parse_args()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # before daphne is imported: it makes its loop then
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, INSTALLED_APPS=["channels"], SECRET_KEY="bench")
    django.setup()
    from daphne.server import Server

    endpoint = f"tcp:port={options.port}:interface=127.0.0.1"
    Server(application(f"{options.upstream}/v1/chat/completions"), endpoints=[endpoint]).run()


if __name__ == "__main__":
    main()
