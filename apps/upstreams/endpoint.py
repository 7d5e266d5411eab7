"""Where to send a request and with which key: all that the client knows of an upstream."""

import re
from urllib.parse import urlsplit

import msgspec

# Bases such as …/api/paas/v4 or …/v1beta/openai carry their own version in place of /v1.
_VERSIONED = re.compile(r"/v\d+[a-z]*(/openai)?$")

# Where this process serves the sandbox: each process talks to its own, whatever port another one has.
own_sandbox = ""


class Endpoint(msgspec.Struct, frozen=True):
    """`base_url` has no /v1 and no trailing slash. `problem` says why it cannot be used, such as an unreadable key."""

    base_url: str
    key: str = ""
    name: str = ""
    kind: str = "gateway"
    problem: str = ""

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r}, name={self.name!r}, kind={self.kind!r})"

    @property
    def title(self) -> str:
        return self.name or self.host

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    def url(self, path: str) -> str:
        """The address of a path that begins with /v1."""
        return self.base_url + (path.removeprefix("/v1") if _VERSIONED.search(self.base_url) else path)

    def credentials(self, path: str) -> dict[str, str]:
        """The header that carries the key: each vendor's own API reads another one; gateways read them all."""
        if not self.key:
            return {}
        if path.startswith("/v1/messages") or (path.startswith("/v1/models") and self.host == "api.anthropic.com"):
            return {"x-api-key": self.key, "anthropic-version": "2023-06-01"}
        if path.startswith("/v1beta/"):
            return {"x-goog-api-key": self.key}
        return {"authorization": f"Bearer {self.key}"}
