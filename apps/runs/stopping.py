"""Ending runs, wherever they are worked on."""

from .hub import hub
from .models import Run


def stop(runs) -> None:
    """Ends the upstream requests of those of these runs, a queryset, that still run."""
    ids = list(runs.filter(status=Run.Status.RUNNING).values_list("id", flat=True))
    Run.objects.filter(id__in=ids).update(stop_requested=True)
    for id in ids:
        hub.stop(id)


def stop_in(sender, *, conversation_ids, **kwargs) -> None:
    """Nothing goes on in conversations that were deleted."""
    stop(Run.objects.filter(conversation__in=conversation_ids))
