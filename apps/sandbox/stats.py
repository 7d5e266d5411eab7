"""What the sandbox has seen: how a test knows that Stop reached the upstream."""

from collections import Counter
from typing import Any

import msgspec


class Stats:
    def __init__(self) -> None:
        self.open = self.aborted = self.requests = self.polls = self.keyed_links = 0
        self.by_model: Counter[str] = Counter()
        self._last = b"null"

    def begin(self, model: str, body: bytes) -> int:
        """Counts a request for something to be said or made; gives how many this model has had."""
        self.open += 1
        self.requests += 1
        self.by_model[model] += 1
        self._last = body
        return self.by_model[model]

    def end(self, completed: bool) -> None:
        self.open -= 1
        if not completed:
            self.aborted += 1

    def document(self, with_request: bool) -> dict[str, Any]:
        """`open` are being answered now, `aborted` were left by their client; the last request is its body as sent.

        `polls` are looks at tasks; `keyed_links` says how often a link that needs no key was given one all the same.
        """
        found = {
            "open": self.open,
            "aborted": self.aborted,
            "requests": self.requests,
            "by_model": dict(self.by_model),
            "polls": self.polls,
            "keyed_links": self.keyed_links,
        }
        return {**found, "last_request": msgspec.Raw(self._last)} if with_request else found
