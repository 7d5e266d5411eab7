"""A text as its reader sees it, and where each piece of that stands in the source.

Markdown, HTML, JSON and addresses can all write one letter in several ways: what is looked for is found in each.
"""

import html
import re
from bisect import bisect_right

_WAYS = re.compile(
    r"\\u(?P<json>[0-9a-fA-F]{4})|&(?P<entity>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}[0-9]{0,2});"
    r"|%(?P<quoted>[0-9a-fA-F]{2})|\\(?P<escaped>[!-/:-@\[-`{-~])"
    "|[*`~\u00ad\u200b-\u200f\u2060\ufeff]|</?[A-Za-z]{1,10}>"
)


class Written:
    """`text` is the plain one; `source` gives the span in the source of a span of it."""

    def __init__(self, source: str):
        pieces: list[str] = []
        self._plain, self._source, length, last = [0], [0], 0, 0
        for found in _WAYS.finditer(source):
            letter = _letter(found)
            if letter is None:
                continue
            pieces += [source[last : found.start()], letter]
            length += found.start() - last
            self._mark(length, found.start())
            length += len(letter)
            last = found.end()
            self._mark(length, last)
        self.text = "".join([*pieces, source[last:]])

    def _mark(self, plain: int, source: int) -> None:
        self._plain.append(plain)
        self._source.append(source)

    def source(self, start: int, end: int) -> tuple[int, int]:
        return self._place(start), self._place(end - 1) + self._width(end - 1)

    def _place(self, plain: int) -> int:
        at = bisect_right(self._plain, plain) - 1
        return self._source[at] + plain - self._plain[at]

    def _width(self, plain: int) -> int:
        """How long one letter is in the source: a marked one reaches up to the next mark."""
        at = bisect_right(self._plain, plain) - 1
        is_last = at + 1 == len(self._plain)
        ends = is_last or self._plain[at + 1] > plain + 1
        return 1 if ends else self._source[at + 1] - self._source[at] - (plain - self._plain[at])


def _letter(found: re.Match[str]) -> str | None:
    """What it stands for; '' for markup that a reader does not see, None for what only looks like a way to write."""
    if code := found["json"] or found["quoted"]:
        return chr(int(code, 16))
    if name := found["entity"]:
        letter = html.unescape(f"&{name};")
        return None if letter == f"&{name};" else letter
    return found["escaped"] or ""
