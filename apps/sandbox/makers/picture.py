"""Pictures with what was asked for drawn into them, and edits that show what they were made from, by Pillow."""

import colorsys
import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps, PngImagePlugin

from . import seeds

SQUARE = (1024, 1024)
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "DejaVuSans.ttf")
SMALLEST, LARGEST, MOST_PIXELS = 64, 4096, 40_000_000
LONGEST = 300
NOTE = "prompt"
_SIDE = re.compile(r"\s*0*[1-9][0-9]{0,5}\s*")


class NotAPicture(Exception):
    """These bytes are no picture that can be read."""


def drawn(said: str, size: tuple[int, int] = SQUARE, *, transparent: bool = False, nth: int = 0) -> Image.Image:
    """A sky, hills and a sun, coloured by the words, with the words on a panel. `nth` tells several apart."""
    width, height = (min(max(side, SMALLEST), LARGEST) for side in size)
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0)) if transparent else _sky(said, width, height, nth)
    draw = ImageDraw.Draw(image)
    _sun(draw, said, width, height, nth)
    for layer in range(3):
        _hill(draw, said, width, height, nth, layer)
    return written(image, said)


def written(image: Image.Image, said: str) -> Image.Image:
    """The picture with the words on a panel at its foot, and among what is noted in the file."""
    image = image.convert("RGBA")
    width, height = image.size
    letters = max(10, min(width, height) // 22)
    face = _face(letters, said.isascii())
    lines = textwrap.wrap(said[:LONGEST], max(6, int(width * 1.55 / letters))) or ["(no words)"]
    text = "\n".join(lines[:6])
    panel = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(panel)
    box = draw.multiline_textbbox((0, 0), text, font=face, spacing=letters // 4)
    left, top = letters, height - box[3] - letters
    edge = letters // 2
    draw.rounded_rectangle((left - edge, top - edge, width - edge, height - edge), edge, fill=(18, 20, 28, 225))
    draw.multiline_text((left, top), text, font=face, fill=(255, 255, 255, 255), spacing=letters // 4)
    made = Image.alpha_composite(image, panel)
    made.info[NOTE] = said
    return made


def edited(said: str, inputs: Sequence[bytes], mask: bytes = b"", size: tuple[int, int] | None = None) -> Image.Image:
    """The first input with something new where the mask is transparent, outlined; the others lie small on top.

    Without a mask the whole picture changes its colours. Raises NotAPicture.
    """
    first, *others = (read(data) for data in inputs)
    base = ImageOps.fit(first, size or _bounded(first.size)).convert("RGBA")
    hole = _hole(read(mask), base.size) if mask else None
    base = _painted(base, hole, said) if hole else ImageEnhance.Color(base).enhance(1.6)
    side = max(24, min(base.size) // 5)
    for place, other in enumerate(others[: max(1, base.width // (side + 8))]):
        small = ImageOps.expand(ImageOps.fit(other.convert("RGBA"), (side, side)), 3, "white")
        base.paste(small, (8 + place * (side + 14), 8))
    return written(base, said)


def steps(image: Image.Image, count: int) -> Iterator[Image.Image]:
    """The picture on its way: blurred, and less so each time."""
    for step in range(count):
        # Made small and large again: a real blur of this many pixels takes a second.
        small = image.resize([max(2, side * (step + 1) // 40) for side in image.size], Image.Resampling.BOX)
        yield small.resize(image.size, Image.Resampling.BICUBIC)


def encoded(image: Image.Image, media_type: str = "image/png", quality: int = 85) -> bytes:
    """`quality` is 0 to 100, for JPEG and WebP. The words are kept in PNG as a note, in JPEG as its comment."""
    file, said = io.BytesIO(), str(image.info.get(NOTE, ""))
    kind = FORMATS.get(media_type, "PNG")
    if kind == "PNG":
        note = PngImagePlugin.PngInfo()
        note.add_itxt(NOTE, said)
        image.save(file, "PNG", compress_level=3, pnginfo=note)
    elif kind == "JPEG":
        image.convert("RGB").save(file, "JPEG", quality=quality, comment=said.encode())
    else:
        image.save(file, "WEBP", quality=quality, method=0)
    return file.getvalue()


def read(data: bytes) -> Image.Image:
    """Raises NotAPicture, for one that is too large to unpack as well."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MOST_PIXELS:
            raise NotAPicture("The picture has too many pixels.")
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture("Invalid image file or mode.") from error
    return image


def sized(wanted: str, otherwise: tuple[int, int] = SQUARE) -> tuple[int, int]:
    """The pixels of "1536x1024", of a ratio as "16:9", or `otherwise`."""
    for sign, scale in (("x", 0), (":", 1024)):
        sides = wanted.lower().replace("×", "x").split(sign)
        if len(sides) == 2 and all(_SIDE.fullmatch(side) for side in sides):
            width, height = int(sides[0]), int(sides[1])
            longest = scale / max(width, height) if scale else 1
            return max(1, round(width * longest)), max(1, round(height * longest))
    return otherwise


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, 1536 / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _hole(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """White where the mask is transparent."""
    return ImageChops.invert(mask.convert("RGBA").getchannel("A").resize(size))


def _painted(base: Image.Image, hole: Image.Image, said: str) -> Image.Image:
    fresh = _sky(said, *base.size, nth=1)
    draw = ImageDraw.Draw(fresh)
    for start in range(-base.height, base.width, 24):
        draw.line((start, base.height, start + base.height, 0), fill=_colour(said, 9, 0.9), width=6)
    edge = hole.filter(ImageFilter.MaxFilter(5))
    return Image.composite(fresh, Image.composite(Image.new("RGBA", base.size, "white"), base, edge), hole)


def _sky(said: str, width: int, height: int, nth: int) -> Image.Image:
    above, below = (Image.new("RGBA", (width, height), _colour(said, nth, light)) for light in (0.55, 0.95))
    fade = Image.linear_gradient("L").resize((width, height))
    return Image.composite(below, above, fade)


def _sun(draw: ImageDraw.ImageDraw, said: str, width: int, height: int, nth: int) -> None:
    across, radius = seeds.between(0.2, 0.8, said, nth, "sun") * width, min(width, height) / 7
    middle = seeds.between(0.2, 0.4, said, nth, "height") * height
    draw.ellipse((across - radius, middle - radius, across + radius, middle + radius), fill=(255, 222, 120, 255))


def _hill(draw: ImageDraw.ImageDraw, said: str, width: int, height: int, nth: int, layer: int) -> None:
    peak = seeds.between(0.1, 0.9, said, nth, layer) * width
    top, foot = height * (0.45 + layer * 0.12), height * (0.72 + layer * 0.1)
    shape = [(0, height), (0, foot), (peak, top), (width, foot), (width, height)]
    draw.polygon(shape, fill=_colour(said, nth + layer + 1, 0.5 - layer * 0.12))


def _colour(said: str, nth: int, light: float) -> tuple[int, int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(seeds.between(0, 1, said, nth, "hue"), 0.55, max(0.1, min(light, 1.0)))
    return round(red * 255), round(green * 255), round(blue * 255), 255


@cache
def _face(letters: int, plain: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own for English, else one of the machine's that knows more letters, if it has any."""
    for name in () if plain else FONTS:
        try:
            return ImageFont.truetype(name, letters)
        except OSError:
            continue
    return ImageFont.load_default(letters)
