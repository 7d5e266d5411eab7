"""Decodes a sound or a film that somebody else made: run as a process of its own, with its standard input as the file.

    python -m apps.media.reading.decode FORMAT < file

A damaged or hostile file can make a decoder hang, swallow all memory or crash: here it takes nobody with it. What it
prints is one msgpack document: `seconds`, `width`, `height`, `poster` (WebP), `peaks` (a byte for each stretch), or
`error`. Needs neither Django nor a database.
"""

import io
import math
import resource
import sys
from array import array
from typing import Any, BinaryIO

import av
import msgspec

MEMORY = 2 * 1024**3
CPU_SECONDS = 60
MOST_PIXELS = 40_000_000
MOST_SECONDS = 4 * 3600
POSTER = 768
# The first picture is often black: so many are looked at for a brighter one.
MOST_FRAMES, DARK = 60, 24
RATE, PEAKS = 8000, 240


def limit(cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    limit(CPU_SECONDS)
    try:
        with open(0, "rb") as file:
            seen = look(file, sys.argv[1])
    except (av.FFmpegError, ValueError, EOFError, MemoryError) as error:
        seen = {"error": type(error).__name__}
    sys.stdout.buffer.write(msgspec.msgpack.encode(seen))


def look(file: BinaryIO, format: str) -> dict[str, Any]:
    """Raises av.FFmpegError and ValueError for what cannot be played."""
    seen: dict[str, Any] = {}
    with av.open(file, format=format) as container:
        films, sounds = container.streams.video, container.streams.audio
        if not films and not sounds:
            raise ValueError("nothing to play")
        if container.duration:
            seen["seconds"] = container.duration / av.time_base
        if films:
            seen |= _film(container, films[0])
    if sounds:
        file.seek(0)
        with av.open(file, format=format) as container:
            seen |= _sound(container, container.streams.audio[0], seen.get("seconds") or 0)
    return seen


def _film(container, stream) -> dict[str, Any]:
    context = stream.codec_context
    context.thread_count = 1
    if context.width * context.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    best, brightest = None, -1.0
    for number, frame in enumerate(container.decode(stream)):
        light = _light(frame)
        if light > brightest:
            best, brightest = frame, light
        if brightest > DARK or number >= MOST_FRAMES:
            break
    if best is None:
        raise ValueError("no picture")
    return {"width": best.width, "height": best.height, "poster": _webp(best)}


def _light(frame) -> float:
    """How bright the picture is on the whole, 0 to 255: the mean of a small grey copy."""
    data = bytes(frame.reformat(16, 16, "gray").planes[0])
    return sum(data) / len(data)


def _webp(frame) -> bytes:
    image = frame.to_image()
    image.thumbnail((POSTER, POSTER))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return out.getvalue()


def _sound(container, stream, seconds: float) -> dict[str, Any]:
    """The loudest sample of each of 240 stretches, and how long it is where the file does not say."""
    stream.codec_context.thread_count = 1
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    loudest, count = array("H"), 0
    step = RATE // 20
    rest = array("h")
    for frame in container.decode(stream):
        for piece in resampler.resample(frame):
            rest.frombytes(bytes(piece.planes[0])[: piece.samples * 2])
            count += piece.samples
        while len(rest) >= step:
            loudest.append(_peak(rest[:step]))
            del rest[:step]
        if count > MOST_SECONDS * RATE:
            raise ValueError("too long")
    if rest:
        loudest.append(_peak(rest))
    if not count:
        raise ValueError("no sound")
    return {"peaks": _folded(loudest), "seconds": seconds or count / RATE}


def _peak(samples: array) -> int:
    return min(32767, max(max(samples), -min(samples)))


def _folded(loudest: array) -> bytes:
    """At most 240 of them, as bytes; by the square root, so that what is soft can be seen too."""
    stretch = max(1, math.ceil(len(loudest) / PEAKS))
    tops = (max(loudest[start : start + stretch]) for start in range(0, len(loudest), stretch))
    return bytes(round(255 * math.sqrt(top / 32767)) for top in tops)


if __name__ == "__main__":
    main()
