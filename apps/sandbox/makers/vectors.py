"""Vectors that carry a little meaning: texts by words and pieces of words, pictures by colour and note."""

import math
import re
import zlib
from collections.abc import Sequence

from . import picture

DIMENSIONS = 1024
PIECES = (3, 4)
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
_WORD = re.compile(r"[\w']+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")


def of_text(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """Of unit length; alike texts point alike. Fewer dimensions are the first ones, brought to unit length again."""
    found = [0.0] * DIMENSIONS
    for piece, weight in _pieces(text.lower()):
        place = zlib.crc32(piece.encode("utf-8", "replace"))
        # The sign comes from another part of the hash, so that collisions cancel out rather than add up.
        found[place % DIMENSIONS] += weight if place & 0x10000000 else -weight
    return _unit(found[:dimensions])


def described(data: bytes) -> str:
    """A picture's note if it is one of ours, its colours, and how it lies. Raises NotAPicture."""
    image = picture.read(data)
    note = str(image.info.get(picture.NOTE) or "")
    lies = "wide" if image.width > image.height else "tall" if image.width < image.height else "square"
    hues = image.convert("HSV").resize((16, 16)).get_flattened_data()
    counted = [0] * len(COLOURS)
    for hue, strength, _ in hues:
        if strength > 60:
            counted[hue * len(COLOURS) // 256] += 1
    seen = [COLOURS[place] for place in sorted(range(len(COLOURS)), key=counted.__getitem__, reverse=True)[:2]]
    return f"{note} {' '.join(seen)} {lies} picture"


def fused(vectors: Sequence[Sequence[float]]) -> list[float]:
    """One vector for all of them."""
    return _unit([sum(heights) for heights in zip(*vectors, strict=True)])


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two vectors of unit length."""
    return sum(left * right for left, right in zip(one, other, strict=True))


def ranked(query: str, documents: Sequence[str]) -> list[tuple[int, float]]:
    """Index and score (0 to 1) of each document, best first; those alike in the order in which they came."""
    asked = of_text(query)
    scores = [round(max(0.0, similarity(asked, of_text(text))) ** 0.5, 6) for text in documents]
    return sorted(enumerate(scores), key=lambda entry: (-entry[1], entry[0]))


def _pieces(text: str) -> list[tuple[str, float]]:
    """Whole words count most, and long ones more than short ones; Chinese counts by the sign and by the pair."""
    found: list[tuple[str, float]] = []
    for word in _WORD.findall(text):
        if _WIDE.search(word):
            found += [(sign, 1.0) for sign in word] + [(word[at : at + 2], 1.5) for at in range(len(word) - 1)]
            continue
        weight = min(1.0, len(word) / 5)
        found.append((f"={word}", 2 * weight))
        edged = f"<{word}>"
        found += [(edged[at : at + size], weight / 2) for size in PIECES for at in range(len(edged) - size + 1)]
    return found


def _unit(found: list[float]) -> list[float]:
    length = math.sqrt(sum(height * height for height in found))
    if not length:
        return [1.0, *found[1:]]
    return [height / length for height in found]
