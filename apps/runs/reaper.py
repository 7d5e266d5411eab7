"""Runs whose process died: what was journaled is kept and the run is marked interrupted."""

import asyncio
import logging
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from apps.conversations import bin
from apps.conversations.queries import parts_of, path_to
from apps.media import hold
from apps.usage import meter, records, rollup
from apps.wire.messages import Usage, said
from apps.wire.tokens import estimate

from .brought import keepers, kept
from .finish import Ending, finish
from .journal import Journal, journaled
from .models import Run
from .plan import history
from .probe import record
from .progress import Progress
from .tools.definitions import by_hand

EVERY = 5.0
LOST_AFTER = timedelta(hours=1)
SWEEP_EVERY = 600.0

logger = logging.getLogger(__name__)


async def keep(journal: Journal) -> None:
    """Reaps at once, for what died with the last process, and then every few seconds."""
    while True:
        try:
            await journal.write(reap)
        except DatabaseError:
            logger.exception("Interrupted runs could not be looked for; it is tried again.")
        await asyncio.sleep(EVERY)


async def sweep_files() -> None:
    """Deletes what lay in bins for long enough, and then files that nothing holds, in threads of their own: a storage
    may be far away."""
    while True:
        await asyncio.sleep(SWEEP_EVERY)
        try:
            await keepers.run(bin.purge)
            await keepers.run(hold.sweep)
        except (DatabaseError, OSError):
            logger.exception("Files that nobody needs could not be deleted; it is tried again.")


async def roll_up() -> None:
    """Counts the calls that have ended since, a few at a time."""
    while True:
        try:
            while await keepers.run(rollup.step):
                pass
        except DatabaseError:
            logger.exception("Calls could not be counted; it is tried again.")
        await asyncio.sleep(EVERY)


def reap() -> int:
    """Ends the runs that nobody works on any more; gives their number. Calls that belong to no run end with them.

    What the wire carried is dropped once it is old enough.
    """
    meter.settle_lost(before=timezone.now() - LOST_AFTER)
    record.reap()
    records.sweep()
    return sum(_interrupt(run) for run in Run.abandoned())


def _interrupt(run: Run) -> bool:
    progress = replayed(run)
    status = Run.Status.STOPPED if run.stop_requested else Run.Status.INTERRUPTED
    usage = progress.transcript.usage
    return finish(
        run.id,
        ending=Ending(status=status),
        parts=kept(progress.parts, user_id=run.user_id, run_id=run.id, message_id=run.message_id),
        usage=usage or _took(run, progress),
        estimated=usage is None,
        measured=None,
    )


def _took(run: Run, progress: Progress) -> Usage:
    """About what the call took that nobody saw the end of: it was sent, so all that was said before was read, and the
    earlier rounds of the answer too."""
    before = history(path_to(run.conversation, run.message.parent_id))
    asked = run.system_prompt + "".join(said(message.parts) for message in before)
    written = max(0, estimate(progress.text) - progress.written)
    return Usage(input_tokens=estimate(asked) + progress.written, output_tokens=written)


def fresh_progress(run: Run) -> Progress:
    """A run's state before its first event: the parts that its message had, for Continue."""
    prior = parts_of([run.message_id]).get(run.message_id, ())
    return Progress(
        run_id=run.id,
        user_id=run.user_id,
        message_id=run.message_id,
        prior=prior,
        model=run.model_name,
        by_hand=by_hand(run.tools),
        document=bool(run.response_schema),
    )


def replayed(run: Run) -> Progress:
    """A run's state, read from its journal."""
    progress = fresh_progress(run)
    progress.take(journaled(run)[1])
    return progress
