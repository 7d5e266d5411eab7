"""Sound as formats carry it: base64, whole or in pieces that are each padded by themselves and joined as bytes."""

import base64
import binascii
import re
import struct
from typing import Any

from .messages import Audio

RATE, WIDTH = 24_000, 2
STARTS = {b"RIFF": "audio/wav", b"ID3": "audio/mpeg", b"OggS": "audio/ogg", b"fLaC": "audio/flac"}
MPEG_SYNC = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")
AAC_SYNC = (b"\xff\xf1", b"\xff\xf9")
FORMATS = {"audio/wav": "wav", "audio/x-wav": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3"}
TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_RATE = re.compile(r"rate=(\d{4,6})\b")
_SAMPLES = re.compile(r"audio/(l16|pcm|raw)\b|codec=pcm")


class Sound:
    """What came so far of one sound, of the media type that was told, if any was."""

    def __init__(self, told: str = "") -> None:
        self.told = told
        self._rate = samples_rate(told) if told else RATE
        self.media_type = f"audio/pcm;rate={self._rate}" if told and self._rate else told
        self._taken: list[bytes] = []
        self._odd = b""

    def take(self, data: str) -> str:
        """The piece to play now, in whole samples; '' if this is no PCM: nothing else can be played before its end.

        Raises ValueError if it is no base64.
        """
        self._taken.append(base64.b64decode(data, validate=True))
        if not self._rate or (not self.told and _by_magic(self._taken[0])):
            return ""
        playable = self._odd + self._taken[-1]
        even = len(playable) - len(playable) % WIDTH
        self._odd = playable[even:]
        return base64.b64encode(playable[:even]).decode()

    def whole(self, streamed: bool = True) -> tuple[str, str] | None:
        """Media type and base64 of all of it, as a player takes it; None if nothing came.

        Without a media type a stream is 24 kHz mono PCM, and PCM may begin like anything: only magic words count.
        """
        sound = b"".join(self._taken)
        if not sound:
            return None
        kind = self._kind(sound, streamed)
        return kind or "audio/wav", base64.b64encode(sound if kind else wav(sound, self._rate)).decode()

    def _kind(self, sound: bytes, streamed: bool) -> str:
        """The media type of a sound that is a file by itself, '' for bare samples."""
        if self.told:
            return "" if self._rate else self.told
        return _by_magic(sound) or ("" if streamed else _by_sync(sound))


def samples_rate(media_type: str) -> int:
    """Samples a second if these are bare 16-bit samples of one channel, as `audio/L16;codec=pcm;rate=24000`; else 0."""
    lower = media_type.lower()
    found = _RATE.search(lower)
    return (int(found.group(1)) if found else RATE) if _SAMPLES.search(lower) else 0


def wav(samples: bytes, rate: int = RATE) -> bytes:
    """16-bit mono samples as a WAV file. Google's L16 is little-endian as WAV is, whatever the RFC says."""
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16)
    head += struct.pack("<HHIIHH", 1, 1, rate, rate * WIDTH, WIDTH, 8 * WIDTH)
    return head + struct.pack("<4sI", b"data", len(samples)) + samples


def pieces_of(data: str) -> str:
    """The base64 that a stream carries of a whole sound: of a WAV file of ours only its samples."""
    try:
        sound = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return data
    samples = sound[44:]
    return base64.b64encode(samples).decode() if wav(samples) == sound else data


def write_input_audio(audio: Audio) -> dict[str, Any]:
    """The part of a prompt that both of OpenAI's formats have for it."""
    heard = {"data": audio.data, "format": FORMATS.get(audio.media_type, "wav")}
    return {"type": "input_audio", "input_audio": heard}


def read_input_audio(found: Any) -> Audio | None:
    if not isinstance(found, dict) or not isinstance(found.get("data"), str):
        return None
    return Audio(media_type=TYPES.get(str(found.get("format")), "audio/wav"), data=found["data"])


def _by_magic(sound: bytes) -> str:
    return next((kind for start, kind in STARTS.items() if sound.startswith(start)), "")


def _by_sync(sound: bytes) -> str:
    return "audio/mpeg" if sound.startswith(MPEG_SYNC) else "audio/aac" if sound.startswith(AAC_SYNC) else ""
