"""The journal: one group commit a tick for all live runs of this process, so a crash loses at most the last tick."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.models import UUIDField
from django.utils import timezone

from apps.wire.events import Event, decode_events, encode_events
from apps.wire.transcript import merge
from apps.work import news
from apps.work.database import DatabaseThreads, writing
from apps.work.prepared import SelectIn, insert

from .models import Run, RunEvent
from .progress import Progress

_running = SelectIn(
    UUIDField(),
    lambda ids: (
        Run.objects.filter(id__in=ids, status=Run.Status.RUNNING).values_list("id", "stop_requested").order_by()
    ),
)
TICK = 0.2
HEARTBEAT_TICKS = 5

logger = logging.getLogger(__name__)


class Journal:
    """Owns the one thread that writes for live runs: SQLite has one writer, and a hop costs more than the write."""

    def __init__(self) -> None:
        self.live: dict[Progress, int] = {}
        self._thread = DatabaseThreads(1, "journal")

    def open(self, progress: Progress) -> None:
        self.live[progress] = 0

    def close(self, progress: Progress) -> None:
        self.live.pop(progress, None)

    async def write(self, work: Callable, *args, **kwargs):
        """Runs database work in the journal's thread, in turn."""
        return await self._thread.run(work, *args, **kwargs)

    async def end(self) -> None:
        await self._thread.end()

    async def keep(self, on_stop: Callable) -> None:
        """Commits for ever; `on_stop(run_id)` is called for runs that another process was asked to stop."""
        tick = 0
        while True:
            await asyncio.sleep(TICK)
            if not self.live:
                continue
            tick += 1
            with contextlib.suppress(asyncio.TimeoutError):
                for run_id in await self._commit(beat=tick % HEARTBEAT_TICKS == 0):
                    on_stop(run_id)

    async def _commit(self, *, beat: bool) -> list:
        taken = {progress: progress.unsaved for progress in self.live if progress.unsaved}
        rows = []
        for progress, events in taken.items():
            progress.unsaved = []
            self.live[progress] += 1
            rows.append(RunEvent(run_id=progress.run_id, seq=self.live[progress], events=encode_events(merge(events))))
        ids = [progress.run_id for progress in self.live]
        try:
            return await self.write(_commit, rows, ids, beat)
        except DatabaseError:
            logger.exception("The journal could not be written; it is tried again.")
            for progress, events in taken.items():
                progress.unsaved = events + progress.unsaved
            return []


def journaled(run: Run, after: int = 0) -> tuple[int, list[Event]]:
    """The newest sequence number, and what was journaled after `after`."""
    events = []
    for row in RunEvent.objects.filter(run=run, seq__gt=after):
        events += decode_events(bytes(row.events))
        after = row.seq
    return after, events


def _commit(rows: list[RunEvent], ids: list, beat: bool) -> list:
    """Writes the tick; gives the runs to stop: asked to, ended by the reaper, or deleted with their conversation."""
    with writing():
        stopping = dict(_running(ids))
        if kept := [row for row in rows if row.run_id in stopping]:
            insert(*kept)
        if beat:
            Run.objects.filter(id__in=stopping).update(heartbeat_at=timezone.now())
    if settings.REDIS_URL:
        for row in rows:
            news.tell(news.run_group(row.run_id), about="run", id=str(row.run_id))
    return [id for id in ids if stopping.get(id, True)]
