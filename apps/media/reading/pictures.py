"""Raster images: strictly read, turned the right way up, freed of what says where and when; with a small picture."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from ..refusals import NotTaken
from .found import Found, broken, reading
from .pixels import WALKS

THUMBNAIL = 512
MOST_FRAMES_PIXELS = 1_000_000_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
ORIENTATION = 0x0112
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error, zlib.error)
# A decoded picture takes hundreds of times its file: not many at once.
_decoding = threading.BoundedSemaphore(2)


def picture(data: bytes, media_type: str) -> Found:
    """Raises NotTaken for what is not wholly such an image, and for one that would unpack into too much."""
    what = FORMATS[media_type]
    with reading(what):
        clean = WALKS[media_type](data)
    with _decoding, _decoding_of(what):
        width, height = _check_size(clean, what)
        if _is_turned(data, what):
            clean = WALKS[media_type](_upright(data, what))
            width, height = _open(clean, what).size
        small = _thumbnail(clean, what)
    return Found("image", media_type, width=width, height=height, data=clean, thumbnail=small)


@contextmanager
def _decoding_of(what: str) -> Iterator[None]:
    """Pillow says in many ways that it cannot read something."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UNREADABLE as error:
        raise broken(what) from error


def _open(data: bytes, what: str) -> Image.Image:
    return Image.open(BytesIO(data), formats=[what])


def _check_size(data: bytes, what: str) -> tuple[int, int]:
    """Told by the header, before anything is unpacked."""
    image = _open(data, what)
    pixels = image.width * image.height
    if pixels > settings.UPLOAD_MEGAPIXELS * 1_000_000:
        raise _too_large()
    if pixels * getattr(image, "n_frames", 1) > MOST_FRAMES_PIXELS:
        raise _too_large()
    return image.size


def _too_large() -> NotTaken:
    limit = settings.UPLOAD_MEGAPIXELS
    return NotTaken(_("This image has more than %(limit)s megapixels. Make it smaller.") % {"limit": limit}, 413)


def _is_turned(data: bytes, what: str) -> bool:
    image = _open(data, what)
    return image.getexif().get(ORIENTATION, 1) in range(2, 9) and getattr(image, "n_frames", 1) == 1


def _upright(data: bytes, what: str) -> bytes:
    image = _open(data, what)
    profile = image.info.get("icc_profile")
    out = BytesIO()
    options = {"quality": 95} if what in {"JPEG", "WEBP"} else {}
    ImageOps.exif_transpose(image).save(out, what, icc_profile=profile, **options)
    return out.getvalue()


def _thumbnail(data: bytes, what: str) -> bytes:
    """Decodes the picture, so that a damaged one is found out."""
    image = _open(data, what)
    image.draft("RGB", (THUMBNAIL, THUMBNAIL))
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    small = image.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    out = BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()
