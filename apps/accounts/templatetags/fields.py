"""`{% field form.email %}`: a form's field in our markup; `{% field form.email "lg" %}` in the large size."""

from django import forms, template
from django.forms import BoundField

register = template.Library()

CHECKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


@register.inclusion_tag("accounts/_field.html")
def field(bound: BoundField, size: str = "") -> dict:
    widget = bound.field.widget
    plain = isinstance(widget, CHECKS)
    css = "" if plain else "input" + (f" input--{size}" if size else "")
    # allauth repeats each label as a placeholder, which vanishes when it is needed.
    attrs = {"class": css, "placeholder": ""} if css else {}
    return {"field": bound, "kind": _kind(widget), "control": bound.as_widget(attrs=attrs)}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    return "secret" if isinstance(widget, forms.PasswordInput) else "input"
