"""First run: the one administrator who opens the house, and how everybody knows that it is open."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .audit import record
from .models import Instance, User


class AlreadySetUp(Exception):
    """Somebody else was faster; the message says so to people."""


def is_over() -> bool:
    """Whether set-up has happened: here, or headless by `createsuperuser`, which is then written down."""
    if Instance.objects.filter(pk=1).exists():
        return True
    if not User.objects.filter(is_superuser=True).exists():
        return False
    Instance.objects.get_or_create(pk=1)
    return True


def set_up(*, name: str, email: str, password: str) -> User:
    """Make the administrator and the instance, or neither. Raises AlreadySetUp."""
    try:
        with transaction.atomic():
            # The key decides: of two at once, the second waits here for the first and then fails.
            Instance.objects.create(pk=1)
            if User.objects.filter(is_superuser=True).exists():
                raise AlreadySetUp(_already())
            user = User.objects.create_superuser(email, password, name=name)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
            record(user, "instance.set_up", user.email)
            return user
    except IntegrityError as error:
        raise AlreadySetUp(_already()) from error


def _already() -> str:
    return _("Somebody else has just set up this playground. Ask them for an invitation, or sign in.")
