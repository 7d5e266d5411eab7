"""A run that another process works on, followed through its journal: the same Progress, fed from the database."""

import asyncio
import contextlib
import uuid

from apps.runs.hub import hub
from apps.runs.journal import journaled
from apps.runs.models import Run
from apps.runs.progress import Progress
from apps.runs.reaper import fresh_progress
from apps.wire.events import Event

from .readers import readers

POLL = 1.0

_mirrors: dict[uuid.UUID, tuple[Progress, asyncio.Event]] = {}


async def of(run_id: uuid.UUID, user) -> Progress | None:
    """The mirrored run, None if it isn't this person's. Pages of one process share a mirror."""
    if run_id not in _mirrors:
        loaded = await readers.run(_load, run_id, user)
        if loaded is None:
            return None
        run, progress = loaded
        if run.status != Run.Status.RUNNING:
            progress.done = True
            return progress
        if run_id not in _mirrors:
            _mirrors[run_id] = progress, asyncio.Event()
            hub.spawn(_feed(run, *_mirrors[run_id]))
    progress = _mirrors[run_id][0]
    return progress if progress.user_id == user.pk else None


def poke(run_id: uuid.UUID) -> None:
    """There is more in the journal; without a poke it is looked for every second."""
    if run_id in _mirrors:
        _mirrors[run_id][1].set()


async def _feed(run: Run, progress: Progress, poked: asyncio.Event) -> None:
    seq, running = 0, True
    try:
        while running:
            seq, events, running = await readers.run(_more, run, seq)
            progress.take(events)
            progress.unsaved.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(poked.wait(), POLL if running else 0)
            poked.clear()
            if not progress.is_watched:
                return
    finally:
        _mirrors.pop(run.id, None)
        progress.finish()


def _load(run_id: uuid.UUID, user) -> tuple[Run, Progress] | None:
    run = Run.objects.for_user(user).filter(id=run_id).first()
    return None if run is None else (run, fresh_progress(run))


def _more(run: Run, after: int) -> tuple[int, list[Event], bool]:
    """New events, and whether the run still runs: asked first, so that nothing written before its end is missed."""
    running = Run.objects.filter(id=run.id, status=Run.Status.RUNNING).exists()
    seq, events = journaled(run, after)
    return seq, events, running
