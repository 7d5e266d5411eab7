"""Invitation links: made, found, revoked, and used by exactly one person."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from .audit import record
from .models import Instance, Invitation, User
from .signup_mode import signup_mode

SESSION_KEY = "invitation"
DAYS = 7


class InvitationOver(Exception):
    """The link leads nowhere any more; the message says so to people."""

    def __init__(self):
        super().__init__(_("This invitation has been used, taken back, or has expired. Ask for a new one."))


@transaction.atomic
def invite(
    *,
    invited_by: User,
    email: str = "",
    groups: Iterable[Group] = (),
    is_administrator: bool = False,
    days: int = DAYS,
) -> Invitation:
    invitation = Invitation.objects.create(
        invited_by=invited_by,
        email=email.lower(),
        is_administrator=is_administrator,
        expires_at=timezone.now() + timedelta(days=days),
    )
    invitation.groups.set(groups)
    record(invited_by, "invitation.make", invitation.email, administrator=is_administrator, days=days)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: User | None = None) -> None:
    """Only an open invitation can be taken back; a used one is history."""
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()[0]:
        record(by, "invitation.revoke", invitation.email)


def find(token: str) -> Invitation:
    """The open invitation of this link. Raises InvitationOver."""
    invitation = Invitation.objects.open().filter(token=token).first()
    if invitation is None or signup_mode() == Instance.Signup.CLOSED:
        raise InvitationOver
    return invitation


def pending(request: HttpRequest) -> Invitation | None:
    """The open invitation whose link this visitor has followed."""
    try:
        return find(request.session[SESSION_KEY])
    except (KeyError, InvitationOver):
        return None


def claim(*, invitation: Invitation, user: User) -> None:
    """Use it up for this new person. Call inside the transaction that makes them. Raises InvitationOver."""
    names_other = invitation.email and invitation.email != user.email.lower()
    open_ = Invitation.objects.open().filter(pk=invitation.pk)
    # A conditional update: of two who follow one link at once, one finds nothing left to update.
    if names_other or not open_.update(accepted_at=timezone.now(), accepted_by=user):
        raise InvitationOver
    user.groups.add(*invitation.groups.all())
    if invitation.is_administrator:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    record(user, "invitation.accept", user.email, administrator=invitation.is_administrator)
