from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "apps.transfer"

    def ready(self):
        from django.db.models.signals import post_delete

        from .begin import forget_file
        from .models import Transfer

        post_delete.connect(forget_file, sender=Transfer)
