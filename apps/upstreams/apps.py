from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpstreamsConfig(AppConfig):
    name = "apps.upstreams"
    label = "upstreams"
    verbose_name = _("Upstreams")
