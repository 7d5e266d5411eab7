"""Who opened whose conversations: to look at. What was read in them is nowhere in the admin."""

from django.contrib import admin

from apps.accounts.admin import ReadOnly

from .models import Opening


@admin.register(Opening)
class OpeningAdmin(ReadOnly):
    date_hierarchy = "began_at"
    list_display = ("administrator_name", "owner", "whole", "began_at", "until", "ended_at", "reason")
    list_filter = ("whole", "began_at")
    list_select_related = ("owner",)
    search_fields = ("administrator_name", "owner__email", "reason")
    fields = ("administrator_name", "owner", "whole", "reason", "began_at", "until", "ended_at")
