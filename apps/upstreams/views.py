"""The administrator's pages of upstreams: connect, test, change, delete. Each works with and without htmx."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import administrator_required
from apps.accounts.audit import record

from . import catalogue, local
from .forms import UpstreamForm
from .models import Upstream
from .queries import model_page, overview
from .setup_forms import GatewayForm


@require_safe
@never_cache
@administrator_required
def upstreams(request: HttpRequest) -> HttpResponse:
    return _list(request, GatewayForm())


def _list(request: HttpRequest, form: GatewayForm, status: int = 200, **more) -> HttpResponse:
    context = {"page": "upstreams", "upstreams": overview(), "form": form, "local": local.status(), **more}
    template = "upstreams/_connected.html" if request.htmx and request.method == "POST" else "upstreams/upstreams.html"
    return render(request, template, context, status=status)


@require_POST
@never_cache
@sensitive_post_parameters("key")
@administrator_required
def upstream_connect(request: HttpRequest) -> HttpResponse:
    """Tested on the spot; what does not work is stored only if it is asked for."""
    form = GatewayForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=400)
    upstream, result = catalogue.connect(**form.cleaned_data, save_anyway="anyway" in request.POST)
    if upstream._state.adding:
        return _list(request, form, status=400, result=result, offer_anyway=result.tested)
    record(request.user, "upstream.connect", upstream.name)
    if request.htmx:
        return _list(request, GatewayForm(), result=result, saved=True)
    messages.success(request, result.sentence)
    return redirect("upstream", upstream.id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("key")
@administrator_required
def upstream(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One upstream with its models; saving a new address or key tests it."""
    found = get_object_or_404(Upstream, id=id)
    if request.method != "POST":
        return _detail(request, found)
    form = UpstreamForm(request.POST, instance=found)
    if not form.is_valid():
        found.refresh_from_db()
        return _detail(request, found, form=form)
    form.save()
    record(request.user, "upstream.change", found.name, fields=form.changed_data)
    if not form.needs_test():
        messages.success(request, _("Saved."))
        return redirect("upstream", id)
    return _detail(request, found, result=catalogue.refresh(found))


def _detail(request: HttpRequest, found: Upstream, form: UpstreamForm | None = None, **more) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    context = {
        "page": "upstreams",
        "upstream": found,
        "form": form or UpstreamForm(instance=found),
        "models": model_page(found, search=search, page=request.GET.get("page")),
        "search": search,
        "local": local.status(),
        **more,
    }
    status = 400 if form else 200
    return render(request, "upstreams/upstream.html", context, status=status)


@require_POST
@never_cache
@administrator_required
def upstream_check(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Tests it now and brings its models up to date."""
    found = get_object_or_404(Upstream, id=id)
    result = catalogue.refresh(found)
    if request.htmx:
        context = {"upstream": overview(found).get(), "result": result, "models": model_page(found), "search": ""}
        return render(request, "upstreams/_checked.html", context)
    (messages.success if result.ok else messages.error)(request, result.sentence)
    return redirect("upstream", id)


@require_POST
@administrator_required
def upstream_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Conversations and the ledger stay; they name the upstream and its models in words of their own."""
    found = get_object_or_404(Upstream, id=id, kind=Upstream.Kind.GATEWAY)
    found.delete()
    record(request.user, "upstream.delete", found.name)
    messages.success(request, _("{name} is deleted.").format(name=found.name))
    return redirect("upstreams")
