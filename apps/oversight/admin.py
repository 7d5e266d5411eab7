"""Who opened whose conversations, and what administrators did: to look at. What was read is nowhere in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.accounts.admin import AuditAdmin, ReadOnly
from apps.accounts.models import AuditEntry

from .models import Opening
from .sentences import sentence

admin.site.unregister(AuditEntry)


@admin.register(AuditEntry)
class ActAdmin(AuditAdmin):
    """Each act in a sentence, beside its name."""

    list_display = ("at", "actor_name", "said", "action")

    @admin.display(description=_("What was done"))
    def said(self, entry: AuditEntry) -> str:
        return sentence(entry.action, entry.target, entry.details)


@admin.register(Opening)
class OpeningAdmin(ReadOnly):
    date_hierarchy = "began_at"
    list_display = ("administrator_name", "owner", "whole", "began_at", "until", "ended_at", "reason")
    list_filter = ("whole", "began_at")
    list_select_related = ("owner",)
    search_fields = ("administrator_name", "owner__email", "reason")
    fields = ("administrator_name", "owner", "whole", "reason", "began_at", "until", "ended_at")
