"""Whether a failed call is tried again, and after how long. Asked only while no byte of a reply has been used."""

import secrets

from .failures import UpstreamError
from .limits import Limits

MAX_WAIT = 120.0
_random = secrets.SystemRandom()


def pause(error: UpstreamError, attempt: int, limits: Limits) -> float | None:
    """Seconds until the next attempt, None for never. `attempt` counts the retries made so far."""
    if attempt >= limits.retries or not _may_repeat(error, attempt, limits):
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= MAX_WAIT else None
    return min(8.0, 0.5 * 2**attempt) * _random.uniform(0.75, 1.0)


def _may_repeat(error: UpstreamError, attempt: int, limits: Limits) -> bool:
    if limits.once and error.sent:
        return False
    if error.kind == "http":
        return error.retryable and not (error.status == 500 and attempt)
    if error.sent:
        return limits.unsafe and error.kind in {"cut", "first_byte_timeout"}
    return error.retryable
