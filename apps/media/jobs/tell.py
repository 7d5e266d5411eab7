"""A job has changed: the pages of its owner hear of it, and ask for its card again."""

import uuid

from apps.work import news

from .models import Job

# What pages of this process were told last of each open job: its owner, and how it stood.
_told: dict[uuid.UUID, tuple] = {}


def changed(job: Job) -> None:
    """To be called after the change was committed."""
    if job.is_open:
        _told[job.pk] = job.owner_id, job.status, job.progress, job.polls
    else:
        _told.pop(job.pk, None)
    _tell(job.pk, job.owner_id)


def catch_up() -> None:
    """Tells of what other processes changed, where no channel layer carries their news to this one."""
    rows = Job.objects.filter(status__in=Job.OPEN).values_list("pk", "owner", "status", "progress", "polls").order_by()
    open = {pk: tuple(state) for pk, *state in rows}
    for pk, (owner_id, *_state) in list(_told.items()):
        if pk not in open and _told.pop(pk, None):
            _tell(pk, owner_id)
    for pk, state in open.items():
        if _told.get(pk) != state:
            _told[pk] = state
            _tell(pk, state[0])


def _tell(job_id: uuid.UUID, owner_id: int) -> None:
    news.tell(news.user_group(owner_id), about="job", id=str(job_id))


def gone(job: Job) -> None:
    """The same for one that was deleted: there is nothing to ask for."""
    _told.pop(job.pk, None)
    news.tell(news.user_group(job.owner_id), about="job", id=str(job.pk), gone=True)
