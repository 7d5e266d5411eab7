"""Beginning a job and waiting for its end."""

from apps.media.jobs import queries, submit
from apps.media.jobs.models import Job
from apps.wire.media.shapes import MediaRequest
from tests.processes import wait_until


def begin(user, model, prompt="a cat surfing", dialect="openai_videos", inputs=(), **more) -> Job:
    request = MediaRequest(model.name, prompt, **more)
    return submit.create(user=user, model=model, dialect=dialect, request=request, inputs=inputs)


def ended(job) -> Job:
    """The job once it is over."""
    return wait_until(lambda: not (found := now(job)).is_open and found, "the job ends", 30)


def now(job) -> Job:
    return queries.load_for(job.owner, job.pk)


def told(job) -> str:
    """Why it came to nothing, in the words of its card."""
    return job.error.get("title", "")
