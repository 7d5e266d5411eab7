"""Every address of the product."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from . import health

# The admin is entered through our own sign-in page, with its throttle and its second factor.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.upstreams.setup_urls")),
    path("", include("apps.upstreams.urls")),
    path("", include("apps.usage.urls")),
    path("", include("apps.media.urls")),
    path("", include("apps.conversations.urls")),
    path("", include("apps.runs.urls")),
    path("", include("apps.usage.budgets.urls")),
    path("", include("apps.studio.urls")),
    path("", include("apps.transfer.urls")),
    path("", include("apps.sharing.urls")),
    path("", include("apps.oversight.urls")),
    path("", include("apps.prompts.urls")),
]
