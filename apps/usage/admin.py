"""The ledger, to look at: nothing in it can be changed by hand."""

from django.contrib import admin

from .models import Call


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):
    date_hierarchy = "started_at"
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
    list_filter = ("outcome", "kind", "upstream_name", "format")
    list_select_related = ("user",)
    search_fields = ("model_name", "user__email", "request_id")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
