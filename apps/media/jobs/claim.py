"""Which jobs a process works on: due ones that nobody holds, each taken by a conditional update, so that one wins."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from apps.work.leases import STALE_AFTER, is_gone, worker_name

from .models import Job

# So many due jobs are looked at for those whose turn it is.
LOOKED_AT = 500


def mine(job: Job) -> QuerySet[Job]:
    """The job as long as this process may write to it: it is open, and no other process has taken it over."""
    return Job.objects.filter(pk=job.pk, worker=worker_name(), status__in=Job.OPEN)


def claim(*, begin: int, go_on: int, busy: Collection[uuid.UUID], only: uuid.UUID | None = None) -> list[Job]:
    """At most `begin` jobs that are to be submitted, which may take minutes, and `go_on` that are to be looked at.

    `busy` are those that this process works on already; `only` is the one job that it is there for. Jobs of workers
    that died or fell silent are taken over.
    """
    free = _free(busy)
    if only:
        free = free.filter(pk=only)
    fresh = _fairly(free.filter(status=Job.Status.QUEUED), begin)
    begun = _fairly(free.exclude(status=Job.Status.QUEUED), go_on)
    return [job for job in (*fresh, *begun) if _taken(job)]


def _free(busy: Collection[uuid.UUID]) -> QuerySet[Job]:
    now = timezone.now()
    held = Job.objects.filter(status__in=Job.OPEN).exclude(worker="").values_list("worker", flat=True).distinct()
    gone = [worker for worker in held.order_by() if worker == worker_name() or is_gone(worker)]
    nobody = Q(worker="") | Q(heartbeat_at__lt=now - STALE_AFTER) | Q(worker__in=gone)
    due = Job.objects.filter(nobody, status__in=Job.OPEN, due_at__lte=now).exclude(pk__in=busy)
    return due.select_related("owner", "model__upstream")


def _fairly(jobs: QuerySet[Job], room: int) -> list[Job]:
    """The first of each person, then the second of each …, counting what each has in work already."""
    if room <= 0:
        return []
    turn = Window(RowNumber(), partition_by=F("owner"), order_by=[F("due_at"), F("id")])
    found = list(jobs.annotate(turn=turn).order_by("turn", "due_at")[:LOOKED_AT])
    if not found:
        return []
    held = Counter(Job.objects.filter(status__in=Job.OPEN).exclude(worker="").values_list("owner", flat=True))
    return sorted(found, key=lambda job: (job.turn + held[job.owner_id], job.due_at))[:room]


def _taken(job: Job) -> bool:
    now = timezone.now()
    as_seen = Job.objects.filter(pk=job.pk, status=job.status, worker=job.worker, heartbeat_at=job.heartbeat_at)
    if not as_seen.update(worker=worker_name(), heartbeat_at=now):
        return False
    job.worker, job.heartbeat_at = worker_name(), now
    return True


def beat(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Shows life for these jobs; gives those that are to be stopped: asked to, deleted, or another's by now."""
    ids = list(ids)
    held = Job.objects.filter(pk__in=ids, worker=worker_name(), status__in=Job.OPEN)
    held.update(heartbeat_at=timezone.now())
    kept = set(held.filter(cancel_requested=False).values_list("pk", flat=True))
    return [id for id in ids if id not in kept]
