"""What a file is, by its content. Its name and what the browser said of it count for nothing but a text's kind."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from .reading import boxes, documents, sound
from .reading.found import Found, read_at
from .reading.impostors import refuse_impostor
from .reading.pictures import picture
from .reading.texts import text
from .refusals import NotTaken

MB = 1024 * 1024
IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
PROGRAMS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce")

Reader = Callable[[BinaryIO, int], Found]


def sniff(file: BinaryIO, size: int, name: str = "", limits: Mapping[str, int] | None = None) -> Found:
    """Raises NotTaken for what is not taken, too large for its kind, damaged, or two things at once.

    `limits` are megabytes by kind; those of uploads, unless others are given.
    """
    limits = limits or settings.UPLOAD_MB
    head = read_at(file, 0, 16)
    if not size:
        raise NotTaken(_("This file is empty."))
    if head.startswith(PROGRAMS) or _is_windows_program(file, head):
        raise NotTaken(_("Programs are not taken."))
    media_type = image_type(head)
    if media_type:
        _check_size(limits, "image", size)
        refuse_impostor(file)
        return picture(read_at(file, 0, size), media_type)
    kind, reader = _reader(head)
    if reader:
        _check_size(limits, kind, size)
        refuse_impostor(file, is_pdf=kind == "pdf")
        found = reader(file, size)
        _check_size(limits, found.kind, size)
        return found
    _check_size(limits, "text", size, _could_be_text(file))
    return text(read_at(file, 0, size), name)


def image_type(head: bytes) -> str:
    """The media type of a raster image by its first bytes, '' for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in IMAGES.items() if head.startswith(start)), "")


def _reader(head: bytes) -> tuple[str, Reader | None]:
    """The kind that the first bytes promise at most, and who reads it."""
    if head.startswith(b"%PDF-"):
        return "pdf", documents.pdf
    if head[4:8] == b"ftyp":
        return "video", boxes.film
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video", sound.webm
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio", sound.wav
    if head.startswith(b"OggS"):
        return "audio", sound.ogg
    if head.startswith(b"fLaC"):
        return "audio", sound.flac
    if head[0] == 0xFF and head[1:2] and head[1] & 0xF6 == 0xF0:
        return "audio", sound.aac
    if head.startswith(b"ID3") or (head[0] == 0xFF and head[1:2] and head[1] & 0xE6 == 0xE2):
        return "audio", sound.mp3
    return "", None


def _is_windows_program(file: BinaryIO, head: bytes) -> bool:
    """A text may begin with MZ; a program has the mark of its format where its header says."""
    if not head.startswith(b"MZ"):
        return False
    return b"\0" in read_at(file, 0, 64)


def _could_be_text(file: BinaryIO) -> bool:
    head = read_at(file, 0, 4096)
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))


def _check_size(limits: Mapping[str, int], kind: str, size: int, applies: bool = True) -> None:
    """What is no text at all is refused for that rather than for its size."""
    limit = limits.get(kind, settings.UPLOAD_MB[kind])
    if applies and size > limit * MB:
        raise NotTaken(
            _("This file is larger than %(limit)s MB, the limit for this kind of file.") % {"limit": limit}, 413
        )
    if not applies and size > max(limits.values()) * MB:
        raise NotTaken(_("This file is too large."), 413)
