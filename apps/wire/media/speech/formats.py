"""Which sound this is: by its first bytes, as gateways hand on whatever type an upstream declared."""

import struct

from ...sound import AAC_SYNC, MPEG_SYNC, RATE, STARTS, samples_rate, wav
from ..shapes import Made

TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
DECLARED = {"audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav", "audio/opus": "audio/ogg", "audio/aacp": "audio/aac"}
KNOWN = ("audio/mpeg", "audio/ogg", "audio/aac", "audio/flac", "audio/mp4", "audio/webm")
UNTOLD = "application/octet-stream"
ENDLESS = (0, 0x7FFFFFFF, 0xFFFFFFFF)


def kind_of(start: bytes, declared: str = "") -> str:
    """The media type of a sound that begins so; where its bytes say nothing, as declared.

    "" only where nothing is declared; bare samples are `audio/pcm;rate=…`: they may begin like a frame of MP3.
    """
    rate = samples_rate(declared)
    found = _by_word(start) or ("" if rate else _by_sync(start))
    if found or not declared:
        return found
    told = declared.partition(";")[0].strip()
    told = DECLARED.get(told, told)
    return told if told in KNOWN else f"audio/pcm;rate={rate or RATE}"


def file_of(sound: bytes, declared: str = "") -> Made:
    """The sound as a file that says itself what it is: bare samples get a header, WAV the lengths that it has."""
    kind = kind_of(sound, declared or UNTOLD)
    if kind.startswith("audio/pcm"):
        return Made("audio", "audio/wav", wav(sound[: len(sound) & ~1], samples_rate(kind)))
    return Made("audio", kind, mended(sound) if kind == "audio/wav" else sound)


def mended(sound: bytes) -> bytes:
    """A WAV file whose header was written before its length was known, with the lengths that it has."""
    place = sound.find(b"data", 12, 4096)
    if place < 0 or len(sound) < place + 8:
        return sound
    told, there = struct.unpack_from("<I", sound, place + 4)[0], len(sound) - place - 8
    if told <= there and told not in ENDLESS:
        return sound
    head = bytearray(sound[: place + 8])
    struct.pack_into("<I", head, 4, len(sound) - 8)
    struct.pack_into("<I", head, place + 4, there)
    return bytes(head) + sound[place + 8 :]


def samples_of(sound: bytes) -> bytes:
    """The samples of a WAV file as this program writes it, else the sound as it is."""
    samples = sound[44:]
    return samples if wav(samples) == sound else sound


def _by_word(start: bytes) -> str:
    if found := next((kind for magic, kind in STARTS.items() if start.startswith(magic)), ""):
        return found
    if start[4:8] == b"ftyp":
        return "audio/mp4"
    return "audio/webm" if start.startswith(b"\x1aE\xdf\xa3") else ""


def _by_sync(start: bytes) -> str:
    return "audio/aac" if start.startswith(AAC_SYNC) else "audio/mpeg" if start.startswith(MPEG_SYNC) else ""
