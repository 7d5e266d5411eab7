"""A job's record into the database: as something of the past, of which nothing is sent, asked for or counted."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from apps.media.jobs.models import Job, JobInput, JobOutput
from apps.media.jobs.vectors import MOST_INPUTS
from apps.media.models import Asset
from apps.wire.media import dialects
from apps.wire.media.shapes import Made, MediaRequest
from apps.work import storable
from apps.work.ids import new_id
from apps.work.prepared import insert

from . import schema
from .models import JobOrigin
from .refusals import NotTaken
from .storing import Place
from .writing.jobs import ADDRESSES, KNOWN, SAME

Length = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Word(msgspec.Struct):
    word: str
    start: float
    end: float | None = None


class Segment(msgspec.Struct):
    start: float
    end: float
    text: str
    speaker: str | None = None


class Score(msgspec.Struct):
    index: Annotated[int, msgspec.Meta(ge=0)]
    score: float


class Result(msgspec.Struct):
    """What pages read of a result, of whatever family."""

    words: list[Word] | None = None
    segments: list[Segment] | None = None
    vectors: list[list[float]] | None = None
    lengths: list[tuple[Length, Length]] = []
    scores: list[Score] = []


class Error(msgspec.Struct):
    title: str = ""
    status: int | None = None


class Notes(msgspec.Struct):
    labels: list[float] = []


def store_job(*, told: schema.Job, place: Place) -> Job:
    """Within the caller's transaction. Raises NotTaken with a sentence, and ValidationError for another shape."""
    _check(told)
    fields = {name: storable.data(getattr(told, name)) for name in SAME}
    job = Job(**fields, owner=place.owner, notes=storable.data(told.notes), remote_id=storable.text(told.remote_id))
    job.model_name = storable.text(told.model)
    job.model = place.model(schema.ModelName(upstream=told.upstream, name=told.model)) if told.model else None
    if Job.objects.filter(pk=job.pk).exists():
        job.id = new_id()
    if job.status not in KNOWN:
        _end(job)
    insert(job, as_is=True)
    upstream = storable.text(told.upstream)
    JobOrigin.objects.create(job=job, owner=place.owner, record=told.id, upstream=upstream)
    _files(told, job, place)
    return job


def _end(job: Job) -> None:
    """It may be at work still, where it was made; here nobody asks after it."""
    if job.status != Job.Status.UNKNOWN:
        job.error = {"title": _("This was under way when it was exported. What became of it is not known here.")}
    job.status, job.remote_id = Job.Status.UNKNOWN, ""


def _check(told: schema.Job) -> None:
    dialect = dialects.DIALECTS.get(told.dialect)
    if dialect is None or dialect.family != told.family:
        raise NotTaken(_("The route “%(name)s” is not known here.") % {"name": told.dialect})
    if told.values:
        _shaped(told.values, MediaRequest, "values")
    _shaped(told.error, Error, "error")
    _shaped(told.notes, Notes, "notes")
    for number, each in enumerate(told.outputs):
        if each.made:
            _shaped(each.made, Made, f"outputs[{number}].made")
    _check_result(_shaped(told.result, Result, "result"), len(told.values.get("texts", ())) + len(told.inputs))


def _shaped(value: Any, shape: type, name: str) -> Any:
    """Raises ValidationError that says where in the job."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        what, _at, place = str(error).partition(" - at `$")
        raise msgspec.ValidationError(f"{what} - at `$.{name}{place or '`'}") from error


def _check_result(result: Result, count: int) -> None:
    """`count` is how many texts and files were asked about."""
    is_beyond = any(score.index >= count for score in result.scores)
    if is_beyond or sum(many for many, _length in result.lengths) > MOST_INPUTS:
        raise NotTaken(_("Its result is about more than was asked for."))


def _files(told: schema.Job, job: Job, place: Place) -> None:
    named = [*(each.asset for each in told.inputs), *(id for each in told.outputs for id in (each.asset, each.poster))]
    here = _assets(named, place)
    for given in told.inputs:
        JobInput.objects.create(job=job, role=given.role, asset=here.get(given.asset))
    for each in told.outputs:
        made = storable.data({name: value for name, value in each.made.items() if name not in ADDRESSES})
        asset, poster = here.get(each.asset), here.get(each.poster)
        error = storable.text(each.error)
        JobOutput.objects.create(job=job, position=each.position, made=made, asset=asset, poster=poster, error=error)
        made_here = [one.pk for one in (asset, poster) if one]
        Asset.objects.filter(pk__in=made_here, origin=Asset.Origin.JOB, job_id=None).update(job_id=job.pk)


def _assets(ids: Sequence[uuid.UUID | None], place: Place) -> Mapping[Any, Asset]:
    """The person's files by the ids that they have there; what did not come along, and is not theirs, is missing."""
    by_id = {id: place.assets.get(str(id), str(id)) for id in ids if id}
    found = {str(asset.pk): asset for asset in Asset.objects.for_user(place.owner).filter(pk__in=by_id.values())}
    return {id: found[here] for id, here in by_id.items() if here in found}
