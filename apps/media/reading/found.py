"""What a look at a file's content gives."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec
from django.utils.translation import gettext as _

from ..refusals import NotTaken


class Found(msgspec.Struct):
    """`data` is to be kept in place of the bytes that came; `patches` (offset, bytes) are to be laid over them."""

    kind: str
    media_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    data: bytes | None = None
    patches: list[tuple[int, bytes]] = []
    thumbnail: bytes | None = None


def broken(what: str) -> NotTaken:
    return NotTaken(_("This file is not a whole %(what)s: it is damaged, cut off, or something else.") % {"what": what})


def read_at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """A file that ends too early, or whose numbers lead nowhere, is refused as broken."""
    try:
        yield
    except (struct.error, IndexError, ValueError, EOFError) as error:
        raise broken(what) from error
