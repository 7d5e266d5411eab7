"""Jobs of the studios as records of the product's own format. Addresses at the upstream, which may hold keys, stay."""

from collections.abc import Iterator

from django.db.models import QuerySet

from apps.media.jobs.asked import BROUGHT
from apps.media.jobs.models import Job, JobOutput

from .. import schema

SAME = ("id", "family", "dialect", "language", "prompt", "values", "status", "created_at", "finished_at")
SAME += ("progress", "result", "error", "estimate", "cost")
KNOWN = (Job.Status.SUCCEEDED, Job.Status.FAILED, Job.Status.CANCELLED)
ADDRESSES = ("url", "path", "poster")
AT_ONCE = 20


def jobs_of(user) -> QuerySet[Job]:
    return Job.objects.for_user(user).order_by("pk")


def each_job(user) -> Iterator[Job]:
    """By ids, a few at a time: one may have megabytes of vectors."""
    ids = list(jobs_of(user).values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        rows = jobs_of(user).filter(pk__in=ids[start : start + AT_ONCE])
        yield from rows.select_related("model__upstream", "came_from").prefetch_related("inputs", "outputs")


def job_record(job: Job) -> schema.Job:
    return schema.Job(
        **{name: getattr(job, name) for name in SAME},
        upstream=_upstream(job),
        model=job.model_name,
        notes={name: value for name, value in job.notes.items() if name != BROUGHT},
        remote_id=job.remote_id if job.status in KNOWN else "",
        inputs=[schema.JobInput(role=each.role, asset=each.asset_id) for each in job.inputs.all()],
        outputs=[_output(each) for each in job.outputs.all()],
    )


def _upstream(job: Job) -> str:
    """Whose model it was; of an imported one, whose it was there where that model is not here."""
    if job.model:
        return job.model.upstream.name
    origin = getattr(job, "came_from", None)
    return origin.upstream if origin else ""


def _output(each: JobOutput) -> schema.JobOutput:
    made = {name: value for name, value in each.made.items() if name not in ADDRESSES}
    told = schema.JobOutput(position=each.position, made=made, error=each.error)
    told.asset, told.poster = each.asset_id, each.poster_id
    return told
