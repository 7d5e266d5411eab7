"""Which sound this is: by its first bytes, as gateways hand on whatever type an upstream declared."""

import struct
from collections.abc import Sequence

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
# The head of an MP3's tag; kilobits and samples a second of its frames, by the number that a frame has for them.
TAG = 10
KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
LOW_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
HERTZ = (44_100, 48_000, 32_000)


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


def body_of(sound: bytes, kind: str) -> bytes:
    """What plays on behind another sound: without tags, heads and what tells the length of this one alone."""
    if kind == "audio/wav":
        return sound[_head_of(sound) :]
    return _frames(sound) if kind == "audio/mpeg" else sound


def one_wav(sounds: Sequence[bytes]) -> bytes:
    """One WAV file of several, with the lengths that it has; b"" where they are not of one kind."""
    heads = [sound[: _head_of(sound)] for sound in sounds]
    if not heads[0] or any(head[12:-4] != heads[0][12:-4] for head in heads):
        return b""
    lengths = [struct.unpack("<I", head[-4:])[0] for head in heads]
    samples = [sound[len(heads[0]) :][:length] for sound, length in zip(sounds, lengths, strict=True)]
    return mended(heads[0][:-4] + bytes(4) + b"".join(samples))


def endless(sound: bytes) -> bytes:
    """A WAV file, or its beginning, that goes on for as long as something comes."""
    head = _head_of(sound)
    return sound[:4] + b"\xff" * 4 + sound[8 : head - 4] + b"\xff" * 4 + sound[head:] if head else sound


def _head_of(sound: bytes) -> int:
    """Where the samples of a WAV file begin; 0 if this is none."""
    place = sound.find(b"data", 12, 4096)
    return place + 8 if place > 0 and len(sound) >= place + 8 else 0


def _frames(sound: bytes) -> bytes:
    """The frames of an MP3; the first one may be a table of contents in the shape of one."""
    if sound.startswith(b"ID3") and len(sound) > TAG:
        length = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(sound[6:TAG])))
        sound = sound[TAG + length :]
    first = sound[: _frame_length(sound[:4])]
    return sound[len(first) :] if b"Xing" in first or b"Info" in first else sound


def _frame_length(head: bytes) -> int:
    """Bytes of the frame of an MP3 that begins so; 0 if none does."""
    if len(head) < 4 or not head.startswith(MPEG_SYNC) or head[2] >> 4 == 15 or head[2] >> 2 & 3 == 3:
        return 0
    is_first = head[1] & 8 > 0
    rates, per_frame = (KBITS, 144_000) if is_first else (LOW_KBITS, 72_000)
    return per_frame * rates[head[2] >> 4] // (HERTZ[head[2] >> 2 & 3] // (1 if is_first else 2)) + (head[2] >> 1 & 1)


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
