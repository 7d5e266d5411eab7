"""Recorded streams, and what a decoder makes of them."""

from pathlib import Path

from apps.wire.events import Event
from apps.wire.formats import get
from apps.wire.transcript import Transcript

FIXTURES = Path(__file__).parent / "fixtures" / "openai_chat"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.sse"))


def recorded(name: str) -> bytes:
    return (FIXTURES / f"{name}.sse").read_bytes()


def decode(*chunks: bytes, content_type: str = "text/event-stream", format: str = "openai_chat") -> list[Event]:
    decoder = get(format).Decoder(content_type)
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.finish()


def fold(events: list[Event]) -> Transcript:
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    return transcript


def read(name: str) -> Transcript:
    return fold(decode(recorded(name)))


def one_byte_each(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]
