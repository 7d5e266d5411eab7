"""A second model that is asked the same, and jobs that were asked the same: two are looked at beside each other."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.wire.exceptions import ParameterError

from .draft import Draft
from .family import Family
from .form import Checked, checked, told

# The field that names the second model; among the notes of its job, the first one's id.
FIELD = "beside"
# So many of the same are offered.
OTHERS = 20


def both_checked(user, family: Family, draft: Draft) -> list[Checked]:
    """What is to be made, and the same by the second model in its own way if one is chosen.

    Raises NotMade and ParameterError, which name the field.
    """
    made = [checked(user, family, draft)]
    other = draft.texts.get(FIELD, "") if family.pairs else ""
    if other not in ("", str(made[0].model.pk)):
        made.append(_second(user, family, Draft(model=other, texts=draft.texts, inputs=draft.inputs)))
        if len(made[0].inputs) != len(made[1].inputs):
            raise NotMade(_("The second model takes no files. Choose another one, or remove the files."), field=FIELD)
    return made


def _second(user, family: Family, draft: Draft) -> Checked:
    try:
        return checked(user, family, draft)
    except (NotMade, ParameterError) as error:
        sentence, _field = told(error)
        raise NotMade(_("The second model: {reason}").format(reason=sentence), field=FIELD) from error


def others(job: Job) -> Sequence[Job]:
    """The owner's other jobs that were asked the same and have not failed, the newest first."""
    asked = Job.objects.filter(owner=job.owner_id, family=job.family, prompt=job.prompt).exclude(pk=job.pk)
    found = asked.filter(status__in=(*Job.OPEN, Job.Status.SUCCEEDED)).defer("result").prefetch_related("inputs")
    return [other for other in found[:OTHERS] if _asked(other) == _asked(job)]


def _asked(job: Job) -> tuple:
    return list(job.values.get("texts", ())), [given.asset_id for given in job.inputs.all()]


def beside(job: Job, found: Sequence[Job], wanted: str | None) -> Job | None:
    """The wanted one; where none is wanted yet, the one that was asked together with it."""
    wanted = job.notes.get(FIELD, "") if wanted is None else wanted
    return next((other for other in found if str(other.pk) == wanted), None)
