"""What an administrator may do to a person; the last active administrator is never lost. `by` is who does it."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F

from .audit import record
from .models import User


class LastAdministrator(Exception):
    """Without this person nobody could administer the playground."""


@transaction.atomic
def appoint(*, person: User, by: User | None = None) -> None:
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    record(by, "person.appoint", person.email)


@transaction.atomic
def demote(*, person: User, by: User | None = None) -> None:
    """Make an administrator a member. Raises LastAdministrator."""
    keep_one(person)
    User.objects.filter(pk=person.pk).update(is_superuser=False)
    record(by, "person.demote", person.email)


@transaction.atomic
def disable(*, person: User, by: User | None = None) -> None:
    """Shut a person out; their sessions end now and do not come back when they are let in again.

    Raises LastAdministrator.
    """
    keep_one(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    end_sessions(person=person)
    record(by, "person.disable", person.email)


@transaction.atomic
def enable(*, person: User, by: User | None = None) -> None:
    User.objects.filter(pk=person.pk).update(is_active=True)
    record(by, "person.enable", person.email)


@transaction.atomic
def put_in_groups(*, person: User, groups: Iterable[Group], by: User | None = None) -> None:
    """From now on these are the person's groups."""
    person.groups.set(groups)
    names = ", ".join(person.groups.order_by("name").values_list("name", flat=True))
    record(by, "person.groups", person.email, groups=names)


@transaction.atomic
def sign_out(*, person: User, by: User | None = None) -> None:
    """What an administrator does to somebody whose device was lost."""
    end_sessions(person=person)
    record(by, "person.sign_out", person.email)


def end_sessions(*, person: User) -> None:
    """Sign this person out everywhere: no session or socket of an older version is let through again."""
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)


def keep_one(person: User) -> None:
    """Raises LastAdministrator where the person is that. Inside a transaction, which holds it until its end."""
    # Locked, so that two administrators who demote each other at once do not both succeed.
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if {administrator.pk for administrator in administrators} == {person.pk}:
        raise LastAdministrator
