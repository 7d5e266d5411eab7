"""The sound of a film, small enough to be sent: taken out in a process of its own."""

import subprocess
import sys
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from ..refusals import NotTaken
from .film import FORMATS, decoding

SECONDS = 900
SOUND_TYPE = "audio/ogg"


def sound_of(file: BinaryIO, media_type: str) -> bytes:
    """Raises NotTaken where none can be heard."""
    command = [sys.executable, "-m", "apps.media.reading.hear", FORMATS[media_type]]
    file.seek(0)
    try:
        with decoding:
            done = subprocess.run(  # noqa: S603
                command, stdin=file, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, check=True
            )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NotTaken(_("The sound of this film could not be taken out of it.")) from error
    if not done.stdout:
        raise NotTaken(_("This film has no sound."))
    return done.stdout
