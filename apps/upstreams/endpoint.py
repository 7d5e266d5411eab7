"""Where to send a request and with which key: all that the client knows of an upstream."""

import re
from urllib.parse import quote, urlsplit

import msgspec

from apps.wire.messages import HttpRequest, KeyPlace

# Bases such as …/api/paas/v4 or …/v1beta/openai carry their own version in place of /v1.
_VERSIONED = re.compile(r"/v\d+[a-z]*(/openai)?$")

# What the paths of Gemini's format begin with.
NATIVE = "/v1beta/"

# Where this process serves the sandbox: each process talks to its own, whatever port another one has.
own_sandbox = ""


class Endpoint(msgspec.Struct, frozen=True):
    """`base_url` has no /v1 and no trailing slash. `problem` says why it cannot be used, such as an unreadable key.

    `gemini_version` is what Gemini's paths begin with, `gemini_key` the place where its requests have the key.
    """

    base_url: str
    key: str = ""
    name: str = ""
    kind: str = "gateway"
    problem: str = ""
    gemini_version: str = "v1beta"
    gemini_key: KeyPlace = "x-goog-api-key"

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r}, name={self.name!r}, kind={self.kind!r})"

    @property
    def title(self) -> str:
        return self.name or self.host

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    def url(self, path: str) -> str:
        """The address of a path that begins with /v1, or with /v1beta where it is Gemini's own."""
        if path.startswith(NATIVE):
            return _VERSIONED.sub("", self.base_url) + f"/{self.gemini_version}/" + path.removeprefix(NATIVE)
        return self.base_url + (path.removeprefix("/v1") if _VERSIONED.search(self.base_url) else path)

    def address(self, request: HttpRequest) -> str:
        """Where the request goes, its key included if that is where it belongs: never to be shown or kept."""
        url = self.url(request.path)
        if self._place(request.key_as) != "query" or not self.key:
            return url
        return f"{url}{'&' if '?' in url else '?'}key={quote(self.key, safe='')}"

    def credentials(self, key_as: KeyPlace) -> dict[str, str]:
        """The header that carries the key; none where it is part of the address."""
        place = self._place(key_as)
        if not self.key or place == "query":
            return {}
        return {"authorization": f"Bearer {self.key}"} if place == "bearer" else {place: self.key}

    def _place(self, key_as: KeyPlace) -> KeyPlace:
        """Gemini's key may be wanted elsewhere: what is set for the upstream wins over the format's own place."""
        return self.gemini_key if key_as == "x-goog-api-key" else key_as

    def asking(self, path: str) -> HttpRequest:
        """A request for a document such as the catalogue: vendors' own APIs want their own header, gateways Bearer."""
        if self.host == "api.anthropic.com":
            return HttpRequest("GET", path, {"anthropic-version": "2023-06-01"}, key_as="x-api-key")
        return HttpRequest("GET", path, key_as="x-goog-api-key" if path.startswith(NATIVE) else "bearer")
