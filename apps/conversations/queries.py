"""Everything that is read of conversations; each begins with what its reader owns."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import BigAutoField, Count, Exists, OuterRef, Q, UUIDField
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from apps.wire import messages as wire
from apps.work.prepared import Select, SelectIn, Slot

from .models import Conversation, Folder, Message, Part, Tag
from .parts import load_part
from .tree import MessageNode, Tree, version_among

_parts = SelectIn(UUIDField(), lambda ids: Part.objects.filter(message__in=ids).order_by("message", "index"))
_worn = SelectIn(
    UUIDField(),
    lambda ids: (
        Conversation.tags.through.objects.filter(conversation__in=ids).select_related("tag").order_by("tag__name")
    ),
)
_ID, _OWNER = Slot("id", UUIDField()), Slot("owner", BigAutoField())
_mine = Select(lambda: Conversation.objects.for_user(_OWNER).filter(id=_ID).select_related("head"))
_siblings = Select(
    lambda: (
        Message.objects.filter(conversation=Slot("conversation", UUIDField()), parent=Slot("parent", UUIDField()))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
)

_folders = Select(lambda: Folder.objects.for_user(_OWNER).order_by("position", "pk"))
_counts = Select(
    lambda: (
        Conversation.objects.for_user(_OWNER)
        .filter(folder__isnull=False, archived_at=None, pinned_at=None, column_of=None)
        .order_by()
        .values_list("folder")
        .annotate(count=Count("pk"))
    )
)
_filed = Select(
    lambda: (
        _listed(_OWNER, archived=False)
        .filter(folder=Slot("folder", UUIDField()), pinned_at=None)
        .order_by("-updated_at", "-pk")[:IN_FOLDER]
    )
)
IN_FOLDER = 20


@dataclass(frozen=True, slots=True)
class HistoryItem:
    id: uuid.UUID
    title: str
    pinned: bool
    archived: bool
    running: bool
    place: str = "conversation"  # the name of its address
    tags: Sequence[Tag] = ()


@dataclass(frozen=True, slots=True)
class FolderItem:
    """A folder of the list. `count` are its conversations but the pinned ones, which stand on top of the whole list;
    `items` the newest of them if it is open."""

    folder: Folder
    count: int = 0
    items: Sequence[HistoryItem] = ()
    folders: Sequence["FolderItem"] = ()

    @property
    def is_whole(self) -> bool:
        return self.count <= len(self.items)


@dataclass(frozen=True, slots=True)
class History:
    """`groups` are labelled lists in order of time; `next` is given as `before` for more, None at the end."""

    groups: list[tuple[str, list[HistoryItem]]]
    next: str | None
    archived: bool = False
    folders: Sequence[FolderItem] = ()

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.folders

    @property
    def pinned(self) -> list[tuple[str, list[HistoryItem]]]:
        return [group for group in self.groups if group[1][0].pinned]

    @property
    def others(self) -> list[tuple[str, list[HistoryItem]]]:
        return [group for group in self.groups if not group[1][0].pinned]


def get(user, id: uuid.UUID) -> Conversation:
    """Raises Conversation.DoesNotExist for one that is not the user's own."""
    return Conversation.objects.for_user(user).select_related("model", "head").get(pk=id)


def folder(user, id: str | None) -> Folder | None:
    """The person's folder of that id, None where it is none or gone."""
    if not id:
        return None
    try:
        return Folder.objects.for_user(user).filter(pk=uuid.UUID(id)).first()
    except ValueError:
        return None


def mine(user, id: uuid.UUID) -> Conversation | None:
    """The person's conversation of that id, its owner being that very person."""
    found = _mine.first(owner=user.pk, id=id)
    if found:
        found.owner = user
    return found


def history(user, *, archived: bool = False, limit: int = 60, before: str | None = None) -> History:
    """One page of the list: the pinned ones first, then by time of the last message.

    Raises ValueError if `before` was not given by an earlier page.
    """
    if before:
        cursor = Cursor.read(before)
        rows = list(_pinned(user.pk, archived, cursor)[: limit + 1]) if cursor.pinned else []
        if len(rows) <= limit:
            rows += _unpinned(user.pk, archived, cursor)[: limit + 1 - len(rows)]
    else:
        pinned, others = _first_page(archived, limit)
        rows = pinned(owner=user.pk)
        rows += others(owner=user.pk) if len(rows) <= limit else []
    more = len(rows) > limit
    rows = rows[:limit]
    folders = [] if before or archived else shelf(user)
    next = Cursor.of(rows[-1]).write() if more else None
    return History(groups=_grouped(rows), next=next, archived=archived, folders=folders)


def shelf(user) -> list[FolderItem]:
    """The folders of the list, each with the folders in it; what is in the open ones comes along."""
    folders = _folders(owner=user.pk)
    counts = dict(_counts(owner=user.pk)) if folders else {}
    filed = [row for folder in folders if folder.is_open and folder.pk in counts for row in _filed_in(folder)]
    items: dict[uuid.UUID, list[HistoryItem]] = {}
    for row, item in zip(filed, _items(filed), strict=True):
        items.setdefault(row.folder_id, []).append(item)
    inside: dict[uuid.UUID | None, list[FolderItem]] = {}
    # Those that lie in others come first, as those take them in.
    for folder in sorted(folders, key=lambda folder: folder.parent_id is None):
        here = inside.get(folder.pk, ()) if folder.is_open else ()
        item = FolderItem(folder, counts.get(folder.pk, 0), items.get(folder.pk, ()), here)
        inside.setdefault(folder.parent_id, []).append(item)
    return inside.get(None, [])


def _filed_in(folder: Folder) -> list[Conversation]:
    return _filed(owner=folder.owner_id, folder=folder.pk)


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


@cache
def _first_page(archived: bool, limit: int) -> tuple[Select, Select]:
    """The list's beginning, which every change of a conversation has read anew."""
    first = Cursor(pinned=True)
    return (
        Select(lambda: _pinned(_OWNER, archived, first)[: limit + 1]),
        Select(lambda: _unpinned(_OWNER, archived, first)[: limit + 1]),
    )


def _listed(owner, archived: bool):
    listed = Conversation.objects.for_user(owner).filter(archived_at__isnull=not archived, column_of=None)
    running = Exists(Conversation.objects.filter(pk=OuterRef("pk"), runs__status="running"))
    return listed.annotate(running=running).only("title", "pinned_at", "archived_at", "updated_at", "kind", "folder")


def _pinned(owner, archived: bool, cursor: Cursor):
    rows = _listed(owner, archived).filter(cursor.behind("pinned_at"), pinned_at__isnull=False)
    return rows.order_by("-pinned_at", "-pk")


def _unpinned(owner, archived: bool, cursor: Cursor):
    behind = Q() if cursor.pinned else cursor.behind("updated_at")
    rows = _listed(owner, archived).filter(behind, pinned_at=None)
    return (rows if archived else rows.filter(folder=None)).order_by("-updated_at", "-pk")


def _grouped(rows: Sequence[Conversation]) -> list[tuple[str, list[HistoryItem]]]:
    groups: dict[str, list[HistoryItem]] = {}
    today = timezone.localdate()
    for row, item in zip(rows, _items(rows), strict=True):
        label = _("Pinned") if row.pinned_at else _when(timezone.localdate(row.updated_at), today)
        groups.setdefault(label, []).append(item)
    return list(groups.items())


def _items(rows: Sequence[Conversation]) -> list[HistoryItem]:
    answering, tags = _answering_comparisons(rows), tags_of([row.pk for row in rows])
    return [
        HistoryItem(
            id=row.pk,
            title=str(row),
            pinned=row.pinned_at is not None,
            archived=row.archived_at is not None,
            running=row.running or row.pk in answering,
            place=row.place,
            tags=tags.get(row.pk, ()),
        )
        for row in rows
    ]


def tags_of(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Tag]]:
    """The tags of conversations, in order of their names; one without tags has no entry."""
    found: dict[uuid.UUID, list[Tag]] = {}
    for worn in _worn(ids) if ids else ():
        found.setdefault(worn.conversation_id, []).append(worn.tag)
    return found


def _answering_comparisons(rows: Iterable[Conversation]) -> set[uuid.UUID]:
    """Those of these comparisons of which a column is being answered; a list without comparisons costs no query."""
    listed = [row.pk for row in rows if row.kind == Conversation.Kind.COMPARISON]
    if not listed:
        return set()
    running = Conversation.objects.filter(column_of__in=listed, runs__status="running")
    return set(running.values_list("column_of", flat=True))


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


def node_of(message: Message) -> MessageNode:
    """One message and its place among its versions. One that stands first is alone only if nobody edited it."""
    if message.parent_id is None:
        return Tree(message.conversation).path(message.pk)[-1]
    versions = _siblings(conversation=message.conversation_id, parent=message.parent_id)
    return version_among(versions, message.pk, message.role, message.parent_id)


def newest_leaf(conversation: Conversation, message_id: uuid.UUID) -> uuid.UUID:
    """The message written last in the branches through this one."""
    return Tree(conversation).newest_leaf(message_id)


def parts_of(message_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[wire.Part]]:
    """The parts of messages, in order; a message without parts has no entry."""
    found: dict[uuid.UUID, list[wire.Part]] = {}
    for row in _parts(message_ids):
        found.setdefault(row.message_id, []).append(load_part(row))
    return found
