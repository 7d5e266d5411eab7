"""The ledger, to look at: nothing in it can be changed by hand. Prices and budgets have pages that know their rules."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.admin import ReadOnly

from .budgets import change
from .budgets.models import Budget
from .models import Call, Price
from .reports import names


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
        "kind",
        "outcome",
        "input_tokens",
        "output_tokens",
        "tokens_source",
        "cost",
        "first_token_ms",
        "duration_ms",
    )
    list_filter = ("started_at", "outcome", Kinds, "upstream")
    list_select_related = ("user",)
    search_fields = ("model_name", "user__email", "request_id")
    exclude = ("id", "upstream", "model", "run_id", "error", "fingerprint", "rolled")


@admin.register(Price)
class PriceAdmin(ReadOnly):
    """A price that has begun stays: calls were priced with it."""

    list_display = ("model", "starts_at", "input_price", "output_price", "cached_price", "unit_price", "unit")
    list_filter = ("starts_at", "model__upstream")
    list_select_related = ("model",)
    search_fields = ("model__name", "model__label")

    def view_on_site(self, price: Price) -> str:
        return reverse("prices", args=[price.model_id])


@admin.register(Budget)
class BudgetAdmin(ReadOnly):
    list_display = ("__str__", "user", "group", "measure", "limit", "period", "together", "is_on", "created_at")
    list_filter = ("is_on", "measure", "period", "group")
    list_select_related = ("user", "group")
    search_fields = ("user__email", "group__name")
    actions = ("switch_on", "switch_off")

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
