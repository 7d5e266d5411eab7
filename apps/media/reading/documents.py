"""PDF: from its first byte to its end mark, with nothing before or behind."""

from typing import BinaryIO

from .found import Found, broken, read_at
from .impostors import impostor

TAIL = 2048


def pdf(file: BinaryIO, size: int) -> Found:
    tail = read_at(file, max(0, size - TAIL), TAIL)
    _content, mark, rest = tail.rpartition(b"%%EOF")
    if not mark:
        raise broken("PDF")
    if rest.strip(b"\0\t\n\f\r "):
        raise impostor()
    return Found("pdf", "application/pdf")
