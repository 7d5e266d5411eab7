"""The sound of a film, small enough to be sent: taken out in a process of its own."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from ..refusals import NotTaken
from .film import FORMATS, decoding

SECONDS = 900
SOUND_TYPE = "audio/ogg"
PIECE = 1024 * 1024


def sound_of(file: BinaryIO, media_type: str) -> bytes:
    """Raises NotTaken where none can be heard."""
    return _heard(file, media_type)


def check(file: BinaryIO, media_type: str) -> None:
    """The same by the first samples alone, which takes no time."""
    _heard(file, media_type, "--begins")


def _heard(file: BinaryIO, media_type: str, *options: str) -> bytes:
    command = [sys.executable, "-m", "apps.media.reading.hear", FORMATS[media_type], *options]
    try:
        with _at_hand(file) as source, decoding:
            done = subprocess.run(  # noqa: S603
                command, stdin=source, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=True
            )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NotTaken(_("The sound of this film could not be taken out of it.")) from error
    if not done.stdout:
        raise NotTaken(_("This film has no sound."))
    return done.stdout


@contextmanager
def _at_hand(file: BinaryIO) -> Iterator[BinaryIO]:
    """From its beginning, as another process can read it: what no disk of ours holds is copied to one."""
    file.seek(0)
    try:
        file.fileno()
    except (AttributeError, OSError):
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            shutil.copyfileobj(file, copy, PIECE)
            copy.seek(0)
            yield copy
    else:
        yield file
