"""One job, from wherever it stands to its next rest or its end, whatever happens on the way.

A job rests in the database alone, held by nobody: queued, until its task is looked at again, until a file is fetched
again. So any process takes it up there. Between `submitting_at` and the stored remote id it cannot rest: whoever finds
it there does not know what came of the request, says so, and does not send it again.
"""

import asyncio
import logging
from datetime import timedelta

import msgspec
from django.db import OperationalError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.upstreams.client import Endpoint, UpstreamError
from apps.usage import making, meter
from apps.wire.exceptions import WireError
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import Made, MediaReply
from apps.work.database import DatabaseThreads

from . import absences, endings, results, schedule, vectors
from .collecting import collect, fetched
from .endings import Lost
from .live import Live
from .models import Job
from .publishing import Publication
from .sending import Sending
from .submitting import TASKS, submit, wire_kept

MOST_FILES = 32
WRITES, PAUSE = 6, 0.5

logger = logging.getLogger(__name__)


class Work:
    """`is_new` tells a submit from looks and downloads; `submitting` is true while its outcome is not stored.

    `sent` is the request whose wire is not kept yet, `before` what was asked to bring its file there, `part` its number
    where the job takes several, `rests` how long the job need not be looked at, once it was put off.
    `stopping` is set before the task is cancelled for its owner; any other cancelling is the end of the process.
    """

    def __init__(self, job: Job, writer: DatabaseThreads, keepers: DatabaseThreads):
        self.job, self.live = job, Live()
        self.is_new = job.status == Job.Status.QUEUED
        self.submitting = self.stopping = False
        self.rests: timedelta | None = None
        self._writer, self._keepers = writer, keepers
        self.shown = Publication(job, self.live, keepers)
        self.sent: Sending | None = None
        self.part = 0
        self.measured = meter.Measured()
        self.before: meter.Measured | None = None

    async def run(self) -> None:
        with translation.override(self.job.language or None):
            try:
                await self._go_on()
            except Lost:
                return
            except asyncio.CancelledError:
                await asyncio.shield(self._last(self._let_go))
            except Exception:
                logger.exception("job %s", self.job.pk)
                await self._last(self._broken)

    async def _last(self, step) -> None:
        try:
            await step()
        except Lost:
            return

    async def _go_on(self) -> None:
        job = self.job
        if job.cancel_requested:
            await self._cancelled()
        elif self.is_new:
            await submit(self)
        elif job.model is None:
            await self.end(Job.Status.FAILED, {"title": _("The model's upstream was removed.")})
        elif job.progress == 100 and await self._writer.run(job.outputs.exists):
            await collect(self)
        elif job.remote_id:
            await self._look()
        else:
            await self.end(Job.Status.UNKNOWN, {"title": _unknown()})

    async def _let_go(self) -> None:
        """Cancelled by its owner, or by the end of the process."""
        if self.sent:
            await wire_kept(self)
        if self.stopping:
            await self._cancelled()
        elif self.submitting:
            await self.end(Job.Status.UNKNOWN, {"title": _unknown()})
        else:
            await self.put_off(timedelta())

    async def _cancelled(self) -> None:
        """By its owner: the upstream is told to stop, where it can be, and once: not by who has given the job back."""
        note = endings.cancelled(self.job)
        if endings.may_be_withdrawn(self.job):
            await self.write(endings.write, self.job, heartbeat_at=timezone.now())
            note = {} if await self._withdrawn() else note
        await self.end(Job.Status.CANCELLED, note)

    async def _withdrawn(self) -> bool:
        endpoint, dialect = self.way()
        measured = meter.Measured()
        try:
            await making.withdrawn(endpoint, dialect.withdraw(self.job.remote_id), measured)
        except UpstreamError:
            return False
        finally:
            await self.keep(making.keep_wire, self.job.pk, measured.take)
        return True

    async def _broken(self) -> None:
        """A mistake of ours. What the upstream has in hand is looked at again; what it sent is lost."""
        if self.job.remote_id and not self.submitting:
            await self.put_off(timedelta(seconds=schedule.LATER))
        else:
            title = _("Something went wrong on our side. The log has the details.")
            await self.end(Job.Status.FAILED, {"title": title})

    async def answered(self, reply: MediaReply) -> None:
        """What the upstream says of it, at the submit or at a look."""
        if reply.state == "failed":
            is_unknown = self.job.family in TASKS and endings.is_half_said(reply)
            await self.write(absences.note, self.job, reply.error)
            await self.end(Job.Status.UNKNOWN if is_unknown else Job.Status.FAILED, endings.reported(reply.error))
        elif reply.state == "succeeded":
            await self._succeeded(reply)
        elif reply.remote_id or self.job.remote_id:
            await self._goes_on(reply)
        else:
            title = _("The upstream took the request and gave no number to ask for. Nothing was sent again.")
            await self.end(Job.Status.UNKNOWN, {"title": title})

    # The task

    async def _goes_on(self, reply: MediaReply) -> None:
        job, now = self.job, timezone.now()
        fields = {"progress": _progress(job, reply), "error": {}}
        if reply.state == "running":
            fields["status"] = Job.Status.RUNNING
        if not job.remote_id:
            await self.put_off(schedule.first_look(job), remote_id=reply.remote_id, **fields)
            self.submitting = False
        else:
            age = (now - (job.submitting_at or now)).total_seconds()
            await self.put_off(schedule.next_look(job, age), polls=job.polls + 1, **fields)

    async def _look(self) -> None:
        job = self.job
        if schedule.is_late(job) and job.progress != 100:
            await self.end(Job.Status.UNKNOWN, {"title": _too_long()})
            return
        try:
            reply = await self.looked_at()
        except (UpstreamError, WireError) as error:
            await self._not_seen(endings.told(error), getattr(error, "status", 0))
        else:
            if endings.is_unreadable(reply):
                await self._not_seen(endings.reported(reply.error), 0)
            else:
                await self.answered(reply)

    async def looked_at(self) -> MediaReply:
        """Raises UpstreamError and WireError."""
        endpoint, dialect = self.way()
        measured = meter.Measured()
        try:
            return await making.looked_at(endpoint, dialect, self.job.remote_id, measured)
        finally:
            await self.keep(making.keep_wire, self.job.pk, measured.take)

    def way(self) -> tuple[Endpoint, Dialect]:
        return self.job.model.upstream.endpoint(), dialects.get(self.job.dialect)

    async def _not_seen(self, note: endings.Told, status: int) -> None:
        """It is asked again on the schedule; a task that is not known any more is left to its owner."""
        job, now = self.job, timezone.now()
        age = (now - (job.submitting_at or now)).total_seconds()
        if status in _UNKNOWN_TASK and age > schedule.SETTLING:
            title = _("The upstream does not know this task any more. What became of it is unknown.")
            await self.end(Job.Status.UNKNOWN, note | {"title": title})
        elif schedule.is_late(job):
            await self.end(Job.Status.UNKNOWN, note)
        else:
            await self.put_off(schedule.next_look(job, age), polls=job.polls + 1, error=note)

    # The results

    async def _succeeded(self, reply: MediaReply) -> None:
        if not reply.made and not reply.result:
            reply = await self._with_content(reply)
            if not reply.made:
                return
        reply = msgspec.structs.replace(reply, made=reply.made[:MOST_FILES])
        kept = [await self.keep(results.kept_data, self.job, made) for made in reply.made]
        reply, aside = await self.keep(vectors.set_aside, self.job, reply)
        is_more = await self.write(results.enter, self.job, reply, kept, self.part, aside)
        self.live.cut = []
        if self.job.progress != 100:
            await self._next(is_more)
            return
        self.submitting = False
        if is_more:
            await collect(self)
        else:
            await self.conclude()

    async def _next(self, is_more: bool) -> None:
        """What can be had of this answer is here before the next request is sent."""
        if is_more:
            await fetched(self)
        self.part += 1

    async def conclude(self) -> None:
        await self.keep(results.make_one, self.job)
        await self.write(results.conclude, self.job)

    async def _with_content(self, reply: MediaReply) -> MediaReply:
        """A task that is done and says no address says it a little later, or gives the file under its number."""
        job = self.job
        content = dialects.get(job.dialect).content
        remote_id = job.remote_id or reply.remote_id
        if remote_id and job.progress != 100:
            wait = schedule.next_look(job, 0)
            soon = timezone.now() + schedule.MOST_EMPTY * wait
            await self.put_off(wait, remote_id=remote_id, progress=100, deadline_at=soon, polls=job.polls + 1)
        elif remote_id and not schedule.is_late(job):
            await self.put_off(schedule.next_look(job, 0), polls=job.polls + 1)
        elif remote_id and content:
            return MediaReply("succeeded", remote_id, made=(Made("video", path=content(remote_id).path),))
        else:
            title = _("The upstream says that it is done, and sent nothing.")
            await self.end(Job.Status.FAILED, {"title": title})
        return reply

    # What is written

    async def keep(self, work, *args):
        """Files and records: in threads of their own, as those take their time."""
        return await self._keepers.run(_in_language, translation.get_language(), work, *args)

    async def end(self, status: str, error: endings.Told | None = None) -> None:
        """With what had come of an answer that broke off: it was paid for."""
        error, live = dict(error or {}), self.live
        if live.text and status in (Job.Status.FAILED, Job.Status.UNKNOWN):
            error["so_far"] = live.text
        cut = Made("audio", live.sound_type, b"".join(live.cut)) if live.cut else None
        if pieces := await self.keep(results.keep_cut, self.job, cut):
            error["detail" if error.get("title") else "title"] = " ".join(filter(None, (error.get("detail"), pieces)))
        await self.write(endings.end, self.job, status, error)

    async def put_off(self, wait: timedelta, **fields) -> None:
        await self.write(endings.put_off, self.job, wait, **fields)
        self.rests = wait

    async def write(self, work, *args, **kwargs):
        """A database that is busy for a while must not cost what the upstream just said."""
        for left in reversed(range(WRITES)):
            try:
                return await self._writer.run(_in_language, translation.get_language(), work, *args, **kwargs)
            except OperationalError:
                if not left:
                    raise
                logger.exception("The state of job %s could not be written; it is tried again.", self.job.pk)
                await asyncio.sleep(PAUSE)


_UNKNOWN_TASK = (400, 404, 410)


def _in_language(language: str | None, work, *args, **kwargs):
    with translation.override(language):
        return work(*args, **kwargs)


def _progress(job: Job, reply: MediaReply) -> int | None:
    """Never backwards, and 100 only at the end."""
    if reply.progress is None:
        return job.progress
    return max(job.progress or 0, min(99, max(0, reply.progress)))


def _unknown() -> str:
    return _("The server ended while the request was on its way. It may have been counted; it was not sent again.")


def _too_long() -> str:
    return _("The upstream has not come to an end in time. It is no longer asked; you can check again.")
