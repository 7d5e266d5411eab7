"""No key in what is kept of a call: not in its headers and address, nor where the upstream repeats it."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

KEY = "[key]"
SECRET_HEADERS = frozenset(
    {
        "api-key",
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-goog-api-key",
    }
)
# A shorter one is no key, and would be found in every other word.
SHORTEST = 6
_QUERY = re.compile(r"([?&]key=)[^&#]*")
_LIKE_A_KEY = re.compile(rb"sk-[A-Za-z0-9_-]{8,}")


class Mask:
    """Takes one key out of texts and bytes, in each way in which it may be written there."""

    def __init__(self, key: str):
        written, plain = json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]
        forms = {key, quote(key, safe=""), plain, written, written.replace("/", "\\/")}
        self._forms = sorted(forms, key=len, reverse=True) if len(key) >= SHORTEST else []

    def text(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, KEY)
        return text

    def url(self, url: str) -> str:
        return _QUERY.sub(rf"\g<1>{KEY}", self.text(url))

    def headers(self, headers: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(name.lower(), self._header(name.lower(), value)) for name, value in headers.items()]

    def body(self, data: bytes, *, is_error: bool = False) -> bytes:
        """The same number of bytes, so that what is known by its place in them stays there.

        Errors like to repeat keys of others too, such as a gateway's own for its vendor.
        """
        for form in self._forms:
            data = data.replace(form.encode(), b"*" * len(form.encode()))
        return _LIKE_A_KEY.sub(_stars, data) if is_error else data

    def _header(self, name: str, value: str) -> str:
        if name not in SECRET_HEADERS:
            return self.text(value)
        scheme, space, _rest = value.partition(" ")
        return f"{scheme} {KEY}" if space and name.endswith("authorization") else KEY


def _stars(found: re.Match[bytes]) -> bytes:
    return b"sk-" + b"*" * (len(found[0]) - 3)
