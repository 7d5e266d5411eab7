from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "apps.media"
    label = "media"

    def ready(self):
        from django.db.models.signals import post_delete

        from .models import Asset
        from .store import forget_files

        post_delete.connect(forget_files, sender=Asset)
