"""How the pages write prices."""

from decimal import Decimal

from django import template

from apps.upstreams.models import Model
from apps.work.figures import dollars

register = template.Library()


@register.filter
def rate(price: Decimal | None) -> str:
    return "–" if price is None else dollars(price)


@register.filter
def unit(name: str) -> str:
    return str(dict(Model.Unit.choices).get(name, name))
