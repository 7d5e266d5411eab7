"""What a person looks for in the history: words and filters, as they stand in the address."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model as Row
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from apps.media.models import Asset, Use
from apps.upstreams.models import Model

from .models import Conversation, Folder, Message, Tag

HAS = {"image": Q(kind=Asset.Kind.IMAGE), "file": ~Q(kind=Asset.Kind.IMAGE)}
KINDS = (Conversation.Kind.CHAT, Conversation.Kind.COMPARISON)
# Filtering by a model must not tell who answers in a column whose name is hidden.
_HIDDEN = Q(column_of__comparison__blind=True, column_of__comparison__revealed_at=None)


@dataclass(frozen=True, slots=True)
class Filters:
    """`by` is a model; `archived` 1, 0 or "" for both; `since` and `until` are days of the last message. Field names
    are those in the address, where other things have `model`."""

    q: str = ""
    by: uuid.UUID | None = None
    tag: tuple[uuid.UUID, ...] = ()
    folder: uuid.UUID | None = None
    has: tuple[str, ...] = ()
    kind: str = ""
    archived: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """What the address says; what it says of things unknown is passed over."""
        tags = [id for id in map(_uuid, query.getlist("tag")) if id]
        return cls(
            q=query.get("q", "").strip(),
            by=_uuid(query.get("by", "")),
            tag=tuple(dict.fromkeys(tags)),
            folder=_uuid(query.get("folder", "")),
            has=tuple(name for name in HAS if name in query.getlist("has")),
            kind=_one_of(query.get("kind", ""), KINDS),
            archived=_one_of(query.get("archived", ""), "10"),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
        )

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def address(self) -> str:
        """As the address has it, without the question mark."""
        said = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return urlencode([(name, value) for name, value in said if value], doseq=True)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The filters without the words, as fields of a form."""
        return [(name, value) for name, values in QueryDict(replace(self, q="").address).lists() for value in values]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the address without it."""

    label: str
    without: str
    icon: str = ""
    color: int = 0


def narrowed(listed: QuerySet[Conversation], user, filters: Filters) -> QuerySet[Conversation]:
    """Those of the list that the filters let through; words are not looked at here."""
    if filters.by:
        listed = listed.filter(_by(user, filters.by))
    for tag in filters.tag:
        listed = listed.filter(tags=tag)
    if filters.folder:
        listed = listed.filter(Q(folder=filters.folder) | Q(folder__parent=filters.folder))
    for kind in filters.has:
        listed = listed.filter(_holding(user, HAS[kind]))
    if filters.kind:
        listed = listed.filter(kind=filters.kind)
    if filters.archived:
        listed = listed.filter(archived_at__isnull=filters.archived == "0")
    if filters.since:
        listed = listed.filter(updated_at__gte=_midnight(filters.since))
    if filters.until:
        listed = listed.filter(updated_at__lt=_midnight(filters.until + datetime.timedelta(days=1)))
    return listed


def _by(user, model: uuid.UUID) -> Q:
    """It is asked, or was; in a comparison, by any column."""
    mine = Conversation.objects.for_user(user)
    answered = mine.filter(Q(model=model) | Q(runs__model=model)).exclude(_HIDDEN)
    columns = answered.filter(column_of__isnull=False)
    return Q(pk__in=answered.filter(column_of=None).values("pk")) | Q(pk__in=columns.values("column_of"))


def _holding(user, kind: Q) -> Q:
    """A message of it, or of a column, holds a file of the kind."""
    uses = Use.objects.filter(asset__in=Asset.objects.for_user(user).filter(kind)).values("message_id")
    messages = Message.objects.for_user(user).filter(pk__in=uses)
    columns = messages.filter(conversation__column_of__isnull=False)
    return Q(pk__in=messages.values("conversation")) | Q(pk__in=columns.values("conversation__column_of"))


def chips(user, filters: Filters) -> list[Chip]:
    """The filters that are on, in words. What is gone meanwhile has a chip too, so that it can be taken off."""
    found = [Chip(_name(models_of(user), filters.by), replace(filters, by=None).address)] if filters.by else []
    tags = {tag.pk: tag for tag in Tag.objects.for_user(user).filter(pk__in=filters.tag)}
    for id in filters.tag:
        rest = replace(filters, tag=tuple(other for other in filters.tag if other != id)).address
        found.append(Chip(str(tags.get(id, _("gone"))), rest, color=tags[id].color if id in tags else 0))
    if filters.folder:
        name = _name(Folder.objects.for_user(user), filters.folder)
        found.append(Chip(name, replace(filters, folder=None).address, "folder"))
    words = {"image": _("has an image"), "file": _("has a file")}
    for kind in filters.has:
        rest = replace(filters, has=tuple(other for other in filters.has if other != kind)).address
        found.append(Chip(words[kind], rest, kind))
    return [*found, *_plain_chips(filters)]


def _plain_chips(filters: Filters) -> list[Chip]:
    kinds = {"chat": _("chats"), "comparison": _("comparisons"), "": ""}
    archived = {"1": _("archived"), "0": _("not archived"), "": ""}
    told: Mapping[str, str] = {
        "kind": kinds[filters.kind],
        "archived": archived[filters.archived],
        "since": (filters.since and _("from %(day)s") % {"day": _shown(filters.since)}) or "",
        "until": (filters.until and _("until %(day)s") % {"day": _shown(filters.until)}) or "",
    }
    off: Mapping[str, Any] = {"kind": "", "archived": "", "since": None, "until": None}
    return [Chip(told[name], replace(filters, **{name: off[name]}).address) for name in told if told[name]]


def models_of(user) -> QuerySet[Model]:
    """Those that the person's conversations ask, by name; hidden columns are passed over."""
    mine = Conversation.objects.for_user(user).exclude(_HIDDEN)
    return Model.objects.filter(pk__in=mine.values("model")).select_related("upstream").order_by("name")


def _name(rows: QuerySet, id: uuid.UUID) -> str:
    row: Row | None = rows.filter(pk=id).first()
    return str(row) if row else _("gone")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    # Midnight of the outermost years lies outside of them in other time zones.
    return day if 1 < day.year < datetime.MAXYEAR else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _shown(day: datetime.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text and text in known else ""
