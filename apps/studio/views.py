"""The pages of the studios and what their form does. Commands go over HTTP; the socket only says that a job changed."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from apps.media.jobs import absences
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.media.queries import load_for as load_asset
from apps.media.views import refused
from apps.wire.exceptions import ParameterError
from apps.work.ids import new_id

from . import draft as drafts
from . import pages, using
from .choice import choose
from .draft import Draft
from .families import BY_NAME
from .family import Family
from .make import make


def family_or_404(name: str, section: str = "") -> Family:
    family = BY_NAME.get(name)
    if family is None or section not in ("", family.section):
        raise Http404
    return family


def id_in(given: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(given or "")
    except ValueError as error:
        raise BadRequest(_("The form is not whole: reload the page.")) from error


@require_GET
@login_required
def studio(request: HttpRequest, name: str, section: str = "studio") -> HttpResponse:
    """The form as it was left, and the newest jobs."""
    family = family_or_404(name, section)
    search = request.GET.get("q", "")[:200].strip()
    return render(request, "studio/page.html", pages.page(request.user, family, search))


@require_GET
@login_required
def studio_jobs(request: HttpRequest, name: str) -> HttpResponse:
    """More of the list: what lies behind `before`, what was begun `after`, or what a search finds."""
    family = family_or_404(name)
    if (after := request.GET.get("after")) is not None:
        newer = pages.newer(request.user, family, id_in(after) if after else None)
        return render(request, "studio/_cards.html", newer)
    before = request.GET.get("before")
    search = request.GET.get("q", "")[:200].strip()
    found = pages.listed(request.user, family, search, id_in(before) if before else None)
    return render(request, "studio/_jobs.html", found)


@require_GET
@login_required
def studio_prompts(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "studio/_prompts.html", {"prompts": pages.prompts(request.user, family_or_404(name))})


@require_POST
@login_required
def studio_keep(request: HttpRequest, name: str) -> HttpResponse:
    """Keeps the form as it is typed; the reply is what it would cost."""
    family = family_or_404(name)
    try:
        draft = drafts.read(request.POST)
    except NotMade:
        return render(request, "studio/_estimate.html", {"estimate": pages.Estimate()})
    drafts.keep(request.user, family.name, draft)
    return render(request, "studio/_estimate.html", {"estimate": pages.estimate(request.user, family, draft)})


@require_POST
@login_required
def studio_form(request: HttpRequest, name: str) -> HttpResponse:
    """The form for another model, route or task, with all that was entered."""
    return _changed(request, family_or_404(name), _read(request))


@require_POST
@login_required
def studio_try(request: HttpRequest, name: str, id: int) -> HttpResponse:
    """What the upstream of the chosen model did not have is asked for once more."""
    family, draft = family_or_404(name), _read(request)
    choice = choose(request.user, family, draft)
    if choice.model is not None and choice.dialect is not None:
        absences.forget(choice.model, choice.dialect.name, id)
    return _changed(request, family, draft)


@require_POST
@login_required
def studio_use(request: HttpRequest, name: str) -> HttpResponse:
    """Puts one of the person's files into the form: as `role`, else where the model takes such a file."""
    family = family_or_404(name)
    draft = drafts.kept(request.user, family.name)
    try:
        asset = load_asset(request.user, id_in(request.POST.get("asset")))
        using.use(request.user, family, draft, asset, request.POST.get("role", ""), request.POST.get("task"))
    except Asset.DoesNotExist as error:
        raise Http404 from error
    except NotMade as error:
        return refused(request, str(error))
    return shown_in_form(request, family, draft)


@require_POST
@login_required
def studio_make(request: HttpRequest, name: str) -> HttpResponse:
    """One more job. Its card is the reply; a form that is not right comes back with what is wrong."""
    family = family_or_404(name)
    draft = Draft()
    try:
        draft = drafts.read(request.POST)
        made = make(user=request.user, family=family, draft=draft, once=id_in(request.POST.get("once")))
    except (NotMade, ParameterError) as error:
        context = pages.body(request.user, family, draft, error)
        return render(request, "studio/_refused.html", context, status=422)
    context = {"cards": pages.begun(made), "family": family, "once": new_id()}
    first = str(made[0].pk)
    return trigger_client_event(render(request, "studio/_made.html", context), "playground:made", {"job": first})


def _read(request: HttpRequest) -> Draft:
    try:
        return drafts.read(request.POST)
    except NotMade as error:
        raise BadRequest(str(error)) from error


def _changed(request: HttpRequest, family: Family, draft: Draft) -> HttpResponse:
    drafts.keep(request.user, family.name, draft)
    return render(request, "studio/_changed.html", pages.body(request.user, family, draft))


def shown_in_form(request: HttpRequest, family: Family, draft: Draft) -> HttpResponse:
    """The form as a command left it, where the reader looks next; from another page the way leads there."""
    response = _changed(request, family, draft)
    if request.POST.get("studio") != family.name:
        response["HX-Redirect"] = family.path
        return response
    return trigger_client_event(response, "playground:form")
