"""How a job's state is written: by whoever holds it, at once with its call, and an end only once."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.upstreams.said import in_words
from apps.usage import making
from apps.usage.models import Call
from apps.wire.events import Failed
from apps.wire.exceptions import WireError
from apps.wire.media import dialects
from apps.wire.media.shapes import MediaReply
from apps.work import storable
from apps.work.database import writing

from . import tell
from .claim import mine
from .models import Job

UNREADABLE = frozenset(("empty_reply", "no_answer", "undecodable", "too_large"))

Told = dict[str, Any]

OUTCOMES = {
    Job.Status.SUCCEEDED: Call.Outcome.COMPLETED,
    Job.Status.FAILED: Call.Outcome.FAILED,
    Job.Status.CANCELLED: Call.Outcome.STOPPED,
    Job.Status.UNKNOWN: Call.Outcome.INTERRUPTED,
}


class Lost(Exception):
    """The job is another's by now, ended, or deleted: nothing more is to be done about it here."""


def write(job: Job, **fields: Any) -> None:
    """Raises Lost."""
    if not mine(job).update(**fields):
        raise Lost
    for name, value in fields.items():
        setattr(job, name, value)


def put_off(job: Job, wait: timedelta, **fields: Any) -> None:
    """Gives it back to be taken up after a while, by whichever process. Raises Lost."""
    write(job, worker="", due_at=timezone.now() + wait, **storable.data(fields))
    tell.changed(job)


def end(job: Job, status: str, error: Told | None = None, **fields: Any) -> None:
    """The job's last state, and that of its call where the upstream's last word has not settled it. Raises Lost."""
    error = storable.data(error or {})
    with writing():
        write(job, status=status, error=error, finished_at=timezone.now(), worker="", **fields)
        making.settle(job.pk, OUTCOMES[Job.Status(status)], error=error.get("title", ""))
    tell.changed(job)


def is_begun(job: Job) -> bool:
    """Whether the upstream may be at work on it, or has been."""
    return job.submitting_at is not None and job.progress != 100


def may_be_withdrawn(job: Job) -> bool:
    """Whether there is a way to tell the upstream that it is not wanted any more."""
    dialect = dialects.DIALECTS.get(job.dialect)
    return bool(dialect and dialect.withdraw and job.remote_id and job.model_id) and is_begun(job)


def cancelled(job: Job) -> Told:
    """What its owner is told of one that the upstream was not stopped at."""
    if not is_begun(job):
        return {}
    return {"title": _("The upstream was not stopped: it may finish the work all the same, and charge for it.")}


def told(error: UpstreamError | WireError) -> Told:
    """As runs tell of theirs."""
    if isinstance(error, WireError):
        return {"title": _("The reply could not be read."), "detail": in_words(str(error))}
    return {
        "title": str(error),
        "upstream_says": error.upstream_says,
        "request_id": error.request_id,
        "retry_after": error.retry_after,
        "kind": error.kind,
        "status": error.status,
    }


def is_unreadable(reply: MediaReply) -> bool:
    """Not the upstream's word, but what came in its place: nothing, half a document, a proxy's page."""
    return reply.state == "failed" and reply.error is not None and _is_ours(reply.error)


def is_half_said(reply: MediaReply) -> bool:
    """The same, but for a page: whoever answers a request with one has not taken it."""
    return is_unreadable(reply) and reply.error is not None and reply.error.type != "html"


def _is_ours(failed: Failed) -> bool:
    return failed.type == "html" or failed.code in UNREADABLE


def reported(failed: Failed | None) -> Told:
    """What the upstream says of a task that came to nothing."""
    if failed is None:
        return {"title": _("The upstream says that this failed, and not why.")}
    facts = {"code": failed.code, "request_id": failed.request_id}
    if _is_ours(failed):
        return {"title": in_words(failed.message), **facts}
    return {"title": _("The upstream could not make this."), "upstream_says": in_words(failed.message), **facts}
