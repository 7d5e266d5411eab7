"""The step from a queued job to a request on its way: everything that can fail fails before it is marked as sent."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.upstreams.client import Endpoint
from apps.upstreams.models import Model
from apps.upstreams.said import in_words
from apps.usage import meter
from apps.usage.budgets.estimates import Estimate
from apps.usage.budgets.refusals import Refused
from apps.usage.models import Call
from apps.wire.exceptions import WireError
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest
from apps.wire.messages import HttpRequest
from apps.work.database import writing

from ..refusals import NotTaken
from . import endings, tell
from .asked import BROUGHT, whole_request_of
from .budget import asked_of
from .models import Job
from .schedule import deadline

# Seconds until it is looked at again whether fewer calls are made at the same time.
AGAIN = 5


class NotSent(Exception):
    """Nothing was sent; the text says why."""


class NotYet(NotSent):
    """It may be sent in so many seconds."""

    def __init__(self, sentence: str, wait: int | None):
        super().__init__(sentence)
        self.wait = wait or AGAIN


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that may now be sent, once."""

    endpoint: Endpoint
    dialect: Dialect
    request: MediaRequest
    asked: HttpRequest
    call_id: uuid.UUID


def built(job: Job, part: int) -> tuple[MediaRequest, HttpRequest]:
    """One of the requests that the job takes, with its files: that takes its time. Raises NotSent."""
    dialect = dialects.get(job.dialect)
    try:
        request = dialect.parts(whole_request_of(job))[part]
        return request, dialect.build(request)
    except FileNotFoundError as error:
        raise NotSent(_gone()) from error
    except NotTaken as error:
        raise NotSent(str(error)) from error
    except WireError as error:
        raise NotSent(in_words(str(error))) from error


def prepared(job: Job, part: int, request: MediaRequest, asked: HttpRequest) -> Sending:
    """Opens the call of what was built, and marks it as sent. Raises NotSent and Lost."""
    model = _model_of(job)
    dialect = dialects.get(job.dialect)
    try:
        call = _begun(job, part, model, partial(asked_of, model, dialect, request))
    except Refused as error:
        job.refresh_from_db(fields=["status", "submitting_at", "deadline_at"])
        raise NotYet(str(error), error.wait) if error.is_rate and not part else NotSent(str(error)) from error
    tell.changed(job)
    return Sending(model.upstream.endpoint(), dialect, request, asked, call.pk)


def _begun(job: Job, part: int, model: Model, asks: Callable[[], Estimate]) -> Call:
    """Raises Refused, and Lost."""
    with writing():
        now = timezone.now()
        status = Job.Status.RUNNING if part else Job.Status.SUBMITTED
        endings.write(job, status=status, submitting_at=now, deadline_at=now + deadline())
        of = {"format": job.dialect, "kind": job.family, "run_id": job.pk}
        return meter.open_call(user=job.owner, model=model, asks=asks, **of)


def to_bring(job: Job) -> tuple[Endpoint, MediaRequest] | None:
    """The request whose file has to be at the upstream before it is sent; None where there is none. Raises NotSent."""
    model = _model_of(job)
    if BROUGHT in job.notes or not job.inputs.exists():
        return None
    try:
        return model.upstream.endpoint(), whole_request_of(job)
    except FileNotFoundError as error:
        raise NotSent(_gone()) from error


def not_sent(job: Job) -> None:
    """Opens the call of a request that could not be sent, so that what was tried is on record."""
    model = _model_of(job)
    with suppress(Refused):
        meter.open_call(user=job.owner, model=model, format=job.dialect, kind=job.family, run_id=job.pk)


def _model_of(job: Job) -> Model:
    """It may have been withdrawn since."""
    model = Model.objects.for_user(job.owner).filter(pk=job.model_id).first()
    if model is None:
        raise NotSent(_("{model} is no longer offered. Nothing was sent.").format(model=job.model_name))
    return model


def _gone() -> str:
    return _("A file that was to go along is gone. Nothing was sent.")
