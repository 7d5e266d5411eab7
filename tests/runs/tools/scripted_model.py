"""A model on loopback that says what a test wants, round by round, in any wire format."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from apps.sandbox.script import Script, events
from apps.wire import formats
from apps.wire.events import Finished, UsageReported
from apps.wire.messages import GenerationRequest, HttpRequest, Part, Text
from tests.upstreams.scripted import Exchange, Scripted


@dataclass(frozen=True)
class Unfinished:
    """An answer that says these parts and then nothing more until the client leaves."""

    parts: Sequence[Part]


Answer = Sequence[Part] | Script | Unfinished | Callable[[GenerationRequest], Sequence[Part]]


class ScriptedModel:
    """`answers` are given in turn, the last one again and again; `asked` are the requests, titles apart."""

    def __init__(self, format: str, *answers: Answer):
        self.format, self.answers = format, answers
        self.asked: list[GenerationRequest] = []

    @contextmanager
    def serving(self):
        with Scripted(self._answer) as server:
            self.server = server
            yield self

    async def _answer(self, exchange: Exchange) -> None:
        wire = formats.get(self.format)
        got = exchange.request
        request = wire.parse(HttpRequest(method=got.method, path=got.path, headers=got.headers, body=got.body))
        if "conversation a title" in str(request.messages[0]):
            await self._say(exchange, request, Script(parts=(Text("A title"),)))
            return
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(request)
        if isinstance(answer, Unfinished):
            await self._begin(exchange, request, Script(parts=tuple(answer.parts)))
            await exchange.client_left()
        else:
            await self._say(exchange, request, _script(answer, request))

    async def _say(self, exchange: Exchange, request: GenerationRequest, script: Script) -> None:
        encoder = await self._begin(exchange, request, script, whole=True)
        if data := encoder.finish():
            await exchange.chunk(data)
        await exchange.end_stream()

    async def _begin(self, exchange: Exchange, request: GenerationRequest, script: Script, whole: bool = False):
        encoder = formats.get(self.format).Encoder()
        await exchange.begin_stream()
        for event in events(script, request, f"id-{exchange.number}", self.format):
            if not whole and isinstance(event, UsageReported | Finished):
                break
            if data := encoder.encode(event):
                await exchange.chunk(data)
        return encoder


def _script(answer: Answer, request: GenerationRequest) -> Script:
    if isinstance(answer, Script):
        return answer
    parts = tuple(answer(request) if callable(answer) else answer)
    calls = any(type(part).__name__ == "ToolCall" for part in parts)
    return Script(parts=parts, reason="tool_calls" if calls else "stop")
