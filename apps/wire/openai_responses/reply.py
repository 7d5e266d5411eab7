"""The reply that is not streamed, in both directions."""

from collections.abc import Iterable

from ..events import Event
from ..tolerant import dumps
from .encoder import Encoder
from .stream import Decoder


def parse_reply(body: bytes, content_type: str = "application/json") -> list[Event]:
    """The events of a whole reply: the same as those of its stream, each text in one delta. Never raises."""
    decoder = Decoder(content_type)
    return decoder.feed(body) + decoder.finish()


def build_reply(events: Iterable[Event], created: int = 0) -> bytes:
    """The response object that says what the events say; one that failed says so with its error."""
    encoder = Encoder(created=created)
    for event in events:
        encoder.encode(event)
    return dumps(encoder.response())
