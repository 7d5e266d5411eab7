"""The audit log, read: filtered, in pages that begin behind an entry, so that new ones shift nothing."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.accounts.models import AuditEntry

from .sentences import sentence

PER_PAGE, AT_ONCE = 50, 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for: who acted, in what area (`person` of `person.disable`), on which days (UTC)."""

    who: str = ""
    area: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def is_all(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    at: datetime.datetime
    who: str
    action: str
    sentence: str

    @classmethod
    def of(cls, entry: AuditEntry) -> "Line":
        told = sentence(entry.action, entry.target, entry.details)
        return cls(entry.pk, entry.at, entry.actor_name, entry.action, told)


def page(wanted: Wanted, before: int | None = None, size: int = PER_PAGE) -> tuple[list[Line], int | None]:
    """The newest that fit, before an entry; and the id to go on from, None at the end."""
    found = _found(wanted)
    rows = list((found.filter(pk__lt=before) if before else found)[: size + 1])
    lines = [Line.of(entry) for entry in rows[:size]]
    return lines, lines[-1].id if len(rows) > size else None


def everything(wanted: Wanted) -> Iterator[Line]:
    """All that fits, newest first: each page is a query of its own, as a file is written by several threads."""
    lines, before = page(wanted, size=AT_ONCE)
    yield from lines
    while before:
        lines, before = page(wanted, before, AT_ONCE)
        yield from lines


def areas() -> list[str]:
    """The areas that have entries."""
    actions = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    return sorted({action.partition(".")[0] for action in actions})


def _found(wanted: Wanted) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.order_by("-id")
    if wanted.who:
        found = found.filter(actor_name__icontains=wanted.who) | found.filter(actor__email__icontains=wanted.who)
    if wanted.area:
        found = found.filter(action__startswith=f"{wanted.area}.")
    if wanted.since:
        found = found.filter(at__date__gte=wanted.since)
    return found.filter(at__date__lte=wanted.until) if wanted.until else found
