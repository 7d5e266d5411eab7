from django.apps import AppConfig


class PromptsConfig(AppConfig):
    name = "apps.prompts"
    label = "prompts"

    def ready(self):
        from apps.runs import beginning

        from .begin import begun

        beginning.say(begun)
