"""A form becomes a job, once."""

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from apps.media.jobs import queries, submit
from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.upstreams import queries as upstreams
from apps.work.database import writing

from . import draft as drafts
from . import models
from .beside import FIELD, both_checked
from .draft import Draft
from .family import Family
from .form import Checked


def make(*, user, family: Family, draft: Draft, once: uuid.UUID) -> list[Job]:
    """The job that the form asks for, and one of the model that is to stand beside; the first alone where this form was
    sent before. Raises NotMade, ParameterError."""
    wanted = both_checked(user, family, draft)
    drafts.keep(user, family.name, draft)
    if (again := _taken(user, family, once)) is None:
        first = _begin(user, family, wanted[0], {})
        return [first, *(_begin(user, family, made, {FIELD: str(first.pk)}) for made in wanted[1:])]
    return [again]


def _taken(user, family: Family, once: uuid.UUID) -> Job | None:
    """What this form became before; None where it is taken now. It is taken before the job is made: a job that is
    written down is worked on at once, and must not wait for a transaction around it."""
    with writing():
        kept = models.Draft.objects.select_for_update().get(user=user, family=family.name)
        if kept.taken != once:
            kept.taken, kept.job_id = once, None
            kept.save(update_fields=["taken", "job_id"])
            return None
    try:
        return queries.load_for(user, kept.job_id or "")
    except Job.DoesNotExist:
        raise NotMade(_("This was sent just now. Reload the page to see what became of it.")) from None


def _begin(user, family: Family, made: Checked, notes: Mapping[str, str]) -> Job:
    mine = models.Draft.objects.filter(user=user, family=family.name)
    try:
        job = submit.create(
            user=user,
            model=made.model,
            dialect=made.dialect.name,
            request=made.request,
            inputs=made.inputs,
            notes={**made.notes, **notes},
        )
    except NotMade:
        mine.update(taken=None)
        raise
    mine.update(job_id=job.pk)
    upstreams.remember(user, made.model)
    return queries.load_for(user, job.pk)
