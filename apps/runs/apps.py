from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "apps.runs"
    label = "runs"

    def ready(self):
        from apps.conversations.signals import binned

        from .stopping import stop_in

        binned.connect(stop_in)
