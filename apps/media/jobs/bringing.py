"""A file that must be at the upstream before the request that names it: brought there in steps that cost nothing.

A job that is found in the middle of it is still queued, and all of it is begun anew. The file's name there is noted
with the job before the request is sent: from then on it is not brought again.
"""

import asyncio
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from apps.upstreams import fetch
from apps.upstreams.client import Endpoint, UpstreamError
from apps.upstreams.fetch import FetchRefused
from apps.upstreams.tape import Tape
from apps.usage import making, meter
from apps.wire.events import Failed
from apps.wire.exceptions import WireError
from apps.wire.media import dialects
from apps.wire.media.dialect import Brings, Step
from apps.wire.media.multipart import build, upload
from apps.wire.media.shapes import MediaReply, MediaRequest, Source
from apps.wire.messages import HttpRequest

from . import endings, schedule, sending, tell
from .asked import BROUGHT
from .models import Job

if TYPE_CHECKING:
    from .worker import Work


class NotBrought(Exception):
    """`told` says why, as a job's error does; `failed` is what the upstream means by it."""

    def __init__(self, told: endings.Told, failed: Failed | None = None):
        super().__init__(told.get("title", ""))
        self.told, self.failed = told, failed


class Carrier:
    """Brings one file."""

    def __init__(self, job: Job, endpoint: Endpoint, brings: Brings, tape: Tape):
        self._job, self._endpoint, self._brings, self._tape = job, endpoint, brings, tape

    async def name(self, source: Source) -> str:
        """What the upstream calls the file once it has it. Raises NotBrought."""
        place = await self._ask("begin", self._brings.begin(source))
        await self._post(place, source)
        await self._ask("finish", self._brings.finish(place.remote_id, source))
        await self._looked_into(place.remote_id)
        found = await self._ask("initialise", self._brings.initialise(place.remote_id))
        return str(found.result["clip_id"])

    async def _ask(self, step: Step, asked: HttpRequest) -> MediaReply:
        try:
            reply = await making.stepped(self._endpoint, asked, self._brings.reader(step), self._tape)
        except (UpstreamError, WireError) as error:
            raise NotBrought(endings.told(error), getattr(error, "reported", None)) from error
        if reply.state == "failed":
            raise NotBrought(endings.reported(reply.error), reply.error)
        return reply

    async def _post(self, place: MediaReply, source: Source) -> None:
        content_type, body = build(place.result["fields"].items(), [upload("file", source)])
        own = (self._endpoint.base_url, *settings.RESULT_ORIGINS)
        url, seconds = place.result["url"], settings.RESULT_SECONDS
        try:
            await fetch.upload(url, body, content_type, seconds=seconds, own=own, tape=self._tape)
        except FetchRefused as error:
            self._tape.fail(str(error))
            title = _("The file could not be sent to where the upstream wants it: {reason}").format(reason=error)
            raise NotBrought({"title": title}) from error

    async def _looked_into(self, id: str) -> None:
        """Whether it may be used: upstreams look for songs that are somebody else's."""
        for _look in range(schedule.MOST_BROUGHT):
            if (await self._ask("look", self._brings.look(id))).state == "succeeded":
                return
            await asyncio.sleep(schedule.next_step(self._job).total_seconds())
        raise NotBrought({"title": _("The upstream has not looked through the file in time.")})


def is_being_brought(job: Job) -> bool:
    """Whether a process is at it."""
    is_begun = job.status == Job.Status.QUEUED and bool(job.worker) and BROUGHT not in job.notes
    dialect = dialects.DIALECTS.get(job.dialect) if is_begun else None
    return bool(dialect and dialect.brings and job.inputs.all())


async def bring(work: "Work") -> MediaReply | None:
    """Brings the file, if the job has one to bring; gives what came of it where nothing more is to be asked.

    Raises sending.NotSent, NotBrought and endings.Lost.
    """
    brings = dialects.get(work.job.dialect).brings
    wanted = await work.write(sending.to_bring, work.job) if brings else None
    if wanted is None or brings is None:
        return None
    endpoint, request = wanted
    tell.changed(work.job)
    work.before = meter.Measured()
    tape = work.before.take.begin(endpoint.key, request)
    name = await Carrier(work.job, endpoint, brings, tape).name(request.sources[0])
    await work.write(endings.write, work.job, notes={**work.job.notes, BROUGHT: name})
    return await _alone(work, brings.named(request, name))


async def _alone(work: "Work", found: MediaRequest | MediaReply) -> MediaReply | None:
    if isinstance(found, MediaRequest):
        return None
    await kept(work)
    return found


async def kept(work: "Work") -> None:
    """Puts what was tried on record where no request follows that could hold it."""
    await work.write(sending.not_sent, work.job)
    await before_kept(work)


async def before_kept(work: "Work") -> None:
    before, work.before = work.before, None
    if before:
        await work.keep(making.keep_wire, work.job.pk, before.take)
