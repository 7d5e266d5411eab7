"""The channel layer of a single process."""

import time

from channels.layers import InMemoryChannelLayer

CLEAN_SECONDS = 1.0


class MemoryLayer(InMemoryChannelLayer):
    """Looks for what has expired once a second: by itself it goes through every channel and group at every message."""

    _cleaned = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._cleaned >= CLEAN_SECONDS:
            self._cleaned = now
            super()._clean_expired()
