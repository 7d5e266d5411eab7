"""What the upstream's last word brought: entered at once with the call's end, then fetched file by file."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.usage import making
from apps.usage.meter import DEAREST
from apps.usage.models import Call
from apps.wire.media import dialects
from apps.wire.media.shapes import Made, MediaReply
from apps.wire.media.speech.splitting import joined
from apps.wire.sound import WIDTH, samples_rate, wav
from apps.work import storable
from apps.work.database import writing

from ..hold import delete_unheld
from ..models import Asset
from ..refusals import NotTaken
from ..store import bytes_of, keep_result
from . import absences, endings, tell
from .asked import parts_of
from .models import Job, JobOutput

WORDS = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one file: it is kept, or `error` says why not, or neither: it is still to be fetched."""

    asset: Asset | None = None
    error: str = ""


def scratch() -> BinaryIO:
    """A file that is gone once it is closed, whatever happens."""
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def kept_data(job: Job, made: Made) -> Kept:
    """A file that came within the reply. Reads and decodes it: not for the event loop."""
    if made.error or not made.data:
        told = storable.text(made.error) or ("" if made.url or made.path else _("The upstream sent no file."))
        return Kept(error=told)
    data = made.data
    if rate := samples_rate(made.media_type):
        data = wav(data[: len(data) - len(data) % WIDTH], rate)
    with scratch() as file:
        file.write(data)
        return kept_file(job, made, file)


def keep_cut(job: Job, made: Made | None) -> str:
    """What there is of a sound that broke off, where it can be played; how far it came, if it took several requests.

    Raises endings.Lost.
    """
    if not job.submitting_at:
        return ""
    done, parts = job.outputs.count(), len(parts_of(job))
    if made and (kept := kept_data(job, made)).asset:
        with writing():
            endings.write(job, heartbeat_at=timezone.now())
            JobOutput.objects.create(job=job, position=done, made=told(made), asset=kept.asset)
    if parts == 1:
        return ""
    make_one(job)
    text = _("{done} of {parts} pieces of the text came whole. What came is kept, and nothing is sent again.")
    return text.format(done=done, parts=parts)


def make_one(job: Job) -> None:
    """What came in the answers to several requests becomes one file, where its format allows it, and all is there.

    Raises endings.Lost.
    """
    outputs = list(job.outputs.select_related("asset"))
    if len(outputs) < 2 or len(parts_of(job)) < 2 or any(output.asset is None for output in outputs):
        return
    try:
        made = joined([Made("audio", output.asset.media_type, bytes_of(output.asset)) for output in outputs])
    except FileNotFoundError:
        return
    if made and (kept := kept_data(job, made)).asset:
        with writing():
            endings.write(job, heartbeat_at=timezone.now())
            job.outputs.all().delete()
            JobOutput.objects.create(job=job, position=0, made=told(made), asset=kept.asset)
            delete_unheld(Asset.objects.filter(pk__in=[output.asset_id for output in outputs]))


def kept_file(job: Job, made: Made, file: BinaryIO) -> Kept:
    """The same of a file that was fetched."""
    try:
        of = {"owner": job.owner, "kind": made.kind, "name": _name(job, made), "job_id": job.pk}
        return Kept(keep_result(file=file, size=_size(file), **of))
    except NotTaken as error:
        return Kept(error=_refused(made, file, str(error)))


def _size(file: BinaryIO) -> int:
    file.flush()
    return file.seek(0, 2)


def _name(job: Job, made: Made) -> str:
    """What it shows: its title, or how its prompt begins."""
    words = " ".join((made.title or job.prompt or job.family).split())
    return words if len(words) <= WORDS else words[:WORDS].rpartition(" ")[0] or words[:WORDS]


def _refused(made: Made, file: BinaryIO, sentence: str) -> str:
    """A page is what links that have died lead to most."""
    file.seek(0)
    if file.read(512).lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return _("The upstream sent a web page in place of the file. It was not kept.")
    return _("What the upstream sent was not kept: {reason}").format(reason=sentence)


def enter(job: Job, reply: MediaReply, kept: Sequence[Kept], part: int = 0, aside: Asset | None = None) -> bool:
    """The upstream's last word on a request: what it made, what it counts, the end of its call. True where files are to
    be fetched. `aside` is the file of what is too large for the row.

    Raises endings.Lost.
    """
    result = storable.data(reply.result)
    with writing():
        parts = parts_of(job)
        progress = 100 * (part + 1) // len(parts)
        endings.write(job, status=Job.Status.RUNNING, progress=progress, result=result)
        units = dialects.get(job.dialect).units(parts[part])
        cost = making.settle(job.pk, Call.Outcome.COMPLETED, reply=reply, units=units)
        endings.write(job, cost=cost if cost is None or cost <= DEAREST else None)
        job.outputs.filter(position__gte=part).delete()
        for position, (made, of) in enumerate(zip(reply.made, kept, strict=True), part):
            JobOutput.objects.create(job=job, position=position, made=told(made), asset=of.asset, error=of.error)
        if aside:
            JobOutput.objects.create(job=job, position=part + len(kept), asset=aside)
        absences.made(job)
    tell.changed(job)
    return any(of.asset is None and not of.error for of in kept)


def told(made: Made) -> dict[str, Any]:
    return storable.data(msgspec.to_builtins(msgspec.structs.replace(made, data=b"")))


def made_of(output: JobOutput) -> Made:
    return msgspec.convert(output.made, Made)


def conclude(job: Job) -> None:
    """The end, once nothing is to be fetched any more: something was made, or why nothing was kept. Raises Lost."""
    outputs = list(job.outputs.all())
    if job.result or any(output.asset_id for output in outputs):
        endings.end(job, Job.Status.SUCCEEDED)
    elif outputs:
        endings.end(job, Job.Status.FAILED, {"title": next(output.error for output in outputs)})
    else:
        endings.end(job, Job.Status.FAILED, {"title": _("The upstream says that it is done, and sent nothing.")})
