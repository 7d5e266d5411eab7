"""`{% signup_open as open %}`: whether this visitor may sign up now."""

from allauth.account.adapter import get_adapter
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def signup_open(context) -> bool:
    return get_adapter().is_open_for_signup(context["request"])
