"""A lease for anything that runs in the background: who works on it, when it last showed life, and how it ended."""

import os
import socket
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.db import models
from django.utils import timezone

from .ids import new_id
from .prepared import Slot, Update

STALE_AFTER = timedelta(seconds=15)


def _process_started(pid: int) -> str:
    """The kernel's start tick of a process, '' if there is none: a pid alone may have been given out again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return ""


@cache
def _name_of(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}/{_process_started(pid)}"


def worker_name() -> str:
    """This process, as a name that no later process shares."""
    return _name_of(os.getpid())


def is_gone(worker: str) -> bool:
    """True when the worker ran on this machine and has certainly ended."""
    host, _, rest = worker.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not started:
        return False
    return _process_started(int(pid)) != started


@cache
def _finishing(model: type["Leased"], names: tuple[str, ...]) -> Update:
    slots = {name: Slot(name, model._meta.get_field(name)) for name in ("status", "finished_at", *names)}
    return Update(lambda: (model.objects.filter(pk=Slot("pk", model._meta.pk), status=model.RUNNING), slots))


class Leased(models.Model):
    """Claimed by one worker, kept alive by its heartbeat; the first conditional update to a final status wins."""

    RUNNING = "running"

    id: uuid.UUID = models.UUIDField(primary_key=True, default=new_id, editable=False)
    status = models.CharField(max_length=12, default=RUNNING, db_index=True)
    worker = models.CharField(max_length=200, blank=True, default="")
    heartbeat_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def finish_once(cls, id, status: str, **fields) -> bool:
        """Puts the final status; False if somebody else already did."""
        return bool(_finishing(cls, tuple(fields))(pk=id, status=status, finished_at=timezone.now(), **fields))

    @classmethod
    def abandoned(cls) -> list:
        """Those whose worker is dead or has been silent for too long."""
        limit = timezone.now() - STALE_AFTER
        running = cls.objects.filter(status=cls.RUNNING)
        return [lease for lease in running if lease.heartbeat_at < limit or is_gone(lease.worker)]
