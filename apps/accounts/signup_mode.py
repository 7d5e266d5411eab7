"""Who may sign up: the environment decides where it speaks, else the instance's own row."""

from django.conf import settings

from .audit import record
from .models import Instance, User


def signup_mode() -> str:
    """One of Instance.Signup."""
    if settings.SIGNUP:
        return settings.SIGNUP
    row = Instance.objects.filter(pk=1).values_list("signup", flat=True).first()
    return row or Instance.Signup.INVITATION


def change_signup_mode(*, mode: str, by: User | None = None) -> None:
    Instance.objects.filter(pk=1).update(signup=Instance.Signup(mode))
    record(by, "signup.change", mode)
