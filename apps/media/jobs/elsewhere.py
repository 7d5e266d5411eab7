"""What has come of a job so far, for pages of other processes than the one that works on it.

With Redis it is laid into the cache that all share, a few times a second; without it, pages see the result at the end.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache

from apps.work.leases import worker_name

from .live import Live
from .models import Job
from .publishing import key_of
from .workshop import workshop


class Elsewhere:
    """The same as `Live` gives, of a job that another process works on, as it was when it was last looked at."""

    def __init__(self, job_id: uuid.UUID, told: dict[str, Any]):
        self._key, self._told = key_of(job_id), told

    @property
    def text(self) -> str:
        return self._told["text"]

    @property
    def sound_type(self) -> str:
        return self._told["type"]

    @property
    def sounds(self) -> bool:
        return bool(self._told["pieces"])

    @property
    def pictures(self) -> Sequence[int]:
        return self._told["images"]

    @property
    def version(self) -> int:
        return self._told["version"]

    @property
    def done(self) -> bool:
        return self._told["done"]

    def picture(self, index: int) -> tuple[str, bytes] | None:
        return cache.get(f"{self._key}.image.{index}")

    def pieces(self, begin: int) -> list[bytes]:
        """Those of the sound from that one on; looks again at how far it is."""
        self._told = cache.get(self._key) or self._told | {"done": True}
        keys = [f"{self._key}.sound.{number}" for number in range(begin, self._told["pieces"])]
        found = cache.get_many(keys)
        return [found.get(key, b"") for key in keys]


def seen(job: Job) -> Live | Elsewhere | None:
    """What has come so far, wherever it is worked on; None where that is not known here."""
    if (live := workshop.live(job.pk)) is not None or not _may_be_there(job):
        return live
    told = cache.get(key_of(job.pk))
    return Elsewhere(job.pk, told) if told and not told["done"] else None


def is_unseen(job: Job) -> bool:
    """Whether something may come of it bit by bit that this process does not get to see."""
    is_elsewhere = bool(job.worker) and job.worker != worker_name() and job.is_open
    return is_elsewhere and bool(job.values.get("stream")) and not settings.REDIS_URL


def _may_be_there(job: Job) -> bool:
    return bool(settings.REDIS_URL and job.is_open and job.worker and job.worker != worker_name())
