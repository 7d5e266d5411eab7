"""Sound of a reply. It comes as base64: whole, or as pieces that are each padded by themselves and joined as bytes."""

import base64
import binascii
import struct

RATE, WIDTH = 24_000, 2
STARTS = {b"RIFF": "audio/wav", b"ID3": "audio/mpeg", b"OggS": "audio/ogg", b"fLaC": "audio/flac"}
MPEG_SYNC = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")
AAC_SYNC = (b"\xff\xf1", b"\xff\xf9")


class Sound:
    """What came so far. `take` gives the piece to play now, '' if there is none."""

    def __init__(self) -> None:
        self._taken: list[bytes] = []
        self._odd = b""

    def take(self, data: str) -> str:
        """A piece in whole samples, if this is PCM: nothing else can be played before its end. Raises ValueError."""
        self._taken.append(base64.b64decode(data, validate=True))
        if _by_magic(self._taken[0]):
            return ""
        playable = self._odd + self._taken[-1]
        even = len(playable) - len(playable) % WIDTH
        self._odd = playable[even:]
        return base64.b64encode(playable[:even]).decode()

    def whole(self, streamed: bool) -> tuple[str, str] | None:
        """Media type and base64 of all of it, as a player takes it; None if nothing came.

        A stream is 24 kHz mono PCM unless it says otherwise, and PCM may begin like anything: only magic words count.
        """
        sound = b"".join(self._taken)
        if not sound:
            return None
        kind = _by_magic(sound) or ("" if streamed else _by_sync(sound))
        return kind or "audio/wav", base64.b64encode(sound if kind else wav(sound)).decode()


def wav(pcm: bytes) -> bytes:
    """24 kHz mono 16-bit PCM as a WAV file."""
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * WIDTH, 2, 16)
    return head + struct.pack("<4sI", b"data", len(pcm)) + pcm


def pieces_of(data: str) -> str:
    """The base64 that a stream carries of a whole sound: of a WAV file of ours only its samples."""
    try:
        sound = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return data
    samples = sound[44:]
    return base64.b64encode(samples).decode() if wav(samples) == sound else data


def _by_magic(sound: bytes) -> str:
    return next((kind for start, kind in STARTS.items() if sound.startswith(start)), "")


def _by_sync(sound: bytes) -> str:
    return "audio/mpeg" if sound.startswith(MPEG_SYNC) else "audio/aac" if sound.startswith(AAC_SYNC) else ""
