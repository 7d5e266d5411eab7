"""Our own client of each format, against the sandbox in this process."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from apps.sandbox.app import Sandbox
from apps.wire.errors import parse_error
from apps.wire.events import Failed
from apps.wire.formats import get
from apps.wire.messages import GenerationRequest, Message, Part, Text
from apps.wire.transcript import Transcript

KEY = "k"
HEADERS = {"bearer": "Authorization", "x-api-key": "x-api-key", "x-goog-api-key": "x-goog-api-key"}


@dataclass(frozen=True, slots=True)
class Reply:
    """`refused` is the error of a reply that was no answer."""

    status: int
    body: bytes
    answer: Transcript
    refused: Failed | None = None

    @property
    def parts(self) -> list[Part]:
        return self.answer.parts

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, Text))


def prompt(model: str, *said: Message | str | Part, **more) -> GenerationRequest:
    """A request; texts and other parts are one message of the user, if no messages are given."""
    messages = tuple(one for one in said if isinstance(one, Message))
    parts = tuple(Text(one) if isinstance(one, str) else one for one in said if not isinstance(one, Message))
    return GenerationRequest(
        model=model, messages=messages or (Message("user", parts or (Text("Hello there"),)),), **more
    )


async def ask(application: Sandbox, format: str, request: GenerationRequest) -> Reply:
    wire = get(format)
    sent = wire.build(request)
    key = f"Bearer {KEY}" if sent.key_as == "bearer" else KEY
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        headers = {**sent.headers, HEADERS[sent.key_as]: key}
        reply = await client.request(sent.method, sent.path, headers=headers, content=sent.body)
    return read(format, reply.status_code, reply.content, reply.headers)


def read(format: str, status: int, body: bytes, headers) -> Reply:
    answer, content_type = Transcript(), headers["content-type"]
    if status != 200:
        return Reply(status, body, answer, parse_error(status, body, content_type, headers))
    decoder = get(format).Decoder(content_type)
    for event in decoder.feed(body) + decoder.finish():
        answer.apply(event)
    return Reply(status, body, answer)


def answered(before: Sequence[Message], reply: Reply, *then: Message) -> tuple[Message, ...]:
    """The conversation with the answer, and what came after it."""
    return (*before, Message("assistant", tuple(reply.parts)), *then)
