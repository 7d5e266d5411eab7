"""A pause for a key whose upstream fails again and again: five calls in a row, and nobody waits on it for 30 seconds.

Counted per process, for failures that asking again might mend; each counts once, after its retries. Any other answer,
even a refusal, shows that the upstream is there. The sandbox fails on purpose and is never paused.
"""

import hashlib
import math
import time
from collections.abc import Callable

from django.utils.translation import ngettext

from .endpoint import Endpoint
from .failures import UpstreamError

FAILURES = 5
PAUSE = 30.0


class Breaker:
    """Circuits by upstream and key. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._failed: dict[bytes, tuple[int, float]] = {}

    def refuse(self, endpoint: Endpoint) -> None:
        """Raises UpstreamError, of kind paused, while the key is left alone; after that calls are let through again."""
        count, since = self._failed.get(_circuit(endpoint), (0, 0.0))
        left = since + PAUSE - self._clock()
        if count >= FAILURES and left > 0:
            raise _paused(endpoint, count, math.ceil(left))

    def failed(self, endpoint: Endpoint, error: UpstreamError) -> None:
        if not error.retryable or endpoint.kind == "sandbox":
            self.answered(endpoint)
            return
        circuit = _circuit(endpoint)
        self._failed[circuit] = self._failed.get(circuit, (0, 0.0))[0] + 1, self._clock()

    def answered(self, endpoint: Endpoint) -> None:
        self._failed.pop(_circuit(endpoint), None)

    def forget(self) -> None:
        self._failed.clear()


def _circuit(endpoint: Endpoint) -> bytes:
    """No key is kept in clear."""
    return hashlib.sha256(f"{endpoint.base_url}\0{endpoint.key}".encode()).digest()


def _paused(endpoint: Endpoint, count: int, seconds: int) -> UpstreamError:
    text = ngettext(
        "{name} failed {count} times in a row and is left alone for a moment: it is tried again in {seconds} second.",
        "{name} failed {count} times in a row and is left alone for a moment: it is tried again in {seconds} seconds.",
        seconds,
    )
    message = text.format(name=endpoint.title, count=count, seconds=seconds)
    return UpstreamError(message, kind="paused", retry_after=float(seconds), sent=False)


breaker = Breaker()
