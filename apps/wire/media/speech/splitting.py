"""Long texts in pieces that one request takes, and the sounds of the pieces as one."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from ..shapes import Made, MediaRequest
from .formats import body_of, one_wav

LONGEST = 4096
# A sign of Chinese, Japanese or Korean takes as long to say as a short word: longer pieces would keep one waiting.
LONGEST_WIDE = 1000
# Mere frames, one after another.
FRAMES = ("audio/mpeg", "audio/aac")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
# Where to cut, the best first: paragraphs, sentences, clauses, words.
_ENDS = (
    re.compile(r"\S(?=[ \t]*\n\s*\n)"),
    re.compile(r"[.!?…]['\"”’)\]]*(?=\s)|[。！？][”’」』）]*|\S(?=\n)"),
    re.compile(r"[,;:](?=\s)|[，；：、]"),
    re.compile(r"\S(?=\s)"),
)


def requests_of(request: MediaRequest) -> list[MediaRequest]:
    """The requests that say the whole text, in order; a text that one request takes goes as it is."""
    found = pieces(request.prompt)
    return [replace(request, prompt=piece) for piece in found] if len(found) > 1 else [request]


def most_of(text: str) -> int:
    """So many characters of such a text go into one request."""
    return LONGEST_WIDE if len(_WIDE.findall(text)) * 2 > len(text) else LONGEST


def pieces(text: str, longest: int = 0) -> list[str]:
    """The text cut where a speaker would pause, each piece at most `longest` characters; spaces at the cuts go."""
    longest = longest or most_of(text)
    found, rest = [], text.strip()
    while len(rest) > longest:
        place = _cut(rest, longest)
        found.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*found, rest] if rest else found


def joined(sounds: Sequence[Made]) -> Made | None:
    """The sounds one after another; None for formats whose files cannot be put together (FLAC, Ogg, MP4)."""
    kinds = {sound.media_type for sound in sounds}
    if len(kinds) != 1:
        return None
    first = sounds[0]
    if first.media_type in FRAMES:
        return replace(first, data=b"".join(body_of(sound.data, sound.media_type) for sound in sounds))
    whole = one_wav([sound.data for sound in sounds]) if first.media_type == "audio/wav" else b""
    return replace(first, data=whole) if whole else None


def _cut(text: str, longest: int) -> int:
    """Behind the last pause that fits, of the best kind that leaves no mere scrap; else in the middle of a word."""
    for ends in _ENDS:
        places = [found.end() for found in ends.finditer(text, 0, longest + 1) if found.end() <= longest]
        if places and places[-1] > longest // 3:
            return places[-1]
    return longest
