"""The ledger, to look at: nothing in it can be changed by hand. Prices and budgets have pages that know their rules."""

from decimal import Decimal

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.admin import ReadOnly
from apps.work.figures import dollars

from .budgets import change, words
from .budgets.models import Budget
from .models import Call, Price
from .reports import figures, names


class Kinds(admin.SimpleListFilter):
    """All that there can be: to look up what there is takes longer than the page."""

    title, parameter_name = _("kind"), "kind"

    def lookups(self, request, model_admin):
        return names.KINDS.items()

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Call)
class CallAdmin(ReadOnly):
    """Of a million calls: no filter looks through all of them for its choices. What an upstream says of an error may
    quote what was sent to it, so that only the cause is shown.
    """

    list_display = (
        "started_at",
        "user",
        "upstream_name",
        "model_name",
        "mode",
        "outcome",
        "input",
        "output",
        "spend",
        "first",
        "took",
    )
    list_filter = ("started_at", "outcome", Kinds, "upstream")
    list_select_related = ("user",)
    search_fields = ("model_name", "user__email", "request_id")
    fields = (
        *("started_at", "user", "upstream_name", "model_name", "answered_model", "wire", "mode", "outcome", "why"),
        *("status_code", "request_id", "retries", "input", "cached_tokens", "cache_write_tokens", "output"),
        *("reasoning_tokens", "tokens_source", "unit", "units", "spend", "cost_source", "first", "took"),
    )
    readonly_fields = ("wire", "mode", "why", "input", "output", "spend", "first", "took")

    @admin.display(description=_("kind"), ordering="kind")
    def mode(self, call: Call) -> str:
        return names.kind(call.kind)

    @admin.display(description=_("wire format"))
    def wire(self, call: Call) -> str:
        return names.wire(call.format)

    @admin.display(description=_("cause"))
    def why(self, call: Call) -> str | None:
        return names.cause(call.cause) if call.cause else None

    @admin.display(description=_("Input"), ordering="input_tokens")
    def input(self, call: Call) -> str | None:
        return None if call.input_tokens is None else figures.count(call.input_tokens)

    @admin.display(description=_("Output"), ordering="output_tokens")
    def output(self, call: Call) -> str | None:
        return None if call.output_tokens is None else figures.count(call.output_tokens)

    @admin.display(description=_("Spend"), ordering="cost")
    def spend(self, call: Call) -> str | None:
        return None if call.cost is None else dollars(call.cost)

    @admin.display(description=_("First token"), ordering="first_token_ms")
    def first(self, call: Call) -> str | None:
        return None if call.first_token_ms is None else figures.milliseconds(call.first_token_ms)

    @admin.display(description=_("Duration"), ordering="duration_ms")
    def took(self, call: Call) -> str | None:
        return None if call.duration_ms is None else figures.milliseconds(call.duration_ms)


@admin.register(Price)
class PriceAdmin(ReadOnly):
    """A price that has begun stays: calls were priced with it."""

    list_display = ("model", "starts_at", "input", "output", "cached", "of_unit", "unit")
    list_filter = ("starts_at", "model__upstream")
    list_select_related = ("model",)
    search_fields = ("model__name", "model__label")

    @admin.display(description=_("Input per million"), ordering="input_price")
    def input(self, price: Price) -> str | None:
        return _rate(price.input_price)

    @admin.display(description=_("Output per million"), ordering="output_price")
    def output(self, price: Price) -> str | None:
        return _rate(price.output_price)

    @admin.display(description=_("Cached per million"), ordering="cached_price")
    def cached(self, price: Price) -> str | None:
        return _rate(price.cached_price)

    @admin.display(description=_("Per unit"), ordering="unit_price")
    def of_unit(self, price: Price) -> str | None:
        return _rate(price.unit_price)

    def view_on_site(self, price: Price) -> str:
        return reverse("prices", args=[price.model_id])


def _rate(price: Decimal | None) -> str | None:
    return None if price is None else dollars(price)


@admin.register(Budget)
class BudgetAdmin(ReadOnly):
    list_display = ("__str__", "user", "group", "most", "measure", "period", "together", "is_on", "created_at")
    list_filter = ("is_on", "measure", "period", "group")
    list_select_related = ("user", "group")
    search_fields = ("user__email", "group__name")
    actions = ("switch_on", "switch_off")

    @admin.display(description=Budget._meta.get_field("limit").verbose_name, ordering="limit")
    def most(self, budget: Budget) -> str:
        return words.figure(budget, budget.limit)

    def view_on_site(self, budget: Budget) -> str:
        return reverse("budgets")

    @admin.action(description=_("Put in force"))
    def switch_on(self, request, queryset):
        for budget in queryset.filter(is_on=False):
            change.switch(budget=budget, on=True, by=request.user)

    @admin.action(description=_("Put out of force"))
    def switch_off(self, request, queryset):
        for budget in queryset.filter(is_on=True):
            change.switch(budget=budget, on=False, by=request.user)
