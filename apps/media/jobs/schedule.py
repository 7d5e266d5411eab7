"""When a task is looked at next, and when a file that could not be fetched is tried again."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from apps.upstreams.models import Upstream

from .models import Job

FIRST = 4.0
# Up to so many seconds after the submit: seconds between looks. Gateways refresh a task every 15 s themselves.
CADENCE = ((30.0, 5.0), (120.0, 10.0), (600.0, 15.0))
LATER = 30.0
# The sandbox is here, and its films take seconds.
SANDBOX_PACE = 0.1
# Seconds before each new try of a download.
TRIES = (3.0, 15.0, 60.0, 300.0)
# Seconds between looks at a file that the upstream looks into, and how many there are: ten minutes.
BROUGHT_EVERY, MOST_BROUGHT = 3.0, 200
# A task that was just made may not be known everywhere yet.
SETTLING = 60.0
# Looks at a task that has succeeded and does not say where its file is.
MOST_EMPTY = 5


def deadline() -> timedelta:
    return timedelta(hours=settings.JOB_HOURS)


def first_look(job: Job) -> timedelta:
    return _paced(job, FIRST)


def next_look(job: Job, age: float) -> timedelta:
    """`age` is in seconds since the submit."""
    return _paced(job, next((every for until, every in CADENCE if age < until), LATER))


def is_late(job: Job) -> bool:
    """Whether it should have come to its end."""
    return job.deadline_at is not None and timezone.now() > job.deadline_at


def next_step(job: Job) -> timedelta:
    """Until a file that was brought is asked about again."""
    return _paced(job, BROUGHT_EVERY)


def next_try(job: Job, tries: int) -> timedelta | None:
    """None after the last try."""
    return _paced(job, TRIES[tries - 1]) if tries <= len(TRIES) else None


def _paced(job: Job, seconds: float) -> timedelta:
    is_sandbox = job.model is not None and job.model.upstream.kind == Upstream.Kind.SANDBOX
    return timedelta(seconds=seconds * settings.JOB_PACE * (SANDBOX_PACE if is_sandbox else 1))
