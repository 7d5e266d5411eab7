"""Takes the sound out of a film that somebody else made: run as a process of its own, the file as its standard input.

    python -m apps.media.reading.hear FORMAT < file > sound.ogg
    python -m apps.media.reading.hear FORMAT --begins < file

The second prints whether there is any, by its first samples alone.
Limited as `decode` is. Speech is all that is to be understood in it: one channel, 24 kilobits a second.
"""

import io
import sys
from typing import BinaryIO

import av

from .decode import MOST_SECONDS, limit

CPU_SECONDS = 600
RATE, BITS = 48_000, 24_000


def main() -> None:
    limit(CPU_SECONDS)
    with open(0, "rb") as file:
        find = begins if "--begins" in sys.argv else sound
        sys.stdout.buffer.write(find(file, sys.argv[1]))


def begins(file: BinaryIO, format: str) -> bytes:
    """b"" where nothing can be heard. Raises as `sound` does."""
    with av.open(file, format=format) as container:
        if not container.streams.audio:
            return b""
        return b"yes" if next(container.decode(container.streams.audio[0]), None) else b""


def sound(file: BinaryIO, format: str) -> bytes:
    """As Ogg Opus; b"" where there is none. Raises av.FFmpegError and ValueError for what cannot be played."""
    out = io.BytesIO()
    with av.open(file, format=format) as container:
        if not container.streams.audio:
            return b""
        with av.open(out, "w", format="ogg") as written:
            _copy(container, written)
    return out.getvalue()


def _copy(container, written) -> None:
    heard = container.streams.audio[0]
    heard.codec_context.thread_count = 1
    stream = written.add_stream("libopus", rate=RATE, layout="mono", bit_rate=BITS)
    resampler, count = av.AudioResampler(format="s16", layout="mono", rate=RATE), 0
    for frame in container.decode(heard):
        for piece in resampler.resample(frame):
            count += piece.samples
            written.mux(stream.encode(piece))
        if count > MOST_SECONDS * RATE:
            raise ValueError("too long")
    for piece in resampler.resample(None):
        written.mux(stream.encode(piece))
    written.mux(stream.encode(None))


if __name__ == "__main__":
    main()
