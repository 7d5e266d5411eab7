"""The log of administrative acts: written here, read on its own page, changed by nobody."""

from django.contrib.auth.models import AnonymousUser

from .models import AuditEntry, User


def record(actor: User | AnonymousUser | None, action: str, target: object = "", **details) -> None:
    """Write down that `actor` did this; nobody (`None`) is the machine, as by a command.

    `action` is `<area>.<verb>`, as "budget.change". Never put a secret into `target` or `details`.
    """
    known = actor if isinstance(actor, User) and actor.pk else None
    AuditEntry.objects.create(
        actor=known, actor_name=str(known or "")[:254], action=action, target=str(target), details=details
    )
