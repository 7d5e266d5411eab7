"""Two texts as the pieces that both have, that only the first has, and that only the second has."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

SAME, GONE, NEW = "same", "gone", "new"
# Beyond this many pieces the differ would take seconds: longer texts are compared line by line, and then cut.
MOST = 6_000
_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Piece(msgspec.Struct, frozen=True):
    kind: str
    text: str


class Diff(msgspec.Struct, frozen=True):
    """`by_line` says that words were not compared, `cut` that only the beginnings were."""

    pieces: Sequence[Piece]
    by_line: bool = False
    cut: bool = False

    @property
    def same(self) -> bool:
        return all(piece.kind == SAME for piece in self.pieces)


def words(one: str, other: str) -> Diff:
    """Word by word; Chinese, Japanese and Korean character by character."""
    first, second = _words(one), _words(other)
    if max(len(first), len(second)) <= MOST:
        return Diff(_pieces(first, second))
    return lines(one, other)


def lines(one: str, other: str) -> Diff:
    first, second = one.splitlines(keepends=True), other.splitlines(keepends=True)
    cut = max(len(first), len(second)) > MOST
    return Diff(_pieces(first[:MOST], second[:MOST]), by_line=True, cut=cut)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for token in _WORDS.findall(text):
        found += list(token) if _WIDE.search(token) else [token]
    return found


def _pieces(first: Sequence[str], second: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    matcher = SequenceMatcher(None, first, second, autojunk=len(first) > 1000)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found.append(Piece(SAME, "".join(first[i:j])))
        if kind in ("delete", "replace"):
            found.append(Piece(GONE, "".join(first[i:j])))
        if kind in ("insert", "replace"):
            found.append(Piece(NEW, "".join(second[k:m])))
    return found
