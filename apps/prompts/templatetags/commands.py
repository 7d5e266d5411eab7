"""`{% commands %}`: what a page's script needs of the command palette and of the keys."""

from django import template

from ..commands import handlers
from ..palette_views import single_keys

register = template.Library()


@register.inclusion_tag("prompts/_palette.html", takes_context=True)
def commands(context) -> dict:
    user = context["request"].user
    return {"handlers": handlers(), "single": single_keys(user), "user": user}
