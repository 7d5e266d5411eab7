from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "apps.transfer"

    def ready(self):
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete, pre_delete

        from .begin import forget_file, stop_of_person
        from .models import Transfer

        post_delete.connect(forget_file, sender=Transfer)
        pre_delete.connect(stop_of_person, sender=get_user_model())
