"""Time limits on a reply being read, for the price of one clock reading per chunk.

One timer per reply, which sets itself anew only when it rings: no task, timer or timeout object per chunk.
"""

import asyncio

from .endpoint import Endpoint
from .failures import UpstreamError, timed_out
from .limits import Limits


class Watch:
    """Ends a read that waits too long, by cancelling the reading task; time spent by the reader does not count."""

    __slots__ = ("_cancelling", "_deadline", "_loop", "_rang", "_silent_since", "_started", "_task", "_timer", "limits")

    def __init__(self, limits: Limits, started: float, deadline: float):
        self._loop = asyncio.get_running_loop()
        self.limits, self._started, self._deadline = limits, started, deadline
        self._silent_since: float | None = None
        self._task: asyncio.Task | None = None
        self._rang = ""
        self._cancelling = 0
        self._timer = self._loop.call_at(min(started + limits.first_byte, deadline), self._ring)

    def begin(self) -> None:
        """A read begins to wait."""
        self._task = asyncio.current_task()
        if self._silent_since is not None:
            self._silent_since = self._loop.time()

    def end(self) -> None:
        self._task = None
        if self._silent_since is None:
            self._silent_since = self._loop.time()
            self._timer.cancel()
            self._ring()

    def close(self) -> None:
        self._timer.cancel()

    def _due(self) -> tuple[float, str]:
        if self._silent_since is None:
            silence = (self._started + self.limits.first_byte, "first_byte_timeout")
        else:
            silence = (self._silent_since + self.limits.idle, "idle_timeout")
        return min(silence, (self._deadline, "total_timeout"))

    def _ring(self) -> None:
        when, kind = self._due()
        now = self._loop.time()
        if self._task is None or when > now:
            self._timer = self._loop.call_at(max(when, now + 0.05), self._ring)
            return
        self._rang, self._cancelling = kind, self._task.cancelling()
        self._task.cancel()

    def verdict(self, endpoint: Endpoint) -> UpstreamError | None:
        """Asked when a read was cancelled: the limit that did it, or None if somebody else did."""
        task = asyncio.current_task()
        if not self._rang or task is None or task.uncancel() > self._cancelling:
            return None
        seconds = getattr(self.limits, self._rang.removesuffix("_timeout"))
        return timed_out(endpoint, self._rang, seconds)
