"""Sound of an answer: bare samples in pieces, which are played as they come and kept as a WAV file; or a whole file."""

import base64
import re
import struct

WIDTH = 2
DEFAULT_RATE = 24_000
_RATE = re.compile(r"rate=(\d{4,6})\b")
_SAMPLES = re.compile(r"audio/(l16|pcm|raw)\b|codec=pcm")


def samples_rate(media_type: str) -> int:
    """Samples a second if these are bare 16-bit samples of one channel, as `audio/L16;codec=pcm;rate=24000`; else 0."""
    lower = media_type.lower()
    found = _RATE.search(lower)
    return (int(found.group(1)) if found else DEFAULT_RATE) if _SAMPLES.search(lower) else 0


class Sound:
    """Pieces of one media type. `take` gives the piece to play now, '' if there is none."""

    def __init__(self, media_type: str):
        self.told = media_type
        self._rate = samples_rate(media_type)
        self.media_type = f"audio/pcm;rate={self._rate}" if self._rate else media_type
        self._pieces: list[bytes] = []
        self._odd = b""

    def take(self, data: str) -> str:
        """Samples are cut only between two of them. Raises ValueError if this is no base64."""
        self._pieces.append(base64.b64decode(data, validate=True))
        if not self._rate:
            return ""
        playable = self._odd + self._pieces[-1]
        even = len(playable) - len(playable) % WIDTH
        self._odd = playable[even:]
        return base64.b64encode(playable[:even]).decode()

    def whole(self) -> tuple[str, str]:
        """Media type and base64 of all of it, as a player takes it."""
        sound = b"".join(self._pieces)
        if not self._rate:
            return self.media_type, base64.b64encode(sound).decode()
        return "audio/wav", base64.b64encode(wav(sound, self._rate)).decode()


def wav(samples: bytes, rate: int) -> bytes:
    """Bare samples as a WAV file. Google's L16 is little-endian as WAV is, whatever the RFC says."""
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16)
    head += struct.pack("<HHIIHH", 1, 1, rate, rate * WIDTH, WIDTH, 8 * WIDTH)
    return head + struct.pack("<4sI", b"data", len(samples)) + samples
