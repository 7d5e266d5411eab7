"""The request itself: sent once, its answer shown as it comes, and told apart from what nobody knows."""

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.usage import making, meter
from apps.wire.exceptions import WireError
from apps.wire.media.shapes import MediaEvent, MediaReply, PartialImage, SoundChunk, TextDelta

from . import absences, bringing, endings, sending, tell
from .models import Job

if TYPE_CHECKING:
    from .worker import Work

# What these make is a task of the upstream's, which may be at work whatever it answered.
TASKS = ("video", "music")
# Answers of a gateway in whose wake the task may exist: 501 and 503 say that nothing was begun.
MAY_HAVE_BEGUN = frozenset((500, 502, 504, 520, 521, 522, 523, 524, 529))
# Seconds between what pages hear of an answer that is on its way.
TELL_EVERY = 0.3


async def submit(work: "Work") -> None:
    """One request after another, where the job takes several and each before was answered. Raises endings.Lost."""
    try:
        if reply := await bringing.bring(work):
            await work.answered(reply)
            return
    except sending.NotSent as error:
        await work.end(Job.Status.FAILED, {"title": str(error)})
        return
    except bringing.NotBrought as error:
        await bringing.kept(work)
        await work.write(absences.note, work.job, error.failed, bringing=True)
        await work.end(Job.Status.FAILED, error.told)
        return
    sent = -1
    while sent != work.part:
        sent = work.part
        await _submit(work)


async def _submit(work: "Work") -> None:
    work.measured = meter.Measured()
    try:
        made = await work.keep(sending.built, work.job, work.part)
        work.sent = await work.write(sending.prepared, work.job, work.part, *made)
    except sending.NotYet as error:
        await work.put_off(timedelta(seconds=error.wait))
        return
    except sending.NotSent as error:
        await work.end(Job.Status.FAILED, {"title": str(error)})
        return
    work.submitting = True
    try:
        reply = await _receive(work, work.sent)
    except UpstreamError as error:
        await wire_kept(work)
        await _not_answered(work, error)
    except WireError as error:
        await wire_kept(work)
        await work.end(Job.Status.FAILED, endings.told(error))
    else:
        await _received(work, reply)


async def _received(work: "Work", reply: MediaReply) -> None:
    """A task's number is stored before anything else."""
    if reply.state in ("queued", "running"):
        await work.answered(reply)
        await wire_kept(work)
    else:
        await wire_kept(work)
        await work.answered(reply)


async def wire_kept(work: "Work") -> None:
    sent, work.sent = work.sent, None
    if sent:
        await bringing.before_kept(work)
        await work.keep(making.submit_noted, sent.call_id, work.measured)
        await work.keep(making.keep_wire, work.job.pk, work.measured.take)


async def _receive(work: "Work", sent: sending.Sending) -> MediaReply:
    events: list[MediaEvent] = []
    show = Show(work)
    batches = making.submitted(
        sent.endpoint, sent.dialect, sent.request, sent.asked, work.measured, answered=work.live.declare
    )
    async with aclosing(batches):
        async for events in batches:
            show(events)
    return making.reply_of(events)


class Show:
    """What has come so far, for pages; they hear of it a few times a second."""

    def __init__(self, work: "Work"):
        self._work, self._job, self._live, self._told = work, work.job, work.live, 0.0

    def __call__(self, events: list[MediaEvent]) -> None:
        for event in events:
            if isinstance(event, PartialImage):
                self._live.images[event.index] = event.image.media_type, event.image.data
            elif isinstance(event, SoundChunk):
                self._live.hear(event.data)
            elif isinstance(event, TextDelta):
                self._live.text += event.text
        if not events:
            return
        self._live.change()
        if settings.REDIS_URL:
            self._work.shown.begin()
        else:
            self._tell_soon()

    def _tell_soon(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told >= TELL_EVERY:
            self._told = now
            tell.changed(self._job)


async def _not_answered(work: "Work", error: UpstreamError) -> None:
    """What was refused failed. What broke off may have been made: of that nobody knows."""
    if error.kind == "http":
        is_unknown = work.job.family in TASKS and error.status in MAY_HAVE_BEGUN
    else:
        is_unknown = error.sent and error.kind != "redirect"
    if is_unknown:
        await work.end(Job.Status.UNKNOWN, endings.told(error) | {"title": _broke_off(error)})
    else:
        await work.write(absences.note, work.job, error.reported)
        await work.end(Job.Status.FAILED, endings.told(error))


def _broke_off(error: UpstreamError) -> str:
    if error.kind == "http":
        text = _("The upstream failed over the request ({status}). It may have begun it; it was not sent again.")
        return text.format(status=error.status)
    return _("The answer did not arrive whole. What was asked may have been made and counted; it was not sent again.")
