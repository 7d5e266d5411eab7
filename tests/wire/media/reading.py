"""Answers of media endpoints, recorded and read."""

from pathlib import Path

from apps.wire.media import dialects
from apps.wire.media.shapes import HttpReply, MediaEvent, MediaReply, MediaRequest, Replied, SoundChunk

from .answering import events

FIXTURES = Path(__file__).parent / "fixtures"
TYPES = {".json": "application/json", ".sse": "text/event-stream", ".html": "text/html", ".txt": "text/plain"}
ASKED = MediaRequest("m", "a red kite")


def recordings(dialect: str) -> list[Path]:
    """The files in fixtures/<dialect>/."""
    return sorted((FIXTURES / dialect).glob("*.*"))


def read(dialect: str, *chunks: bytes, content_type: str = "", asked: MediaRequest = ASKED) -> list[MediaEvent]:
    return together(events(dialect, asked, *chunks, content_type=content_type))


def together(found: list[MediaEvent]) -> list[MediaEvent]:
    """The pieces of a sound as one: bare bytes are handed on as they come."""
    joined: list[MediaEvent] = []
    for event in found:
        if joined and isinstance(event, SoundChunk) and isinstance(joined[-1], SoundChunk):
            event = SoundChunk(joined.pop().data + event.data, event.media_type)
        joined.append(event)
    return joined


def read_poll(dialect: str, *chunks: bytes, content_type: str = "application/json") -> list[MediaEvent]:
    reader = dialects.get(dialect).poll_reader(content_type)
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.finish()


def replied(found: list[MediaEvent]) -> MediaReply:
    """The end, which there is once."""
    assert [isinstance(event, Replied) for event in found] == [False] * (len(found) - 1) + [True]
    return found[-1].reply


def answered(dialect: str, sent: HttpReply, asked: MediaRequest = ASKED) -> MediaReply:
    return replied(read(dialect, sent.body, content_type=sent.content_type, asked=asked))


def recorded(dialect: str, name: str) -> MediaReply:
    """What a recorded answer says; those named poll… answer polls."""
    path = FIXTURES / dialect / name
    reader = read_poll if name.startswith("poll") else read
    return replied(reader(dialect, path.read_bytes(), content_type=TYPES[path.suffix]))
