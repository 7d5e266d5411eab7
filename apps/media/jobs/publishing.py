"""What has come of a job so far, laid where other processes find it: see `elsewhere`."""

import asyncio
import logging
import uuid
from typing import Any

from django.core.cache import cache

from apps.work.database import DatabaseThreads

from . import tell
from .live import Live
from .models import Job

# Seconds for which a piece is there: also for a page that begins late, or a worker that died.
KEPT = 600
# Seconds between two of its pieces.
EVERY = 0.3

logger = logging.getLogger(__name__)


def key_of(job_id: uuid.UUID) -> str:
    return f"job.{job_id}"


class Publisher:
    """Lays there what is new. `put` takes its time: not for the event loop, and one at a time."""

    def __init__(self, job_id: uuid.UUID, live: Live):
        self._key, self._live = key_of(job_id), live
        self._heard = self._pieces = 0
        self._pictures: dict[int, tuple[str, bytes]] = {}

    def put(self) -> None:
        live, found = self._live, dict[str, Any]()
        done = live.done
        if sound := live.sound[self._heard :]:
            found[f"{self._key}.sound.{self._pieces}"] = b"".join(sound)
            self._heard += len(sound)
            self._pieces += 1
        for index, picture in list(live.images.items()):
            if self._pictures.get(index) != picture:
                self._pictures[index] = picture
                found[f"{self._key}.image.{index}"] = picture
        told = {"text": live.text, "type": live.sound_type, "pieces": self._pieces, "images": sorted(self._pictures)}
        cache.set_many(found | {self._key: told | {"version": live.version, "done": done}}, KEPT)


class Publication:
    """Lays there what comes of one job, on the event loop."""

    def __init__(self, job: Job, live: Live, threads: DatabaseThreads):
        self._job, self._live, self._threads = job, live, threads
        self._publisher = Publisher(job.pk, live)
        self._task: asyncio.Task | None = None

    def begin(self) -> None:
        """Goes on down to the last of what there is."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def _go_on(self) -> None:
        seen = -1
        while seen != self._live.version:
            seen = self._live.version
            await self._lay()
            await asyncio.sleep(EVERY)

    async def _lay(self) -> None:
        try:
            await self._threads.run(self._publisher.put)
        except Exception:
            # Whatever the cache's client raises: nobody's result hangs on it.
            logger.exception("What has come of job %s could not be shown to other processes.", self._job.pk)
        tell.changed(self._job)

    async def end(self) -> None:
        """The end of it, for who still listens elsewhere."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._lay()
