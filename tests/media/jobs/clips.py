"""Small real films and sounds, made by PyAV, and things that only pretend to be some."""

import io
import math
import struct
from functools import cache

import av
from PIL import Image


@cache
def film(
    seconds: float = 1.0,
    width: int = 64,
    height: int = 48,
    colour: str = "orange",
    format: str = "mp4",
    sounds: bool = True,
) -> bytes:
    """A film, with sound unless it is not to have one: its first pictures are black, as those of films are."""
    out = io.BytesIO()
    codecs = ("libvpx", "libopus") if format == "webm" else ("mpeg4", "aac")
    with av.open(out, "w", format=format) as container:
        pictures = container.add_stream(codecs[0], rate=10)
        sound = container.add_stream(codecs[1], rate=8000) if sounds else None
        pictures.width, pictures.height, pictures.pix_fmt = width, height, "yuv420p"
        for number in range(int(seconds * 10)):
            image = Image.new("RGB", (width, height), "black" if number < 2 else colour)
            container.mux(pictures.encode(av.VideoFrame.from_image(image)))
        container.mux(pictures.encode())
        for frame in _tone(seconds, 8000, 1024) if sound else ():
            container.mux(sound.encode(frame))
        if sound:
            container.mux(sound.encode())
    return out.getvalue()


@cache
def song(seconds: float = 1.0) -> bytes:
    """An MP3, soft at first and loud at its end."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        sound = container.add_stream("libmp3lame", rate=16000)
        for frame in _tone(seconds, 16000, 1152):
            container.mux(sound.encode(frame))
        container.mux(sound.encode())
    return out.getvalue()


def _tone(seconds: float, rate: int, samples: int):
    for start in range(0, int(seconds * rate), samples):
        places = range(start, start + samples)
        heights = [0.9 * (place / (seconds * rate)) * math.sin(place / 10) for place in places]
        frame = av.AudioFrame(format="fltp", layout="mono", samples=samples)
        frame.sample_rate, frame.pts = rate, start
        frame.planes[0].update(struct.pack(f"{samples}f", *heights))
        yield frame


def broken_film() -> bytes:
    """Its boxes are whole and well named, and what should be pictures is noise."""
    data = bytearray(film())
    start = data.index(b"mdat") + 4
    length = struct.unpack_from(">I", data, start - 8)[0] - 8
    data[start : start + length] = bytes(place * 7 % 251 for place in range(length))
    return bytes(data)
