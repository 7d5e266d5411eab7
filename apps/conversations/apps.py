from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConversationsConfig(AppConfig):
    name = "apps.conversations"
    label = "conversations"

    def ready(self):
        from apps.media import queries

        from . import bin, search_index

        queries.withhold(bin.holds_alone)

        post_migrate.connect(search_index.install, sender=self)
