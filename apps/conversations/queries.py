"""Everything that is read of conversations; each begins with what its reader owns."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from apps.wire import messages as wire

from .models import Conversation, Part
from .parts import load_part
from .tree import MessageNode, Tree


@dataclass(frozen=True, slots=True)
class HistoryItem:
    id: uuid.UUID
    title: str
    pinned: bool
    archived: bool
    running: bool


@dataclass(frozen=True, slots=True)
class History:
    """`groups` are labelled lists in order of time; `next` is given as `before` for more, None at the end."""

    groups: list[tuple[str, list[HistoryItem]]]
    next: str | None
    archived: bool = False


def get(user, id: uuid.UUID) -> Conversation:
    """Raises Conversation.DoesNotExist for one that is not the user's own."""
    return Conversation.objects.for_user(user).select_related("model", "head").get(pk=id)


def history(user, *, archived: bool = False, limit: int = 60, before: str | None = None) -> History:
    """One page of the list: the pinned ones first, then by time of the last message.

    Raises ValueError if `before` was not given by an earlier page.
    """
    cursor = Cursor.read(before) if before else Cursor(pinned=True)
    rows = list(_pinned(user, archived, cursor)[: limit + 1]) if cursor.pinned else []
    if len(rows) <= limit:
        rows += _unpinned(user, archived, cursor)[: limit + 1 - len(rows)]
    more = len(rows) > limit
    rows = rows[:limit]
    return History(groups=_grouped(rows), next=Cursor.of(rows[-1]).write() if more else None, archived=archived)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place behind a row of the list: a key, so that rows that come or go meanwhile shift nothing."""

    pinned: bool
    time: datetime.datetime | None = None
    id: uuid.UUID | None = None

    @classmethod
    def of(cls, row: Conversation) -> "Cursor":
        return cls(pinned=row.pinned_at is not None, time=row.pinned_at or row.updated_at, id=row.pk)

    @classmethod
    def read(cls, text: str) -> "Cursor":
        group, time, id = text.split("_", 2)
        if group not in {"p", "u"}:
            raise ValueError(text)
        return cls(pinned=group == "p", time=_aware(time), id=uuid.UUID(id))

    def write(self) -> str:
        return f"{'p' if self.pinned else 'u'}_{self.time:%Y%m%dT%H%M%S.%f}_{self.id.hex}"

    def behind(self, field: str) -> Q:
        if self.time is None:
            return Q()
        return Q(**{f"{field}__lt": self.time}) | Q(**{field: self.time, "pk__lt": self.id})


def _aware(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y%m%dT%H%M%S.%f").replace(tzinfo=datetime.UTC)


def _listed(user, archived: bool):
    running = Exists(Conversation.objects.filter(pk=OuterRef("pk"), runs__status="running"))
    listed = Conversation.objects.for_user(user).filter(archived_at__isnull=not archived)
    return listed.annotate(running=running).only("title", "pinned_at", "archived_at", "updated_at")


def _pinned(user, archived: bool, cursor: Cursor):
    rows = _listed(user, archived).filter(cursor.behind("pinned_at"), pinned_at__isnull=False)
    return rows.order_by("-pinned_at", "-pk")


def _unpinned(user, archived: bool, cursor: Cursor):
    behind = Q() if cursor.pinned else cursor.behind("updated_at")
    return _listed(user, archived).filter(behind, pinned_at=None).order_by("-updated_at", "-pk")


def _grouped(rows: Iterable[Conversation]) -> list[tuple[str, list[HistoryItem]]]:
    groups: dict[str, list[HistoryItem]] = {}
    today = timezone.localdate()
    for row in rows:
        label = _("Pinned") if row.pinned_at else _when(timezone.localdate(row.updated_at), today)
        groups.setdefault(label, []).append(
            HistoryItem(
                id=row.pk,
                title=str(row),
                pinned=row.pinned_at is not None,
                archived=row.archived_at is not None,
                running=row.running,
            )
        )
    return list(groups.items())


def _when(day: datetime.date, today: datetime.date) -> str:
    age = (today - day).days
    if age <= 0:
        return _("Today")
    if age == 1:
        return _("Yesterday")
    if age <= 7:
        return _("Previous 7 days")
    if age <= 30:
        return _("Previous 30 days")
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def branch(conversation: Conversation) -> list[MessageNode]:
    """The messages on show, from the first to the head."""
    return path_to(conversation, conversation.head_id)


def path_to(conversation: Conversation, message_id: uuid.UUID | None) -> list[MessageNode]:
    """The messages from the first down to this one."""
    return Tree(conversation).path(message_id)


def newest_leaf(conversation: Conversation, message_id: uuid.UUID) -> uuid.UUID:
    """The message written last in the branches through this one."""
    return Tree(conversation).newest_leaf(message_id)


def parts_of(message_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[wire.Part]]:
    """The parts of messages, in order; a message without parts has no entry."""
    found: dict[uuid.UUID, list[wire.Part]] = {}
    for row in Part.objects.filter(message__in=list(message_ids)).order_by("message", "index"):
        found.setdefault(row.message_id, []).append(load_part(row))
    return found
