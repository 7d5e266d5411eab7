"""The scripts that the sandbox reads from, the picture that it shows, and the tone that it sounds."""

import base64
import io
import math
import struct
import wave
import zlib
from functools import cache
from pathlib import Path

from apps.wire.sound import RATE, wav

FOLDER = Path(__file__).with_name("texts")
LONG_WORDS = 5200
SOURCES = {
    "https://example.org/boiling": "Boiling point of water",
    "https://example.org/everest": "Cooking on Everest",
}


@cache
def text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()


@cache
def long_text() -> str:
    """More than 5,000 words in chapters; the same paragraphs come round again, as nobody reads to the end."""
    paragraphs = text("long").split("\n\n")
    blocks, words, chapter = ["# The Keeper's Book"], 0, 0
    while words < LONG_WORDS:
        chapter += 1
        shift = chapter % len(paragraphs)
        blocks.append(f"## Chapter {chapter}")
        blocks += paragraphs[shift:] + paragraphs[:shift]
        words += sum(len(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(blocks)


@cache
def picture(width: int = 160, height: int = 100) -> str:
    """A small PNG, base64: a sun over the sea."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y, width, height) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)).decode()


def _pixel(x: int, y: int, width: int, height: int) -> bytes:
    horizon = height * 2 // 3
    if y > horizon:
        return bytes((20, 60 + (x + y * 3) % 24, 120))
    if (x - width // 2) ** 2 + (y - horizon) ** 2 < (height // 4) ** 2:
        return bytes((255, 214, 90))
    return bytes((250 - y, 130 + y, 120 + y))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def drafts() -> tuple[str, ...]:
    """The same picture on its way: two smaller ones."""
    return picture(40, 25), picture(80, 50)


@cache
def tone(seconds: float = 0.6, pitch: float = 440.0) -> str:
    """A soft tone as a WAV file, base64: 24 kHz, mono, 16 bits."""
    count = int(seconds * RATE)
    fading = (math.sin(math.pi * place / count) * math.sin(math.tau * pitch * place / RATE) for place in range(count))
    return base64.b64encode(wav(b"".join(struct.pack("<h", int(12_000 * height)) for height in fading))).decode()


def samples_of(sound: str) -> bytes:
    with wave.open(io.BytesIO(base64.b64decode(sound))) as file:
        return file.readframes(file.getnframes())
