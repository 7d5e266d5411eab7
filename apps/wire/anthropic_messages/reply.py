"""The reply that is not streamed, in both directions."""

from collections.abc import Iterable

from ..events import Event
from ..messages import Refusal
from ..tolerant import dumps
from ..transcript import Transcript
from .content import reply_blocks
from .counts import usage_document
from .encoder import ending, error_document, message_document
from .stream import Decoder


def parse_reply(body: bytes, content_type: str = "application/json") -> list[Event]:
    """The events of a whole reply: the same as those of its stream, each text in one delta. Never raises."""
    decoder = Decoder(content_type)
    return decoder.feed(body) + decoder.finish()


def build_reply(events: Iterable[Event]) -> bytes:
    """The message that says what the events say, or the error object if they failed."""
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    if transcript.failed:
        return dumps(error_document(transcript.failed))
    started, finished, parts = transcript.started, transcript.finished, transcript.parts
    refusal = "".join(part.text for part in parts if isinstance(part, Refusal))
    ended = ending(finished if finished and not finished.truncated else None, refusal)
    head = message_document(started.id if started else "", started.model if started else "")
    return dumps({**head, "content": reply_blocks(parts), **ended, "usage": usage_document(transcript.usage)})
