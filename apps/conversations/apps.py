from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConversationsConfig(AppConfig):
    name = "apps.conversations"
    label = "conversations"

    def ready(self):
        from . import search_index

        post_migrate.connect(search_index.install, sender=self)
