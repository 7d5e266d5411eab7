"""Short films with sound: the picture of what was asked for, or frames that were given, and a sun that crosses it."""

import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from . import picture, songs, sound

FRAMES_A_SECOND = 8
LONGEST_SIDE, LONGEST_SECONDS = 1280, 30.0
MEDIA_TYPE = "video/mp4"
CODECS = ("libx264", "mpeg4")
QUICK = {"libx264": {"preset": "ultrafast", "crf": "30", "threads": "1"}}


def film(
    said: str, size: tuple[int, int] = (1280, 720), seconds: float = 4, *, first: bytes = b"", last: bytes = b""
) -> bytes:
    """An MP4. It begins with the first frame and turns into the last, where they are given. Raises NotAPicture."""
    import av

    seconds = min(max(seconds, 0.5), LONGEST_SECONDS)
    begin, end = _ends(said, _even(size), first, last)
    with tempfile.TemporaryDirectory() as folder:
        # A file of its own: the index is moved to the front, so that it plays before it has all come.
        path = Path(folder) / "film.mp4"
        with av.open(path, "w", format="mp4", options={"movflags": "faststart"}) as output:
            output.metadata["title"] = said[:200]
            shown = _video(output, begin.size)
            heard = output.add_stream("aac", rate=sound.RATE, layout="mono")
            _show(output, shown, begin, end, seconds)
            sound.add(output, heard, songs.song(said, seconds))
        return path.read_bytes()


def poster(said: str, size: tuple[int, int] = (1280, 720), *, first: bytes = b"") -> bytes:
    """The first frame as a JPEG."""
    return picture.encoded(_ends(said, _even(size), first, b"")[0], "image/jpeg")


def _even(size: tuple[int, int]) -> tuple[int, int]:
    """As large as asked up to a limit, in even numbers: H.264 knows no others."""
    scale = min(1.0, LONGEST_SIDE / max(size))
    width, height = (max(64, round(side * scale)) // 2 * 2 for side in size)
    return width, height


def _ends(said: str, size: tuple[int, int], first: bytes, last: bytes) -> tuple[Image.Image, Image.Image]:
    begin = _frame(said, size, first) if first else picture.drawn(said, size)
    return begin, _frame(said, size, last) if last else begin


def _frame(said: str, size: tuple[int, int], data: bytes) -> Image.Image:
    return picture.written(ImageOps.fit(picture.read(data).convert("RGB"), size), said)


def _video(output, size: tuple[int, int]):
    import av

    known = next(name for name in CODECS if name in av.codecs_available)
    stream = output.add_stream(known, rate=FRAMES_A_SECOND, options=QUICK.get(known, {}))
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    return stream


def _show(output, stream, begin: Image.Image, end: Image.Image, seconds: float) -> None:
    import av

    begin, end = begin.convert("RGB"), end.convert("RGB")
    count = max(2, round(seconds * FRAMES_A_SECOND))
    for number in range(count):
        part = number / (count - 1)
        image = begin.copy() if end is begin else Image.blend(begin, end, part)
        _move(image, part)
        frame = av.VideoFrame.from_image(image)
        frame.pts = number
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _move(image: Image.Image, part: float) -> None:
    """A ball on its way across, and a bar that says how far the film is."""
    draw, (width, height) = ImageDraw.Draw(image), image.size
    radius = min(width, height) / 14
    across, up = radius + part * (width - 2 * radius), height * (0.5 - 0.35 * (1 - (2 * part - 1) ** 2))
    place = (across - radius, up - radius, across + radius, up + radius)
    draw.ellipse(place, fill=(255, 250, 225), outline=(60, 60, 80))
    draw.rectangle((0, 0, part * width, max(3, height // 90)), fill=(255, 255, 255))
