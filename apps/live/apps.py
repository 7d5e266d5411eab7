from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "apps.live"
    label = "live"

    def ready(self):
        from apps.conversations.signals import changed

        from .announce import announce

        changed.connect(announce)
