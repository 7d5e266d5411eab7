"""Budgets and rate limits, as administrators set them: what holds for whom, and who is near its end."""

import uuid

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import administrator_required

from . import change, standing
from .forms import BudgetForm
from .models import Budget
from .standing import Standing
from .words import amount

SHOWN = 5


class Used(msgspec.Struct, frozen=True):
    """Somebody's part of a budget; no `name`: that of all together."""

    name: str
    told: str
    standing: Standing


class Row(msgspec.Struct, frozen=True):
    """A budget, who has used the most of it, and how many more are near its end than are shown."""

    budget: Budget
    used: list[Used]
    more: int


def _budgets():
    return Budget.objects.select_related("user", "group").order_by("-is_on", "pk")


def rows() -> tuple[list[Row], list[Row]]:
    """Budgets, and rate limits."""
    found = list(_budgets())
    used = standing.of_all([budget for budget in found if not budget.is_rate])
    made = [_row(budget, used.get(budget, [])) for budget in found]
    return [row for row in made if not row.budget.is_rate], [row for row in made if row.budget.is_rate]


def _row(budget: Budget, pairs: list) -> Row:
    shown = [Used(str(tally.user or ""), amount(budget, stands.taken), stands) for tally, stands in pairs[:SHOWN]]
    near = sum(stands.state != "ok" for _tally, stands in pairs[SHOWN:])
    return Row(budget, shown, near)


@require_safe
@never_cache
@administrator_required
def budgets(request: HttpRequest) -> HttpResponse:
    return _page(request, BudgetForm())


@require_POST
@administrator_required
def budget_create(request: HttpRequest) -> HttpResponse:
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    change.save(budget=form.named(), by=request.user)
    messages.success(request, _("The budget is in force."))
    return redirect("budgets")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def budget(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(_budgets(), pk=id)
    form = BudgetForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        change.save(budget=form.named(), by=request.user)
        messages.success(request, _("The budget is changed."))
        return redirect("budgets")
    context = {"page": "budgets", "budget": get_object_or_404(_budgets(), pk=id), "form": form}
    return render(request, "usage/budgets/change.html", context, status=400 if form.errors else 200)


@require_POST
@administrator_required
def budget_switch(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(_budgets(), pk=id)
    change.switch(budget=found, on=request.POST.get("on") == "1", by=request.user)
    messages.success(request, _("The budget is in force.") if found.is_on else _("The budget is switched off."))
    return redirect("budgets")


@require_POST
@administrator_required
def budget_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    change.delete(budget=get_object_or_404(_budgets(), pk=id), by=request.user)
    messages.success(request, _("The budget is deleted."))
    return redirect("budgets")


def _page(request: HttpRequest, form: BudgetForm, status: int = 200) -> HttpResponse:
    found, rates = rows()
    context = {"page": "budgets", "rows": found, "rates": rates, "form": form}
    return render(request, "usage/budgets/page.html", context, status=status)
