"""What an administrator may do to a person; the last active administrator is never lost."""

from django.db import transaction
from django.db.models import F

from .models import User


class LastAdministrator(Exception):
    """Without this person nobody could administer the playground."""


def appoint(*, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_superuser=True)


@transaction.atomic
def demote(*, person: User) -> None:
    """Make an administrator a member. Raises LastAdministrator."""
    _keep_one(person)
    User.objects.filter(pk=person.pk).update(is_superuser=False)


@transaction.atomic
def disable(*, person: User) -> None:
    """Shut a person out; their sessions end now and do not come back when they are let in again.

    Raises LastAdministrator.
    """
    _keep_one(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    end_sessions(person=person)


def enable(*, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=True)


def end_sessions(*, person: User) -> None:
    """Sign this person out everywhere: no session or socket of an older version is let through again."""
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)


def _keep_one(person: User) -> None:
    # Locked, so that two administrators who demote each other at once do not both succeed.
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if {administrator.pk for administrator in administrators} == {person.pk}:
        raise LastAdministrator
