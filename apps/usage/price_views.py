"""What a model costs, set by administrators: from now or a later day on, never for the past."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import audit
from apps.accounts.access import administrator_required
from apps.upstreams.models import Model

from .models import Price
from .prices import rates
from .rollup import midnight

AMOUNTS = ("input_price", "output_price", "cached_price", "cache_write_price", "unit_price")


class PriceForm(forms.ModelForm):
    starts_on = forms.DateField(
        label=_("From"),
        required=False,
        help_text=_("The beginning of that day, UTC. Left empty, or today: from now on."),
        widget=forms.DateInput({"type": "date"}),
    )

    class Meta:
        model = Price
        fields = (*AMOUNTS[:4], "unit_price", "unit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            self.fields[name].min_value = 0
            self.fields[name].widget.attrs |= {"min": "0"}
        self.fields["unit"].choices = [("", _("By itself")), *Model.Unit.choices]
        self.fields["unit"].help_text = _("Of what the price is one. By itself: of what the request counts.")

    def clean_starts_on(self) -> datetime:
        chosen, now = self.cleaned_data["starts_on"], timezone.now()
        if chosen is not None and chosen < now.astimezone(UTC).date():
            raise forms.ValidationError(_("What is past was paid at the prices of then. Choose today or a later day."))
        return max(now, midnight(chosen)) if chosen else now

    def clean(self) -> dict[str, Any]:
        for name in AMOUNTS:
            amount = self.cleaned_data.get(name)
            if amount is not None and amount < 0:
                self.add_error(name, _("A price is not below zero."))
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def prices(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The prices of a model, by when they began, and the form for another."""
    model = get_object_or_404(Model.objects.select_related("upstream"), id=id)
    form = PriceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _set(request, model, form):
            return redirect("prices", model.pk)
        form.add_error("starts_on", _("There is a price from that day on. Remove it first."))
    now = timezone.now()
    context = {
        "page": "upstreams",
        "model": model,
        "form": form,
        "now": rates(model),
        "prices": [(price, price.starts_at > now) for price in model.prices.all()],
    }
    return render(request, "usage/prices.html", context, status=400 if form.errors else 200)


def _set(request: HttpRequest, model: Model, form: PriceForm) -> bool:
    price = form.save(commit=False)
    price.model, price.starts_at, price.created_by = model, form.cleaned_data["starts_on"], request.user
    if Price.objects.filter(model=model, starts_at=price.starts_at).exists():
        return False
    try:
        price.save()
    except IntegrityError:
        return False
    told = {name: str(value) for name in (*AMOUNTS, "unit") if (value := getattr(price, name)) not in (None, "")}
    audit.record(request.user, "price.set", model.name, upstream=model.upstream.name, starts=price.starts_at, **told)
    return True


@require_POST
@administrator_required
def price_remove(request: HttpRequest, id: uuid.UUID, price: int) -> HttpResponse:
    """Only a price that has not begun yet: calls were priced with any other."""
    found = get_object_or_404(Price.objects.select_related("model"), model=id, pk=price)
    if Price.objects.filter(pk=found.pk, starts_at__gt=timezone.now()).delete()[0]:
        audit.record(request.user, "price.remove", found.model.name, starts=found.starts_at)
    return redirect("prices", id)
