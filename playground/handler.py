"""Django's handler for pages that are all synchronous: one hop into a thread a request, where Django makes five.

A hop costs half a millisecond and a turn of a busy loop, and the way to the first token leads through here. The
threads stay, and with them their database connections.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from io import BytesIO

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from django.utils import translation

from .middleware import is_too_large

THREADS = 16
PAUSE = 0.1


def _length(scope) -> int:
    """How long the body says it is; a body that does not say is bounded by whoever stands before us."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


async def _left(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _piece(pieces: Iterator[bytes], language: str | None) -> bytes | None:
    """The next one, in the reader's language: its thread may have served another reader before."""
    with translation.override(language):
        return next(pieces, None)


class PageHandler(ASGIHandler):
    """A reader who leaves cancels nothing: a command that has begun is carried out."""

    def __init__(self):
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __call__(self, scope, receive, send):
        try:
            too_large = is_too_large(scope["method"], scope["path"], _length(scope))
            body = BytesIO() if too_large else await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self.threads, self.respond, scope, body)
            if response.streaming:
                await self.stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def stream(self, response: StreamingHttpResponse, receive, send) -> None:
        """A hop for each piece: no thread waits for a slow reader, and one piece is held. Whoever leaves ends it.

        An empty piece says that there is nothing yet: it is asked for again after a pause, in which no thread waits.
        """
        loop = asyncio.get_running_loop()
        left = asyncio.ensure_future(_left(receive))
        next_piece = partial(_piece, iter(response), response.headers.get("Content-Language"))

        async def read():
            while not left.done() and (piece := await loop.run_in_executor(self.threads, next_piece)) is not None:
                if piece:
                    yield piece
                else:
                    await asyncio.sleep(PAUSE)

        response.streaming_content = read()
        try:
            await self.send_response(response, send)
        finally:
            left.cancel()
            await loop.run_in_executor(self.threads, response.close)

    def respond(self, scope, body) -> HttpResponseBase:
        """The whole way through middleware and view, in this thread; what need not be streamed is closed already."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response = refused or self.get_response(request)
        response._handler_class = self.__class__
        if not response.streaming:
            response.close()
        return response
