"""An import: each record of the file is taken whole, skipped or told why not, in a transaction of its own."""

import logging
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, BinaryIO

import msgspec
from django.db import DataError, IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.conversations.signals import announce
from apps.media import hold
from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.upstreams.models import Model
from apps.upstreams.queries import usable_models
from apps.work import storable

from . import schema
from .alone import alone
from .bringing import as_id
from .faults import said_of
from .models import Line, Origin, Transfer
from .reading.source import Source, digest_of, opened
from .reading.stream import CONVERSATION, FILE, JOB, ORDER, OWN
from .refusals import NotTaken
from .storing import Place, arrange, store
from .storing_jobs import store_job
from .writing.records import listed, record_of

Beat = Callable[..., None]
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
logger = logging.getLogger(__name__)


class Import:
    """One file into one person's history. What an earlier attempt has dealt with, by its lines, is passed over."""

    def __init__(self, transfer: Transfer, file: BinaryIO, beat: Beat):
        self.transfer, self.beat, self.read = transfer, beat, 0
        self.source: Source = opened(file)
        self.files = self.source.files(transfer.owner)
        self._last: Conversation | None = None

    def run(self) -> None:
        """Raises NotRead where the file cannot be read on; what came before stays."""
        source, owner = self.source, self.transfer.owner
        self.beat(source=source.name, size=source.size, total=source.total)
        assets, self.lost = source.assets(owner, self.beat)
        self.untold = dict(self.lost)
        self.place = Place(owner, _models(owner), assets)
        before, number = self.transfer.lines.count(), 0
        for kind, record in chain(source.records(self._told), self._lost_files()):
            number += kind != ORDER
            if kind == ORDER or number > before:
                self._take(number, kind, record)
                self.beat(done=number, read=self.read)
            elif kind == FILE:
                self.untold.pop(record, None)
        if self._last:
            announce(self._last, thread=False)

    def _told(self, size: int) -> None:
        self.read += size

    def _lost_files(self) -> Iterator[tuple[str, str]]:
        """Those that something else holds, which would not be told of otherwise."""
        return ((FILE, id) for id in list(self.untold))

    def _take(self, number: int, kind: str, record: Any) -> None:
        takers = {CONVERSATION: self._conversation, JOB: self._job, FILE: self._file, ORDER: self._order}
        try:
            if isinstance(record, NotTaken):
                raise record
            _twice(takers[kind], number, record)
        except NotTaken as error:
            self._failed(number, kind, record, str(error))
        except (IntegrityError, DataError):
            logger.exception("A record could not be stored.")
            self._failed(number, kind, record, _("The database did not take it."))
        except UNREADABLE as error:
            logger.info("A record of %s could not be read: %s", self.source.name, error, exc_info=True)
            self._failed(number, kind, record, said_of(error))

    def _failed(self, number: int, kind: str, record: Any, why: str) -> None:
        """Folders and tags are no record of their own: their conversations bring what they need of them."""
        if kind != ORDER:
            title = self.lost[record].name if kind == FILE and record in self.lost else _title(record)
            self._line(number, title, Line.Outcome.FAILED, why)

    def _order(self, number: int, record: Any) -> None:
        order = msgspec.convert(record, schema.Order)
        with alone(self.transfer.owner):
            arrange(order, self.transfer.owner)

    def _conversation(self, number: int, record: Any) -> None:
        origin, digest = self.source.id_of(record)[:200], digest_of(record)
        told = None if self._known(origin, digest) else self.source.read(record, self.files)
        left = "\n".join(self.files.taken())
        with alone(self.transfer.owner):
            if known := self._known(origin, digest) or (told and self._same(told)):
                self._line(number, str(known), Line.Outcome.SKIPPED, _("It is here already."), conversation=known)
                return
            talk = store(record=told, place=self.place, source=self.source.name, origin=origin, digest=digest)
            self._line(number, str(talk), Line.Outcome.IMPORTED, left, conversation=talk)
        self._last = talk

    def _job(self, number: int, record: Any) -> None:
        """One that is here already is as it was, or further: jobs are not changed by people."""
        told = msgspec.convert(record, schema.Job)
        with alone(self.transfer.owner):
            mine = Job.objects.for_user(self.transfer.owner)
            if known := mine.filter(Q(pk=told.id) | Q(came_from__record=told.id)).first():
                self._line(number, _title(record), Line.Outcome.SKIPPED, _("It is here already."), job=known)
                return
            job = store_job(told=told, place=self.place)
            self._line(number, _title(record), Line.Outcome.IMPORTED, "", job=job)

    def _file(self, number: int, id: Any) -> None:
        """A file that nothing else holds: from now on the library does."""
        self.untold.pop(id, None)
        if id in self.lost:
            raise NotTaken(self.lost[id].why)
        with alone(self.transfer.owner):
            asset = Asset.objects.for_user(self.transfer.owner).filter(pk=as_id(self.place.assets.get(id))).first()
            if asset is None:
                raise NotTaken(_("This file is not in the export."))
            is_new = hold.shelve(asset=asset)
            outcome, why = (Line.Outcome.IMPORTED, "") if is_new else (Line.Outcome.SKIPPED, _("It is here already."))
            self._line(number, asset.name, outcome, why, asset=asset)

    def _known(self, origin: str, digest: str) -> Conversation | None:
        """The same record, taken before, unless what became of it was deleted since."""
        taken = Origin.objects.filter(owner=self.transfer.owner, source=self.source.name, record=origin, digest=digest)
        found = taken.filter(conversation__deleted_at=None).select_related("conversation").first()
        return found.conversation if found else None

    def _same(self, told: schema.Conversation) -> Conversation | None:
        """The very conversation of ours, made here or brought before, and not changed since it was exported."""
        if self.source.name != OWN:
            return None
        there = listed(self.transfer.owner).filter(pk=told.id).first()
        return there if there and schema.encode(record_of(there)) == schema.encode(told) else None

    def _line(self, number: int, title: str, outcome: str, why: str, **of: Any) -> None:
        Line.objects.create(
            transfer=self.transfer,
            number=number,
            title=storable.text(title)[:200],
            outcome=outcome,
            why=storable.text(why),
            **of,
        )


def _twice(take: Callable[[int, Any], None], number: int, record: Any) -> None:
    """Somebody else's import of the same file may have taken an id in this moment: then it gets another."""
    try:
        take(number, record)
    except IntegrityError:
        take(number, record)


def _title(record: Any) -> str:
    if not isinstance(record, dict):
        return ""
    found = next((record[name] for name in ("title", "name", "prompt", "model") if record.get(name)), "")
    return " ".join(found.split()) if isinstance(found, str) else ""


def _models(owner) -> dict[tuple[str, str], Model]:
    """The models that the person may use, by upstream and name, and by name alone."""
    found: dict[tuple[str, str], Model] = {}
    for model in usable_models(owner):
        found.setdefault((model.upstream.name, model.name), model)
        found.setdefault(("", model.name), model)
    return found
