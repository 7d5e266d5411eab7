"""What the pages of a studio show."""

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Count, Sum
from django.db.models.functions import Length

from apps.media.jobs import queries, submit
from apps.media.jobs.models import Job, JobOutput
from apps.media.jobs.refusals import NotMade
from apps.wire.exceptions import ParameterError
from apps.work.figures import dollars
from apps.work.ids import new_id

from . import draft as drafts
from .beside import both_checked
from .cards import Card, cards
from .draft import Draft
from .family import Family
from .form import Form, shown

RECENT = 60
PROMPTS, LONGEST = 15, 20_000


class Estimate(msgspec.Struct, frozen=True):
    """What it would cost, "" where that is not known, or the form is not `whole` yet; its `requests`, if several."""

    cost: str = ""
    requests: str = ""
    whole: bool = False


def page(user, family: Family, search: str = "") -> dict[str, Any]:
    draft = drafts.kept(user, family.name)
    form = shown(user, family, draft)
    return {
        "family": family,
        "form": form,
        "estimate": estimate(user, family, draft),
        "once": new_id(),
        "search": search,
        **listed(user, family, search),
        **_kept_results(user, family),
    }


def listed(user, family: Family, search: str = "", before: uuid.UUID | None = None) -> dict[str, Any]:
    """A page of the list, and the job that the next one begins behind."""
    jobs = queries.jobs_for(user, family.name, search, before)
    return {
        "family": family,
        "search": search,
        "cards": cards(jobs),
        "more": jobs[-1].pk if len(jobs) == queries.PAGE else None,
    }


def newer(user, family: Family, after: uuid.UUID | None) -> dict[str, Any]:
    """What was begun since that job: news of it may have been missed."""
    return {"cards": cards(queries.jobs_for(user, family.name, after=after))}


def _kept_results(user, family: Family) -> dict[str, Any]:
    """How many files there are of all jobs, and their bytes."""
    made = JobOutput.objects.filter(job__owner=user, job__family=family.name, asset__isnull=False)
    found = made.aggregate(count=Count("id"), size=Sum("asset__size"))
    return {"made": found["count"], "made_bytes": found["size"] or 0}


def estimate(user, family: Family, draft: Draft) -> Estimate:
    """Our guess for what the form says now; nothing where it is not whole yet."""
    try:
        wanted = both_checked(user, family, draft)
    except (NotMade, ParameterError):
        return Estimate()
    costs = [submit.estimate(made.model, made.dialect.name, made.request) for made in wanted]
    known = [cost for cost in costs if cost is not None]
    requests = family.requests(wanted[0].request)
    return Estimate(dollars(sum(known)) if len(known) == len(costs) else "", requests, whole=True)


def prompts(user, family: Family) -> Sequence[str]:
    """What was asked for lately, each once, the newest first."""
    asked = Job.objects.for_user(user).filter(family=family.name).exclude(prompt="")
    recent = asked.annotate(letters=Length("prompt")).filter(letters__lte=LONGEST)
    return list(dict.fromkeys(recent.values_list("prompt", flat=True)[:RECENT]))[:PROMPTS]


def body(user, family: Family, draft: Draft, error: NotMade | ParameterError | None = None) -> dict[str, Any]:
    """The form anew, for a choice that was changed or a refusal."""
    form: Form = shown(user, family, draft, error)
    return {"family": family, "form": form, "estimate": estimate(user, family, draft)}


def begun(made: Sequence[Job]) -> list[Card]:
    """The newest first, as the list has them."""
    return cards(list(reversed(made)))
