"""Sounds and films as they play: a poster, the size, the length, the waveform. Decoded in a process of its own."""

import subprocess
import sys
import threading
from typing import BinaryIO

import msgspec
from django.conf import settings

from .found import Found, broken

SECONDS = 90
# What libavformat calls the containers: a file is read as what it was found to be, and as nothing else.
FORMATS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "audio/mp4": "mp4",
    "audio/webm": "matroska",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
}
# A decoder may take a gigabyte: not many at once.
decoding = threading.BoundedSemaphore(2)


class Seen(msgspec.Struct, frozen=True):
    """What the decoder saw and heard; see `decode`."""

    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    poster: bytes | None = None
    peaks: bytes | None = None
    error: str = ""


def look_into(file: BinaryIO, found: Found) -> Seen:
    """Puts what is seen onto what was found. Raises NotTaken for what cannot be played."""
    seen = _decoded(file, FORMATS[found.media_type])
    if seen.error or (found.kind == "video" and seen.poster is None):
        raise broken(found.media_type.partition("/")[2].upper())
    found.thumbnail = seen.poster if found.kind == "video" else None
    found.width, found.height = found.width or seen.width, found.height or seen.height
    found.seconds = found.seconds or (round(seen.seconds, 2) if seen.seconds else None)
    return seen


def _decoded(file: BinaryIO, format: str) -> Seen:
    file.flush()
    file.seek(0)
    command = [sys.executable, "-m", "apps.media.reading.decode", format]
    try:
        with decoding:
            done = subprocess.run(  # noqa: S603
                command, stdin=file, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=False
            )
        return msgspec.msgpack.decode(done.stdout, type=Seen)
    except subprocess.TimeoutExpired:
        return Seen(error="timeout")
    except msgspec.MsgspecError:
        return Seen(error=f"ended with {done.returncode}")
    finally:
        file.seek(0)
