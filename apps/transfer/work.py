"""One transfer from wherever it stands to its end; a process that ends lets go of it, and the next one takes it up."""

import logging
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.work.leases import is_gone, worker_name

from .alone import alone
from .importing import Import
from .models import Transfer
from .refusals import NotRead
from .writing.contents import Contents
from .writing.export import chosen, ending, write

EVERY = 0.5
SILENT_FOR = timedelta(minutes=10)
FILE_KEPT, TOLD_FOR = timedelta(days=1), timedelta(days=30)

logger = logging.getLogger(__name__)


class LetGo(Exception):
    """The process is about to end: another one goes on."""


class Stopped(Exception):
    """Its owner does not want it any more."""


def claim() -> Transfer | None:
    """The one that waits longest, of whoever has none under way; taken from a process that is gone, too."""
    now = timezone.now()
    held = Transfer.objects.filter(status=Transfer.Status.RUNNING).exclude(worker="").values_list("worker", "owner")
    gone = [worker for worker, _owner in held if is_gone(worker)]
    lost = Q(status=Transfer.Status.RUNNING) & (Q(heartbeat_at__lt=now - SILENT_FOR) | Q(worker__in=gone))
    busy = [owner for worker, owner in held if worker not in gone]
    free = Transfer.objects.filter(Q(status=Transfer.Status.WAITING) & ~Q(owner__in=busy) | lost)
    for transfer in free.select_related("owner", "subject").order_by("pk")[:10]:
        with alone(transfer.owner):
            if _taken(transfer, gone):
                return transfer
    return None


def _taken(transfer: Transfer, gone: list[str]) -> bool:
    """Unless another one of the same owner was taken up meanwhile."""
    beside = Transfer.objects.filter(owner=transfer.owner_id, status=Transfer.Status.RUNNING).exclude(pk=transfer.pk)
    if transfer.status == Transfer.Status.WAITING and beside.exclude(worker__in=["", *gone]).exists():
        return False
    as_seen = Transfer.objects.filter(pk=transfer.pk, status=transfer.status, heartbeat_at=transfer.heartbeat_at)
    now = timezone.now()
    return bool(as_seen.update(status=Transfer.Status.RUNNING, worker=worker_name(), heartbeat_at=now))


def carry_out(transfer: Transfer, is_ending: Callable[[], bool] = lambda: False) -> None:
    """Works on it; whatever happens it is ended, or let go."""
    beat = _Beat(transfer, is_ending)
    with translation.override(transfer.language or None):
        try:
            _export(transfer, beat) if transfer.kind == Transfer.Kind.EXPORT else _import(transfer, beat)
        except LetGo:
            _mine(transfer).update(status=Transfer.Status.WAITING, worker="")
        except Stopped:
            _end(transfer, Transfer.Status.FAILED, error=_("Stopped."))
        except NotRead as error:
            _end(transfer, Transfer.Status.FAILED, error=str(error))
        except Exception:
            logger.exception("transfer %s", transfer.pk)
            _end(
                transfer, Transfer.Status.FAILED, error=_("Something went wrong on our side. The log has the details.")
            )


def _mine(transfer: Transfer):
    return Transfer.objects.filter(pk=transfer.pk, status=Transfer.Status.RUNNING, worker=worker_name())


class _Beat:
    """Shows life and how far it is, a few times a second at most. Raises LetGo and Stopped."""

    def __init__(self, transfer: Transfer, is_ending: Callable[[], bool]):
        self._transfer, self._is_ending = transfer, is_ending
        self._fields: dict[str, Any] = {}
        self._next = 0.0

    def __call__(self, **fields: Any) -> None:
        self._fields |= fields
        if self._is_ending():
            self.now()
            raise LetGo
        if time.monotonic() >= self._next:
            self.now()

    def now(self) -> None:
        if not _mine(self._transfer).filter(stop_requested=False).update(heartbeat_at=timezone.now(), **self._fields):
            raise Stopped
        self._fields, self._next = {}, time.monotonic() + EVERY


def _export(transfer: Transfer, beat: _Beat) -> None:
    user = transfer.subject or transfer.owner
    found, whole = chosen(user, transfer.chosen), transfer.chosen is None
    total, done = Contents(user, found, whole).count(), 0
    beat(total=total, done=0)
    single = not whole and total == 1

    def count(more: int) -> None:
        nonlocal done
        done += more
        beat(done=done)

    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as out:
        write(user=user, format=transfer.format, found=found, single=single, out=out, beat=count, whole=whole)
        size = out.tell() if transfer.format != "zip" else out.seek(0, 2)
        out.seek(0)
        beat.now()
        path = default_storage.save(path_of(transfer), File(out))
    name = f"{transfer.name}.{ending(transfer.format, single=single)}"
    if not _end(transfer, Transfer.Status.DONE, file=path, size=size, name=name):
        default_storage.delete(path)


def _import(transfer: Transfer, beat: _Beat) -> None:
    with default_storage.open(transfer.file) as file:
        Import(transfer, file, beat).run()
    beat.now()
    _end(transfer, Transfer.Status.DONE)


def path_of(transfer: Transfer) -> str:
    return f"transfers/{transfer.pk.hex}"


def _end(transfer: Transfer, status: str, **fields: Any) -> bool:
    """The file of an import is not needed any more, however it ended."""
    lines = transfer.lines.count()
    if transfer.kind == Transfer.Kind.IMPORT:
        fields |= {"done": lines, "file": ""}
        default_storage.delete(transfer.file)
    return Transfer.finish_once(transfer.pk, status, **fields)


def sweep() -> None:
    """Files of exports are kept for a day, what is told of a transfer for a month."""
    now = timezone.now()
    ended = Transfer.objects.exclude(status__in=Transfer.OPEN)
    for transfer in ended.filter(finished_at__lt=now - FILE_KEPT).exclude(file=""):
        default_storage.delete(transfer.file)
        Transfer.objects.filter(pk=transfer.pk).update(file="")
    ended.filter(finished_at__lt=now - TOLD_FOR).delete()
