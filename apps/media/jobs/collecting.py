"""The files of a task that is done: each fetched, looked into and kept; those that could not be had, later again."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.upstreams.tape import Tape
from apps.usage import making, meter
from apps.wire.exceptions import WireError
from apps.wire.media.shapes import Made

from ..models import Asset
from . import endings, fetching, results, tell
from .models import Job, JobOutput
from .schedule import next_try

if TYPE_CHECKING:
    from .worker import Work

logger = logging.getLogger(__name__)


async def collect(work: "Work") -> None:
    """Raises endings.Lost."""
    if later := await fetched(work):
        await work.put_off(min(later))
    else:
        await work.conclude()


async def fetched(work: "Work") -> list[timedelta]:
    """How long to wait for each file that could not be had and is to be tried again. Raises endings.Lost."""
    outputs = await work.write(_pending, work.job)
    if any(output.tries for output in outputs):
        await _addresses_anew(work, outputs)
    take = meter.Measured().take
    # Of a file only its size is kept in the record.
    tape = take.begin(work.way()[0].key, None, room=0)
    try:
        waits = [await _one(work, output, tape) for output in outputs]
    finally:
        await work.keep(making.keep_wire, work.job.pk, take)
    return [wait for wait in waits if wait is not None]


async def _addresses_anew(work: "Work", outputs: list[JobOutput]) -> None:
    """A link that has expired may be given out afresh to whoever asks for the task again."""
    if not work.job.remote_id or work.way()[1].poll is None:
        return
    try:
        reply = await work.looked_at()
    except (UpstreamError, WireError):
        return
    for output in outputs:
        if output.position < len(reply.made) and not reply.made[output.position].data:
            output.made = results.told(reply.made[output.position])


async def _one(work: "Work", output: JobOutput, tape: Tape) -> timedelta | None:
    """How long to wait until it is tried again; None where it is kept, or given up."""
    made = results.made_of(output)
    try:
        kept = await _kept(work, made, tape)
    except fetching.NotFetched as error:
        tape.fail(str(error))
        tries = output.tries + 1
        wait = next_try(work.job, tries) if error.again else None
        await work.write(_note, work.job, output, tries=tries, error="" if wait else str(error))
        return wait
    poster = await _poster(work, made, tape) if kept.asset else None
    await work.write(_note, work.job, output, asset=kept.asset, error=kept.error, poster=poster)
    return None


async def _kept(work: "Work", made: Made, tape: Tape) -> results.Kept:
    """Raises fetching.NotFetched."""
    with results.scratch() as file:
        await fetching.fetched(work.way()[0], made, file, tape)
        try:
            return await work.keep(results.kept_file, work.job, made, file)
        except Exception as error:
            logger.exception("A file of job %s could not be kept.", work.job.pk)
            told = _("Something went wrong on our side. The log has the details.")
            raise fetching.NotFetched(told, again=True) from error


async def _poster(work: "Work", made: Made, tape: Tape) -> Asset | None:
    """A cover that cannot be had is none."""
    try:
        return (
            (await _kept(work, Made("image", url=made.poster, title=made.title), tape)).asset if made.poster else None
        )
    except fetching.NotFetched:
        return None


def _pending(job: Job) -> list[JobOutput]:
    return list(job.outputs.filter(asset=None, error=""))


def _note(job: Job, output: JobOutput, **fields) -> None:
    """What became of a file, kept at once. Raises Lost."""
    endings.write(job, heartbeat_at=timezone.now())
    JobOutput.objects.filter(pk=output.pk).update(made=output.made, **fields)
    tell.changed(job)
