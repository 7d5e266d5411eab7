"""Recorded streams of a format, and what its decoder makes of them."""

from pathlib import Path

from apps.wire.events import Event
from apps.wire.formats import get
from apps.wire.transcript import Transcript

FIXTURES = Path(__file__).parent / "fixtures"


def recordings(format: str) -> list[str]:
    """The names of the streams in fixtures/<format>/."""
    return sorted(path.stem for path in (FIXTURES / format).glob("*.sse"))


def recorded(name: str, format: str = "openai_chat") -> bytes:
    return (FIXTURES / format / f"{name}.sse").read_bytes()


def decode(*chunks: bytes, content_type: str = "text/event-stream", format: str = "openai_chat") -> list[Event]:
    decoder = get(format).Decoder(content_type)
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.finish()


def fold(events: list[Event]) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def read(name: str, format: str = "openai_chat") -> Transcript:
    return fold(decode(recorded(name, format), format=format))


def one_byte_each(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]
