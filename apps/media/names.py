"""Names of files as people and models give them, made harmless: shown, sent to models, offered for download."""

import re
import unicodedata

from apps.work import storable

LONGEST = 120

# The endings that fit a media type, the usual one first.
ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "audio/wav": ("wav", "wave"),
    "audio/mpeg": ("mp3",),
    "audio/aac": ("aac",),
    "audio/mp4": ("m4a", "mp4", "m4b"),
    "audio/ogg": ("ogg", "opus", "oga"),
    "audio/flac": ("flac",),
    "audio/webm": ("webm", "weba"),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/webm": ("webm",),
    "application/octet-stream": ("bin", "f32"),
}
# A text under such a name would be run or laid out by whoever opens the download.
PAGES = ("html", "htm", "xhtml", "xht", "shtml", "svg", "svgz", "mht", "mhtml")
ACTIVE = frozenset((*PAGES, "exe", "bat", "cmd", "com", "scr", "ps1", "vbs", "hta", "lnk", "url", "jar"))


def cleaned(name: str, media_type: str) -> str:
    """The last piece of the path, without controls and marks of direction, with an ending that its content has."""
    name = re.split(r"[\\/]", storable.text(name))[-1]
    name = "".join(" " if letter.isspace() else letter for letter in name if letter.isspace() or _is_shown(letter))
    name = " ".join(name.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    fitting = ENDINGS.get(media_type)
    if fitting and ending.lower() not in fitting:
        stem, ending = name, fitting[0]
    elif not fitting and (not dot or ending.lower() in ACTIVE):
        stem, ending = name, "txt"
    ending = ending[:20]
    return f"{stem[: LONGEST - len(ending)].rstrip('. ') or 'file'}.{ending}"


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cn", "Cs"}
