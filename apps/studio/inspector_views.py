"""The inspector of a job: the tabs of a run's, read from the job's calls."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.media.jobs.models import Job
from apps.runs.inspector import replies
from apps.runs.inspector.inspected import Inspected
from apps.usage.models import Call

from .cards import asked, card
from .job_views import job_or_404


def of_job(job: Job) -> Inspected:
    return Inspected(
        place=reverse("job", args=[job.pk]),
        calls=list(Call.objects.filter(run_id=job.pk).order_by("started_at", "id")),
        is_running=job.is_open,
        died=job.status == Job.Status.UNKNOWN,
        shown_first=1,
    )


@require_GET
@login_required
def job(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The job's own page: what was asked, what came of it, and the inspector beside it."""
    found = job_or_404(request, id)
    tab = request.GET.get("tab", "")
    tab = tab if tab in replies.TABS else "wire"
    context = {"card": card(found), "asked": asked(found), "tab": tab, "panel": f"runs/_{tab}.html"}
    return render(
        request,
        "studio/job.html",
        {**context, "on_own_page": True, **replies.TABS[tab](of_job(found), request.GET)},
    )


@require_GET
@login_required
def job_tab(request: HttpRequest, id: uuid.UUID, tab: str) -> HttpResponse:
    """What is in one tab."""
    if tab not in replies.TABS:
        raise Http404
    found = of_job(job_or_404(request, id))
    return render(request, f"runs/_{tab}.html", {"on_own_page": True, **replies.TABS[tab](found, request.GET)})


@require_GET
@login_required
def job_events(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return replies.event_list(request, of_job(job_or_404(request, id)))


@require_GET
@login_required
def job_event(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    return replies.one_event(request, of_job(job_or_404(request, id)), number)


@require_GET
@login_required
def job_code(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return replies.code(request, of_job(job_or_404(request, id)))


@require_GET
@login_required
def job_download(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    return replies.download(request, of_job(job_or_404(request, id)), kind, f"job-{id}")
