"""`{% budget_left user %}`: what is left of a person's budgets, as a page or a frame shows it."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.usage.budgets import notices, standing, words

register = template.Library()
register.filter("budget_name", words.name_of)


@register.simple_tag
def budget_left(user) -> SafeString:
    return render_to_string("usage/_left.html", notices.left(user.pk))


@register.inclusion_tag("usage/_my_budgets.html")
def my_budgets(user) -> dict:
    """The person's own budgets and limits, with what is used of each."""
    return {"mine": [(stands, words.told(stands)) for stands in standing.of(user.pk, rates=True)]}
