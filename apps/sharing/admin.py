"""Links of everybody: who made them, for whom, since when. What they show is nowhere in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.accounts.admin import ReadOnly

from . import edit
from .models import ShareLink


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnly):
    date_hierarchy = "created_at"
    list_display = ("owner", "audience", "state_now", "has_password", "views", "created_at", "expires_at", "revoked_at")
    list_filter = ("audience", "created_at", "expires_at", "revoked_at")
    list_select_related = ("owner", "conversation")
    search_fields = ("owner__email", "owner__name")
    fields = ("owner", "audience", "state_now", "has_password", "views", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @admin.display(description=_("state"))
    def state_now(self, link: ShareLink) -> str:
        return link.label

    @admin.display(description=_("password"), boolean=True)
    def has_password(self, link: ShareLink) -> bool:
        return bool(link.password)

    @admin.action(description=_("Revoke"))
    def revoke(self, request, queryset):
        for link in queryset.filter(revoked_at=None):
            edit.revoke(link=link, by=request.user)
