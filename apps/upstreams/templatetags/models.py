"""`{{ model|facts }}`, `{{ model|abilities }}`: a model in words."""

from django import template

from ..wording import abilities, meta

register = template.Library()
register.filter("facts", meta)
register.filter("abilities", abilities)
