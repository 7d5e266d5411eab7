"""Long texts in pieces that one request takes, and the sounds of the pieces as one."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from ...sound import samples_rate, wav
from ..shapes import Made, MediaRequest
from .formats import samples_of

LONGEST = 4096
# A sign of Chinese, Japanese or Korean takes as long to say as a short word: longer pieces would keep one waiting.
LONGEST_WIDE = 1000
JOINED_AS_THEY_ARE = ("audio/mpeg", "audio/aac", "audio/ogg")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
# Where to cut, the best first: paragraphs, sentences, clauses, words.
_ENDS = (
    re.compile(r"\S(?=[ \t]*\n\s*\n)"),
    re.compile(r"[.!?…]['\"”’)\]]*(?=\s)|[。！？][”’」』）]*|\S(?=\n)"),
    re.compile(r"[,;:](?=\s)|[，；：、]"),
    re.compile(r"\S(?=\s)"),
)


def requests_of(request: MediaRequest) -> list[MediaRequest]:
    """The requests that say the whole text, in order."""
    return [replace(request, prompt=piece) for piece in pieces(request.prompt)] or [request]


def pieces(text: str, longest: int = 0) -> list[str]:
    """The text cut where a speaker would pause, each piece at most `longest` characters; spaces at the cuts go."""
    longest = longest or (LONGEST_WIDE if len(_WIDE.findall(text)) * 2 > len(text) else LONGEST)
    found, rest = [], text.strip()
    while len(rest) > longest:
        place = _cut(rest, longest)
        found.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*found, rest] if rest else found


def joined(sounds: Sequence[Made]) -> Made | None:
    """The sounds one after another; None for formats whose files cannot be put together (FLAC, MP4)."""
    kinds = {sound.media_type for sound in sounds}
    if len(kinds) != 1:
        return None
    first = sounds[0]
    if first.media_type in JOINED_AS_THEY_ARE:
        return replace(first, data=b"".join(sound.data for sound in sounds))
    samples = [samples_of(sound.data) for sound in sounds]
    if first.media_type != "audio/wav" or any(part.startswith(b"RIFF") for part in samples):
        return None
    return replace(first, data=wav(b"".join(samples), samples_rate("audio/pcm")))


def _cut(text: str, longest: int) -> int:
    """Behind the last pause that fits, of the best kind that leaves no mere scrap; else in the middle of a word."""
    for ends in _ENDS:
        places = [found.end() for found in ends.finditer(text, 0, longest + 1) if found.end() <= longest]
        if places and places[-1] > longest // 3:
            return places[-1]
    return longest
