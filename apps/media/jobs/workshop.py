"""The workshop of this process: it takes up jobs that are due, works on several at once, and lets go of them."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from apps.upstreams import client
from apps.work import news
from apps.work.database import DatabaseThreads, writing

from . import claim, tell, worker
from .live import Live
from .models import Job

TICK = 1.0
BEAT_TICKS = 3
CATCH_UP_TICKS = 2
# Looks at tasks and downloads of files are short; they do not wait for pictures that take minutes.
LOOKS_AT_ONCE = 16
GRACE = 3.0

keepers = DatabaseThreads(2, "results")
logger = logging.getLogger(__name__)


class Workshop:
    """One per process, on its event loop. `poke`, `stop` and `live` may be called from any thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._busy: dict[uuid.UUID, tuple[worker.Work, asyncio.Task]] = {}
        self._tasks: set[asyncio.Task] = set()

    def attach(self, at_once: int | None = None, only: uuid.UUID | None = None) -> None:
        """Binds it to the running loop; more calls on the same loop do nothing. With 0 jobs `at_once` it only watches.

        The settings say how many, where the caller does not. With `only` it works on that job alone.
        """
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop, self._busy, self._tasks = loop, {}, set()
        self._wake = asyncio.Event()
        self._at_once, self._only = settings.JOBS_AT_ONCE if at_once is None else at_once, only
        client.warm()
        news.send_on(loop)
        self._writer = DatabaseThreads(1, "workshop")
        self._spawn(self._keep())

    async def close(self) -> None:
        """The end of the process: what waits for an answer to a submit has a moment, all else is taken up again."""
        if self.loop is None:
            return
        submits = [task for work, task in self._busy.values() if work.submitting]
        if submits:
            await asyncio.wait(submits, timeout=GRACE)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._writer.end()
        self.loop = None

    def poke(self) -> None:
        """There may be something to do."""
        self._soon(lambda: self._wake.set())

    def stop(self, job_id: uuid.UUID) -> None:
        """Its owner does not want it any more."""
        self._soon(lambda: self._stop(job_id))

    def _soon(self, call: Callable[[], None]) -> None:
        """Where no loop works on jobs any more, whoever is next finds what there is to do."""
        if (loop := self.loop) is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call)

    def live(self, job_id: uuid.UUID) -> Live | None:
        """What has come so far, if this process is the one that works on it."""
        entry = self._busy.get(job_id)
        return entry[0].live if entry else None

    @property
    def busy_count(self) -> int:
        return len(self._busy)

    def _spawn(self, work) -> asyncio.Task:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _keep(self) -> None:
        tick = 0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._wake.wait()
            self._wake.clear()
            tick += 1
            try:
                if self._at_once:
                    await self._take_up()
                if not settings.REDIS_URL and tick % CATCH_UP_TICKS == 0:
                    await self._writer.run(tell.catch_up)
                if self._busy and tick % BEAT_TICKS == 0:
                    for job_id in await self._writer.run(_beat, list(self._busy)):
                        self._stop(job_id)
            except DatabaseError:
                logger.exception("Jobs could not be looked for; it is tried again.")

    async def _take_up(self) -> None:
        submits = sum(work.is_new for work, _task in self._busy.values())
        begin, go_on = self._at_once - submits, LOOKS_AT_ONCE - (len(self._busy) - submits)
        wanted = {"begin": begin, "go_on": go_on, "busy": list(self._busy), "only": self._only}
        for job in await self._writer.run(claim.claim, **wanted):
            self._begin(job)

    def _begin(self, job: Job) -> None:
        work = worker.Work(job, self._writer, keepers)
        self._busy[job.pk] = work, self._spawn(self._run(work))

    async def _run(self, work: worker.Work) -> None:
        try:
            await work.run()
        finally:
            self._busy.pop(work.job.pk, None)
            work.live.end()
            self._wake.set()
        await work.shown.end()
        if work.rests:
            asyncio.get_running_loop().call_later(work.rests.total_seconds(), self._wake.set)

    def _stop(self, job_id: uuid.UUID) -> None:
        """Cancels once, and never before the task's first step: an unstarted task could not write its end.

        A job that was taken up to be cancelled is at that already.
        """
        entry = self._busy.get(job_id)
        if entry and not entry[0].stopping and not entry[0].job.cancel_requested:
            entry[0].stopping = True
            asyncio.get_running_loop().call_soon(entry[1].cancel)


def _beat(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    with writing():
        return claim.beat(ids)


workshop = Workshop()


@contextlib.asynccontextmanager
async def attached(at_once: int | None = None, only: uuid.UUID | None = None):
    """The workshop on the running loop, for commands and tests."""
    workshop.attach(at_once, only)
    try:
        yield workshop
    finally:
        await workshop.close()
        await client.aclose()
        news.send_on(None)
