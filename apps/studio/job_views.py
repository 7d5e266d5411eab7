"""One job: its card and its commands. Each begins by fetching through the user."""

import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.media.jobs import actions, queries
from apps.media.jobs.elsewhere import seen
from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.serve import POLICY
from apps.media.views import refused

from . import draft as drafts
from .cards import card
from .families import BY_NAME
from .views import shown_in_form

PICTURES = {"image/png", "image/jpeg", "image/webp"}


def job_or_404(request: HttpRequest, id: uuid.UUID) -> Job:
    try:
        job = queries.load_for(request.user, id)
    except Job.DoesNotExist as error:
        raise Http404 from error
    if job.family not in BY_NAME:
        raise Http404
    return job


def finished_or_404(request: HttpRequest, id: uuid.UUID, *families: str) -> Job:
    job = job_or_404(request, id)
    if job.family not in families or job.status != Job.Status.SUCCEEDED:
        raise Http404
    return job


@require_GET
@never_cache
@login_required
def job_card(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The job as it is now. With `new`, for a list of that family that lacks it: nothing where it does not belong."""
    wanted = request.GET.get("new")
    mine = Job.objects.for_user(request.user).filter(pk=id, family=wanted)
    if wanted is not None and not mine.exists():
        return HttpResponse(status=204)
    shown = card(job_or_404(request, id))
    return render(request, "studio/_job_news.html", {"card": shown})


@require_GET
@never_cache
@login_required
def job_preview(request: HttpRequest, id: uuid.UUID, index: int) -> HttpResponse:
    """How a picture looks so far; nothing where the job has ended since the card was made."""
    live = seen(job_or_404(request, id))
    media_type, data = (live.picture(index) if live else None) or ("", b"")
    if media_type not in PICTURES:
        return HttpResponse(status=204)
    response = HttpResponse(data, content_type=media_type)
    response["Content-Security-Policy"] = POLICY
    return response


def _command(act: Callable[[Job], object]) -> Callable[..., HttpResponse]:
    """A view that does it and answers with the card."""

    @require_POST
    @login_required
    def view(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        try:
            act(job_or_404(request, id))
        except NotMade as error:
            return refused(request, str(error))
        return render(request, "studio/_card_partial.html", {"card": card(job_or_404(request, id))})

    return view


job_cancel = _command(actions.cancel)
job_fetch = _command(actions.fetch_again)
job_check = _command(actions.check_again)


@require_POST
@login_required
def job_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    job = job_or_404(request, id)
    path = BY_NAME[job.family].path
    actions.delete(job)
    response = render(request, "studio/_gone.html", {"id": id})
    if request.POST.get("page") == "job":
        response["HX-Redirect"] = path
    return response


@require_POST
@login_required
def job_again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Its values and files into the form, to be changed and sent again; `task` and `of` for what goes on from it."""
    job = job_or_404(request, id)
    family = BY_NAME[job.family]
    draft = drafts.of_job(job, family)
    if task := request.POST.get("task", ""):
        draft.task = task[:40]
        of = request.POST.get("of", "")[:500] or job.remote_id
        carried = family.carry(job, draft.task, of)
        before = drafts.kept(request.user, family.name).texts if carried else {}
        draft.texts = {**before, **draft.texts, "of": of, **carried}
    return shown_in_form(request, family, draft)
