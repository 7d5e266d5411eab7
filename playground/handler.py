"""Django's handler for pages that are all synchronous: one hop into a thread a request, where Django makes five.

A hop costs half a millisecond and a turn of a busy loop, and the way to the first token leads through here. The
threads stay, and with them their database connections.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

THREADS = 16


class PageHandler(ASGIHandler):
    """A reader who leaves cancels nothing: a command that has begun is carried out."""

    def __init__(self):
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __call__(self, scope, receive, send):
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self.threads, self.respond, scope, body)
            await self.send_response(response, send)
            if response.streaming:
                await loop.run_in_executor(self.threads, response.close)

    def respond(self, scope, body) -> HttpResponseBase:
        """The whole way through middleware and view, in this thread; what need not be streamed is closed already."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response = refused or self.get_response(request)
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response
