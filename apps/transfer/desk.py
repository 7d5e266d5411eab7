"""The desk of this process: it takes up transfers one after another, in threads, beside all that pages need."""

import asyncio
import contextlib
import logging
from threading import Event

from django.db import DatabaseError

from apps.work.database import DatabaseThreads

from . import work

TICK, SWEEP_EVERY = 1.0, 600.0
AT_ONCE = 2

logger = logging.getLogger(__name__)


class Desk:
    """One per process, on its event loop. `poke` may be called from any thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None

    def attach(self) -> None:
        """Binds it to the running loop; more calls on the same loop do nothing."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop, self._ending, self._wake = loop, Event(), asyncio.Event()
        self._threads = [DatabaseThreads(1, "transfers") for _number in range(AT_ONCE)]
        self._tasks = [loop.create_task(self._keep(threads)) for threads in self._threads]
        self._tasks.append(loop.create_task(self._sweep()))

    async def close(self) -> None:
        """The end of the process: what is under way is let go within a record."""
        if self.loop is None:
            return
        self._ending.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for threads in self._threads:
            await threads.end()
        self.loop = None

    def poke(self) -> None:
        """There is something to do."""
        if (loop := self.loop) is not None and not loop.is_closed():
            loop.call_soon_threadsafe(lambda: self._wake.set())

    async def _keep(self, threads: DatabaseThreads) -> None:
        while True:
            try:
                worked = await asyncio.shield(threads.run(self._work))
            except DatabaseError:
                logger.exception("Transfers could not be looked for; it is tried again.")
                worked = False
            if not worked:
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TICK):
                        await self._wake.wait()

    def _work(self) -> bool:
        if self._ending.is_set() or (transfer := work.claim()) is None:
            return False
        work.carry_out(transfer, self._ending.is_set)
        return True

    async def _sweep(self) -> None:
        while True:
            try:
                await self._threads[0].run(work.sweep)
            except (DatabaseError, OSError):
                logger.exception("Old exports could not be deleted; it is tried again.")
            await asyncio.sleep(SWEEP_EVERY)


desk = Desk()
