"""The step from a queued job to a request on its way: everything that can fail fails before it is marked as sent."""

import uuid
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.upstreams.client import Endpoint
from apps.upstreams.models import Model
from apps.upstreams.said import in_words
from apps.usage import meter
from apps.wire.exceptions import WireError
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest
from apps.wire.messages import HttpRequest
from apps.work.database import writing

from . import endings, tell
from .asked import whole_request_of
from .models import Job
from .schedule import deadline


class NotSent(Exception):
    """Nothing was sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that may now be sent, once."""

    endpoint: Endpoint
    dialect: Dialect
    request: MediaRequest
    asked: HttpRequest
    call_id: uuid.UUID


def prepared(job: Job, part: int) -> Sending:
    """One of the requests that the job takes: opens its call and marks it as sent. Raises NotSent and Lost."""
    model = _model_of(job)
    dialect = dialects.get(job.dialect)
    request, asked = _built(job, dialect, part)
    with writing():
        now = timezone.now()
        status = Job.Status.RUNNING if part else Job.Status.SUBMITTED
        endings.write(job, status=status, submitting_at=now, deadline_at=now + deadline())
        call = meter.open_call(user=job.owner, model=model, format=job.dialect, kind=job.family, run_id=job.pk)
    tell.changed(job)
    return Sending(model.upstream.endpoint(), dialect, request, asked, call.pk)


def _model_of(job: Job) -> Model:
    """It may have been withdrawn since."""
    model = Model.objects.for_user(job.owner).filter(pk=job.model_id).first()
    if model is None:
        raise NotSent(_("{model} is no longer offered. Nothing was sent.").format(model=job.model_name))
    return model


def _built(job: Job, dialect: Dialect, part: int) -> tuple[MediaRequest, HttpRequest]:
    try:
        request = dialect.parts(whole_request_of(job))[part]
        return request, dialect.build(request)
    except FileNotFoundError as error:
        raise NotSent(_("A file that was to go along is gone. Nothing was sent.")) from error
    except WireError as error:
        raise NotSent(in_words(str(error))) from error
