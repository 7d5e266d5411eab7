"""The administrator's page of a probe: what is known, what a new one would cost, how one that is at work gets on."""

import uuid
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import audit
from apps.accounts.access import administrator_required
from apps.upstreams.models import Model, Upstream
from apps.wire import formats

from ..hub import hub
from ..refusals import Refused
from ..views import uuid_of
from . import record, told, work
from .accept import accept, changes, corrections, forget
from .checks import CHECKS
from .cost import estimated
from .forms import ProbeForm
from .matrix import cell, columns, matrix
from .models import Probe, ProbeResult
from .scope import loaded, trials

PAGE = 50


@require_safe
@never_cache
@administrator_required
def probe(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """With `ask` also what it would cost, and the button that begins it."""
    upstream = get_object_or_404(Upstream, id=id)
    form = ProbeForm(request.GET) if "ask" in request.GET else ProbeForm()
    return _page(request, upstream, form, **(_asking(form, upstream) if form.is_bound else {}))


def _page(request: HttpRequest, upstream: Upstream, form: ProbeForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, **_known(request, upstream), **more}
    return render(request, "runs/probe/page.html", context, status=status)


def _known(request: HttpRequest, upstream: Upstream) -> dict[str, Any]:
    record.reap()
    newest = upstream.probes.last()
    models = _models(request, upstream, {trial.model_id for trial in loaded(newest.trials)} if newest else set())
    running = newest is not None and newest.status == Probe.Status.RUNNING
    return {
        "page": "upstreams",
        "upstream": upstream,
        "columns": columns(),
        "rows": lambda: matrix(upstream, models, request.user),
        "models": models,
        "newest": newest,
        "running": running,
        "corrections": 0 if running else len(changes(upstream)),
        "corrected": upstream.models.exclude(accepted={}).count(),
        "ending": told.ending(newest) if newest else "",
        "total": len(newest.trials) if newest else 0,
        "unchanged": newest is not None and running and request.GET.get("done") == str(newest.done),
    }


def _models(request: HttpRequest, upstream: Upstream, asked: Collection[uuid.UUID]) -> Page:
    """Those that were asked last, then all of which something is known, then all that chat."""
    known = set(ProbeResult.objects.filter(model__upstream=upstream).values_list("model_id", flat=True).distinct())
    found = upstream.models.select_related("upstream").order_by("position", "name")
    shown = [model for model in found if model.id in known or model.id in asked or (model.can("chat") and model.listed)]
    shown.sort(key=lambda model: (model.id not in asked, model.id not in known))
    return Paginator(shown, PAGE).get_page(request.GET.get("page"))


def _asking(form: ProbeForm, upstream: Upstream) -> dict[str, Any]:
    """What it would cost, or why it cannot be."""
    if not form.is_valid():
        return {}
    try:
        scope = form.scope(upstream)
        found = trials(scope)
        if not found:
            raise Refused(_("These checks do not fit these formats: there is nothing to ask."))
    except Refused as error:
        return {"refused": str(error)}
    estimate = estimated(found, {model.id: model for model in scope.models})
    ceiling = form.cleaned_data["max_cost"]
    return {
        "question": told.question(scope, estimate, ceiling),
        "asked": scope,
        "ceiling": estimate.at_most if ceiling is None else ceiling,
        "only": scope.models if form.model_ids else (),
        "found": found,
        "estimate": estimate,
    }


@require_POST
@administrator_required
def probe_start(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Begins what the page asked about; the ceiling is what was shown there."""
    upstream = get_object_or_404(Upstream, id=id)
    form = ProbeForm(request.POST)
    asked = _asking(form, upstream)
    if "found" in asked and form.cleaned_data["max_cost"] is None:
        asked = {"refused": _("Look first at what it would cost.")}
    if "found" not in asked:
        return _page(request, upstream, form, status=422, **asked)
    limits = {"found": asked["found"], "estimate": asked["estimate"], "ceiling": asked["ceiling"]}
    try:
        begun = record.create(upstream=upstream, user=request.user, **limits)
    except Refused as error:
        return _page(request, upstream, form, status=error.status, refused=str(error))
    work.start(hub, begun)
    return redirect("probe", id)


@require_safe
@never_cache
@administrator_required
def probe_progress(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """How far it is, and what was found meanwhile."""
    return render(request, "runs/probe/_progress.html", _known(request, get_object_or_404(Upstream, id=id)))


@require_safe
@administrator_required
def probe_cell(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """All that is known of one cell: what it rests on, when it was taken, and how to take it again."""
    known = Model.objects.select_related("upstream").filter(upstream=id)
    model = get_object_or_404(known, id=uuid_of(request.GET.get("model")))
    check, format = request.GET.get("check", ""), request.GET.get("format", "")
    if check not in CHECKS or (check != "list" and format not in formats.FORMATS):
        raise Http404
    found = cell(model, format, check, request.user)
    context = {"model": model, "cell": found, "format": formats.FORMATS.get(format)}
    return render(request, "runs/probe/_evidence.html", context)


@require_POST
@administrator_required
def probe_cancel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    upstream = get_object_or_404(Upstream, id=id)
    for running in upstream.probes.filter(status=Probe.Status.RUNNING):
        record.cancel(running)
    return redirect("probe", id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def probe_accept(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The differences between what was found and the catalogue; the chosen ones become the catalogue."""
    upstream = get_object_or_404(Upstream, id=id)
    if request.method != "POST":
        context = {"page": "upstreams", "upstream": upstream, "changes": changes(upstream)}
        context["corrected"] = corrections(upstream)
        return render(request, "runs/probe/accept.html", context)
    count = accept(upstream, {uuid_of(value) for value in request.POST.getlist("model")})
    audit.record(request.user, "probe.accept", upstream.name, models=count)
    done = ngettext("%(count)d model is corrected.", "%(count)d models are corrected.", count) % {"count": count}
    messages.success(request, done)
    return redirect("probe", id)


@require_POST
@administrator_required
def probe_forget(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A model is again what its catalogue says of it."""
    upstream = get_object_or_404(Upstream, id=id)
    model = get_object_or_404(upstream.models, id=uuid_of(request.POST.get("model")))
    forget(upstream, model.id)
    audit.record(request.user, "probe.forget", model.name, upstream=upstream.name)
    messages.success(request, _("%(model)s is again what its catalogue says.") % {"model": str(model)[:150]})
    return redirect("probe_accept", id)
