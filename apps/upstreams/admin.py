"""Upstreams and models in bulk. What needs a test, as an address or a key, is changed on the pages of their own."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from apps.accounts.audit import record

from . import forms, wording
from .models import Model, Upstream


@admin.register(Upstream)
class UpstreamAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "base_url", "enabled", "position", "checked_at", "check_error")
    list_filter = ("kind", "enabled")
    search_fields = ("name", "base_url")
    fields = ("name", "kind", "base_url", "enabled", "position", "checked_at", "check_error")
    readonly_fields = ("kind", "base_url", "checked_at", "check_error")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, upstream: Upstream) -> str:
        return reverse("upstream", args=[upstream.pk])


@admin.register(Model)
class ModelAdmin(admin.ModelAdmin):
    form = forms.ModelForm
    list_display = ("name", "label", "upstream", "enabled", "listed", "able_to", "only_for", "window")
    list_filter = ("enabled", "listed", "upstream", "groups")
    list_select_related = ("upstream",)
    search_fields = ("name", "label", "owned_by")
    actions = ("switch_on", "switch_off")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        """Without groups there is nothing to choose, and the form has no such field."""
        fields = forms.ModelForm.Meta.fields
        return fields if Group.objects.exists() else [name for name in fields if name != "groups"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("capabilities"))
    def able_to(self, model: Model) -> str:
        return wording.abilities(model)

    @admin.display(description=Model._meta.get_field("context_window").verbose_name, ordering="context_window")
    def window(self, model: Model) -> str | None:
        return model.context_window and number_format(model.context_window, force_grouping=True)

    @admin.display(description=_("only for groups"))
    def only_for(self, model: Model) -> str:
        return ", ".join(group.name for group in model.groups.all())

    @admin.action(description=_("Switch on"))
    def switch_on(self, request, queryset):
        _switch(request, queryset, on=True)

    @admin.action(description=_("Switch off"))
    def switch_off(self, request, queryset):
        _switch(request, queryset, on=False)


def _switch(request, models, *, on: bool) -> None:
    for model in models.exclude(enabled=on):
        Model.objects.filter(pk=model.pk).update(enabled=on)
        record(request.user, "model.on" if on else "model.off", model.name, upstream=model.upstream.name)
