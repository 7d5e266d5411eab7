"""People, groups, invitations, the instance, the audit log. People are changed by the same functions as elsewhere."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Count
from django.forms import CheckboxSelectMultiple
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import groups, invitations, roles
from .models import AuditEntry, Instance, Invitation, User

LAST = _("%s is the last administrator. Make somebody else one first.")


class ReadOnly(admin.ModelAdmin):
    """To look at: nothing of it is made, changed or deleted by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Whoever is new is invited, and whoever goes is deleted on a page of its own."""

    records_itself = True
    list_display = ("email", "name", "is_superuser", "is_active", "in_groups", "last_login", "date_joined")
    list_filter = ("is_active", "is_superuser", "groups", "date_joined")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_superuser", "groups", "last_login", "date_joined")
    readonly_fields = ("email", "name", "last_login", "date_joined")
    actions = ("enable", "disable", "sign_out")
    ordering = ("email",)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, help_texts={"groups": ""}, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple, **kwargs)

    @admin.display(description=_("groups"))
    def in_groups(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except roles.LastAdministrator:
            messages.error(request, LAST % self.get_object(request, object_id))
            return redirect(request.path)

    def save_model(self, request, obj, form, change):
        verbs = {
            "is_superuser": roles.appoint if obj.is_superuser else roles.demote,
            "is_active": roles.enable if obj.is_active else roles.disable,
        }
        for name in set(verbs) & set(form.changed_data):
            verbs[name](person=obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        if "groups" in form.changed_data:
            roles.put_in_groups(person=form.instance, groups=form.cleaned_data["groups"], by=request.user)

    @admin.action(description=_("Let them sign in"))
    def enable(self, request, queryset):
        for person in queryset.filter(is_active=False):
            roles.enable(person=person, by=request.user)
        self._told(request, queryset.count())

    @admin.action(description=_("Disable them and end their sessions"))
    def disable(self, request, queryset):
        for person in queryset.filter(is_active=True):
            try:
                roles.disable(person=person, by=request.user)
            except roles.LastAdministrator:
                messages.error(request, LAST % person)
        self._told(request, queryset.count())

    @admin.action(description=_("Sign them out everywhere"))
    def sign_out(self, request, queryset):
        for person in queryset:
            roles.sign_out(person=person, by=request.user)
        self._told(request, queryset.count())

    def _told(self, request, count: int) -> None:
        done = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count)
        messages.success(request, done % {"count": count})


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    """Only who is together: what a group may use is said at the models."""

    records_itself = True
    list_display = ("name", "size")
    search_fields = ("name",)
    fields = ("name",)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(members=Count("user"))

    @admin.display(description=_("people"), ordering="members")
    def size(self, group) -> int:
        return group.members

    def has_delete_permission(self, request, obj=None):
        """On the people page: a group that models are reserved for is kept."""
        return False

    def save_model(self, request, obj, form, change):
        if change and form.changed_data:
            groups.rename_group(group=Group.objects.get(pk=obj.pk), name=obj.name, by=request.user)
        elif not change:
            obj.pk = groups.make_group(name=obj.name, by=request.user).pk


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Made on the people page, where its link is shown once; the link is a secret."""

    list_display = ("email", "is_administrator", "invited_by", "created_at", "expires_at", "accepted_by")
    list_filter = ("is_administrator", "created_at")
    list_select_related = ("invited_by", "accepted_by")
    search_fields = ("email", "invited_by__email")
    fields = ("email", "is_administrator", "groups", "invited_by", "created_at", "expires_at", "accepted_by")
    actions = ("revoke",)

    @admin.action(description=_("Take back"))
    def revoke(self, request, queryset):
        for invitation in queryset.filter(accepted_at=None):
            invitations.revoke(invitation=invitation, by=request.user)


@admin.register(Instance)
class InstanceAdmin(admin.ModelAdmin):
    """Who may sign up, and whether conversations may be shared with everybody."""

    list_display = ("__str__", "signup", "public_sharing")
    fields = ("signup", "public_sharing")

    def get_readonly_fields(self, request, obj=None):
        return ("signup",) if settings.SIGNUP else ()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly):
    date_hierarchy = "at"
    list_display = ("at", "actor_name", "action", "target")
    list_filter = ("at",)
    search_fields = ("actor_name", "action", "target")
    fields = ("at", "actor_name", "action", "target", "details")
