"""What a job's owner may do with it; each is fetched through the owner before."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.usage import making
from apps.usage.models import Call
from apps.work.database import writing

from ..hold import delete_unheld
from ..models import Asset
from . import endings, tell
from .models import Job, JobOutput
from .refusals import NotMade
from .schedule import deadline
from .workshop import workshop


def cancel(job: Job) -> None:
    """Ends it at once where it rests or nothing was asked of the upstream, whoever holds it: then nothing will be. Else
    it ends as soon as its worker hears of it, or the next one takes it up. What the upstream counts, it counts.

    Where the upstream can be told to stop, a worker does that first.
    """
    with writing():
        now = timezone.now()
        job.refresh_from_db(from_queryset=Job.objects.select_for_update())
        open = Job.objects.filter(pk=job.pk, status__in=Job.OPEN)
        ended = {"status": Job.Status.CANCELLED, "finished_at": now, "error": endings.cancelled(job)}
        if endings.may_be_withdrawn(job):
            open.filter(worker="").update(due_at=now)
            open.update(cancel_requested=True)
        elif open.filter(Q(worker="") | Q(status=Job.Status.QUEUED)).update(**ended):
            making.settle(job.pk, Call.Outcome.STOPPED)
        else:
            open.update(cancel_requested=True)
    workshop.stop(job.pk)
    workshop.poke()
    _changed(job)


def delete(job: Job) -> None:
    """With what it made, unless something else holds that. An open one is given up."""
    with writing():
        assets = [id for pair in job.outputs.values_list("asset", "poster") for id in pair if id]
        Job.objects.filter(pk=job.pk).delete()
        delete_unheld(Asset.objects.filter(pk__in=assets))
        making.settle(job.pk, Call.Outcome.STOPPED)
    workshop.stop(job.pk)
    tell.gone(job)


def fetch_again(job: Job) -> None:
    """Files that could not be had are tried anew; nothing is made again. Raises NotMade where there are none."""
    with writing():
        lost = JobOutput.objects.filter(_has_address(), job=job, asset=None).exclude(error="")
        ended = Job.objects.filter(pk=job.pk, status__in=(Job.Status.SUCCEEDED, Job.Status.FAILED))
        if not lost.exists() or not ended.update(**_begun_again(), deadline_at=None):
            raise NotMade(_("There is no file to fetch again."))
        lost.update(error="", tries=0)
    workshop.poke()
    _changed(job)


def check_again(job: Job) -> None:
    """A task whose outcome is unknown is looked at again, as long as for a new one. Raises NotMade."""
    with writing():
        unknown = Job.objects.filter(pk=job.pk, status=Job.Status.UNKNOWN).exclude(remote_id="")
        if not unknown.update(**_begun_again(), deadline_at=timezone.now() + deadline()):
            raise NotMade(_("The upstream gave this no number: there is nothing to ask for."))
        making.reopen(job.pk)
    workshop.poke()
    _changed(job)


def _has_address() -> Q:
    return Q(made__url__gt="") | Q(made__path__gt="")


def _begun_again() -> dict:
    return {
        "status": Job.Status.RUNNING,
        "error": {},
        "finished_at": None,
        "worker": "",
        "due_at": timezone.now(),
        "cancel_requested": False,
    }


def _changed(job: Job) -> None:
    job.refresh_from_db()
    tell.changed(job)
