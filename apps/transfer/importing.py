"""An import: each record of the file is taken whole, skipped or told why not, in a transaction of its own."""

import logging
from collections.abc import Callable
from typing import Any, BinaryIO

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.conversations.signals import announce
from apps.upstreams.models import Model
from apps.upstreams.queries import usable_models
from apps.work import storable
from apps.work.database import writing

from . import schema
from .models import Line, Origin, Transfer
from .reading.source import Source, digest_of, opened
from .reading.stream import OWN
from .refusals import NotTaken
from .storing import Place, store
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
        source = self.source
        self.beat(source=source.name, size=source.size, total=source.total)
        assets, left = source.assets(self.transfer.owner)
        self.files.left += left
        self.place = Place(self.transfer.owner, _models(self.transfer.owner), assets)
        before = self.transfer.lines.count()
        for number, record in enumerate(source.records(self._told), 1):
            if number > before:
                self._take(number, record)
                self.beat(done=number, read=self.read)
        if self._last:
            announce(self._last, thread=False)

    def _told(self, size: int) -> None:
        self.read += size

    def _take(self, number: int, record: Any) -> None:
        try:
            if isinstance(record, NotTaken):
                raise record
            self._store(number, record)
        except NotTaken as error:
            self._line(number, record, Line.Outcome.FAILED, str(error))
        except (IntegrityError, DataError):
            logger.exception("A record could not be stored.")
            self._line(number, record, Line.Outcome.FAILED, _("The database did not take it."))
        except UNREADABLE as error:
            logger.info("A record of %s could not be read: %s", self.source.name, error, exc_info=True)
            why = _("It is not what such a record looks like: %(error)s") % {"error": str(error)[:300]}
            self._line(number, record, Line.Outcome.FAILED, why)

    def _store(self, number: int, record: Any) -> None:
        origin, digest = self.source.id_of(record)[:200], digest_of(record)
        if known := self._known(origin, digest):
            self._line(number, record, Line.Outcome.SKIPPED, _("It is here already."), known)
            return
        told = self.source.read(record, self.files)
        if self.source.name == OWN and (same := self._same(told)):
            self._line(number, record, Line.Outcome.SKIPPED, _("It is here already."), same)
            return
        left = "\n".join(self.files.taken())
        with writing():
            talk = store(record=told, place=self.place, source=self.source.name, origin=origin, digest=digest)
            self._line(number, record, Line.Outcome.IMPORTED, left, talk)
        self._last = talk

    def _known(self, origin: str, digest: str) -> Conversation | None:
        """The same record, taken before, unless what became of it was deleted since."""
        taken = Origin.objects.filter(owner=self.transfer.owner, source=self.source.name, record=origin, digest=digest)
        found = taken.filter(conversation__deleted_at=None).select_related("conversation").first()
        return found.conversation if found else None

    def _same(self, told: schema.Conversation) -> Conversation | None:
        """The very conversation, made here or brought before, and not changed since it was exported."""
        there = listed(self.transfer.owner).filter(pk=told.id).first()
        return there if there and schema.encode(record_of(there)) == schema.encode(told) else None

    def _line(self, number: int, record: Any, outcome: str, why: str, talk: Conversation | None = None) -> None:
        title = str(talk) if talk else _title(record)
        Line.objects.create(
            transfer=self.transfer,
            number=number,
            title=storable.text(title)[:200],
            outcome=outcome,
            why=storable.text(why),
            conversation=talk,
        )


def _title(record: Any) -> str:
    found = (record.get("title") or record.get("name")) if isinstance(record, dict) else ""
    return found if isinstance(found, str) else ""


def _models(owner) -> dict[tuple[str, str], Model]:
    """The models that the person may use, by upstream and name, and by name alone."""
    found: dict[tuple[str, str], Model] = {}
    for model in usable_models(owner):
        found.setdefault((model.upstream.name, model.name), model)
        found.setdefault(("", model.name), model)
    return found
