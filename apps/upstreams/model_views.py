"""The administrator's view of one model: its switch, its name, its place, who may use it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import administrator_required
from apps.accounts.audit import record

from .forms import ModelForm
from .models import Model
from .queries import described


@require_POST
@administrator_required
def model_switch(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """On where the box came checked, off where it did not."""
    model = get_object_or_404(described(), id=id)
    model.enabled = "enabled" in request.POST
    model.save(update_fields=["enabled"])
    record(request.user, "model.on" if model.enabled else "model.off", model.name, upstream=model.upstream.name)
    return _row(request, model)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def model_edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The form in the model's row of the table, or on a page of its own."""
    model = get_object_or_404(described(), id=id)
    if "cancel" in request.GET:
        return _row(request, model)
    form = ModelForm(request.POST if request.method == "POST" else None, instance=model)
    if request.method == "POST" and form.is_valid():
        form.save()
        record(request.user, "model.change", model.name, upstream=model.upstream.name, fields=form.changed_data)
        return _row(request, get_object_or_404(described(), id=id))
    status = 400 if form.errors else 200
    template = "upstreams/_model_form.html" if request.htmx else "upstreams/model.html"
    return render(request, template, {"page": "upstreams", "model": model, "form": form}, status=status)


def _row(request: HttpRequest, model: Model) -> HttpResponse:
    if request.htmx:
        return render(request, "upstreams/_model_row.html", {"model": model})
    return redirect("upstream", model.upstream_id)
