"""Deleting a person with everything of theirs. The ledger keeps its counts, without them."""

from django.db import transaction

from apps.accounts import roles
from apps.accounts.audit import record
from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.media.jobs.actions import cancel
from apps.media.jobs.models import Job
from apps.runs.hub import hub
from apps.runs.models import Run
from apps.usage.models import Call, CallRecord

AT_ONCE = 50


def delete_person(*, person: User, by: User) -> None:
    """First nobody may sign in as them, then all goes piece by piece: broken off, it can be done again.

    Raises LastAdministrator.
    """
    if person.is_active:
        roles.disable(person=person, by=by)
    _stop(person)
    while some := list(_conversations(person)[:AT_ONCE]):
        with transaction.atomic():
            Conversation._base_manager.filter(pk__in=some).delete()
    # What went over the wire is contents too, and an upstream's error may quote it; the calls themselves stay.
    CallRecord.objects.filter(call__user=person).delete()
    Call.objects.filter(user=person).exclude(error="").update(error="")
    _delete(person, by)


def _conversations(person: User):
    """Those in the bin too."""
    return Conversation._base_manager.filter(owner=person).order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _delete(person: User, by: User) -> None:
    record(by, "person.delete", person.email)
    User.objects.get(pk=person.pk).delete()


def _stop(person: User) -> None:
    """What runs for them ends, wherever it runs; its answer has no place any more."""
    running = Run.objects.for_user(person).filter(status=Run.Status.RUNNING)
    running.update(stop_requested=True)
    for run in running.values_list("pk", flat=True):
        hub.stop(run)
    for job in Job.objects.for_user(person).filter(status__in=Job.OPEN):
        cancel(job)
