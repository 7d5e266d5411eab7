"""Files that are two things at once: one for us, and another for whoever is to be fooled."""

import re
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from ..refusals import NotTaken
from .found import read_at

# What makes a browser that guesses take a file for a page.
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|embed|object|\?php)\b", re.IGNORECASE)
GUESSED_FROM, PDF_FROM = 2048, 1024


def refuse_impostor(file: BinaryIO, *, is_pdf: bool = False) -> None:
    """Raises NotTaken for what is a page, a PDF or an archive besides: a PDF may begin anywhere in the first kilobyte,
    an archive is read from its end."""
    head = read_at(file, 0, GUESSED_FROM)
    file.seek(0)
    if PAGE.search(head) or (not is_pdf and b"%PDF-" in head[:PDF_FROM]) or zipfile.is_zipfile(file):
        raise impostor()


def impostor() -> NotTaken:
    return NotTaken(_("This file is two kinds of file at once, as attacks are made. It was not kept."))
