"""As whom a command acts: operators and scripts have no session."""

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def person(email: str):
    """The active person of that address, without one the first administrator. Raises CommandError."""
    people = get_user_model().objects.filter(is_active=True)
    found = people.filter(email=email.lower()) if email else people.filter(is_superuser=True).order_by("pk")
    if acting := found.first():
        return acting
    raise CommandError(
        f"Nobody has the address {email}." if email else "Make an administrator first: manage.py createsuperuser."
    )
