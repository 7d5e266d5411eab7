"""Django's own admin in our frame. Whatever is registered writes to the audit log; what is nobody else's stays out.

An app's `admin.py` registers plain ModelAdmins. One that changes things by the app's own functions, which write to the
log themselves, says so by `records_itself = True`.
"""

from decimal import Decimal

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.accounts.audit import record
from apps.oversight import log
from apps.usage.reports import first_token, tiles
from apps.work.sheets import csv_lines

# Sign-in belongs to the people themselves: their addresses, second factors and providers' tokens are nobody else's.
LEFT_OUT = {"account", "socialaccount", "mfa"}
ACTS, AT_ONCE = 8, 500
SECTIONS = (
    (_("People"), ("accounts.user", "auth.group", "accounts.invitation")),
    (_("Gateways"), ("upstreams.upstream", "upstreams.model")),
    (_("Usage"), ("usage.call", "usage.price", "usage.budget")),
    (_("Oversight"), ("accounts.auditentry", "oversight.opening", "sharing.sharelink", "accounts.instance")),
)


class Audited:
    """Laid over every ModelAdmin: what is done by it stands in the audit log, beside Django's own history."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False  # a count of a million calls takes longer than the page
    actions_selection_counter = True

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def log_addition(self, request, obj, message):
        self._record(request, "admin.add", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        changed = [part["changed"] for part in message if isinstance(part, dict) and "changed" in part]
        self._record(request, "admin.change", obj, fields=[str(name) for each in changed for name in each["fields"]])
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self._record(request, "admin.delete", obj)
        return super().log_deletions(request, queryset)

    def _record(self, request, action: str, obj, **details) -> None:
        if not getattr(self, "records_itself", False):
            record(request.user, action, obj, model=obj._meta.model_name, **details)


class Site(admin.AdminSite):
    site_title = site_header = index_title = _("Administration")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, name: str = "admin"):
        super().__init__(name)
        self.add_action(export_csv, "export_csv")

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        kept = [model for model in models if model._meta.app_label not in LEFT_OUT]
        audited = type("Admin", (Audited, admin_class or admin.ModelAdmin), {"__module__": __name__})
        super().register(kept, audited, **options)

    def get_app_list(self, request: HttpRequest, app_label=None) -> list[dict]:
        """In the order of the product, not of its packages."""
        apps = super().get_app_list(request, app_label)
        known = {model["model"]._meta.label_lower: model for app in apps for model in app["models"]}
        if app_label:
            return apps
        listed = [(label, [known.pop(name) for name in names if name in known]) for label, names in SECTIONS]
        listed.append((_("More"), list(known.values())))
        return [
            {"app_label": f"part-{place}", "name": label, "models": models}
            for place, (label, models) in enumerate(listed)
            if models
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_administrator

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        acts, _more = log.page(log.Wanted())
        known = {"usage_url": _address("usage"), "tiles": [*tiles(), first_token()], "acts": acts[:ACTS]}
        return super().index(request, {**known, **(extra_context or {})})

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_logout")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@admin.action(description=_("Export the selection as CSV"), permissions=["view"])
def export_csv(modeladmin: admin.ModelAdmin, request: HttpRequest, queryset) -> StreamingHttpResponse:
    """The columns of the list, as the list shows them; the newest first."""
    columns = [name for name in modeladmin.get_list_display(request) if name != "action_checkbox"]
    meta = modeladmin.model._meta
    record(request.user, "admin.export", meta.model_name, model=meta.model_name, count=queryset.count())
    response = StreamingHttpResponse(
        csv_lines(_rows(modeladmin, queryset, columns)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{meta.model_name}.csv")
    return response


def _rows(modeladmin, queryset, columns):
    yield [capfirst(admin.utils.label_for_field(name, modeladmin.model, modeladmin)) for name in columns]
    for obj in _in_pages(queryset.order_by("-pk")):
        yield [_cell(name, obj, modeladmin) for name in columns]


def _in_pages(queryset):
    """Each page is a query of its own, as a file is written by several threads."""
    page = list(queryset[:AT_ONCE])
    while page:
        yield from page
        page = list(queryset.filter(pk__lt=page[-1].pk)[:AT_ONCE])


def _cell(name: str, obj, modeladmin) -> object:
    """Numbers stay numbers, however the list writes them."""
    field, attribute, value = admin.utils.lookup_field(name, obj, modeladmin)
    if value is None:
        return ""
    behind = getattr(obj, getattr(attribute, "admin_order_field", None) or "", None)
    if isinstance(behind, int | Decimal) and not isinstance(behind, bool):
        return behind
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
