"""Template tags that every page may use; loaded as builtins."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the control around it carries the name."""
    extra = f" icon--{size}" if size else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, static("img/icons.svg"), name
    )


@register.simple_tag
def meaning_icon(name: str, label: str) -> SafeString:
    """An icon that says something by itself, such as a model's capability, and so has a name."""
    return format_html(
        '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, static("img/icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def current(context, *prefixes: str) -> SafeString | str:
    """`aria-current` for a link whose section the page is in; "/" means the page itself, not everything below it."""
    path = getattr(context.get("request"), "path", "")
    here = any(path == prefix if prefix == "/" else path.startswith(prefix) for prefix in prefixes)
    return format_html('aria-current="{}"', "page") if here else ""


@register.filter
def sent(groups) -> int:
    """How many parameters of these groups (label, sent, fields) go into the request."""
    return sum(count for _label, count, _fields in groups)


@register.filter
def known(groups) -> int:
    """How many parameters these groups (label, sent, fields) offer."""
    return sum(len(fields) for _label, _count, fields in groups)


@register.filter
def can(groups) -> set[str]:
    """What at least one model of the picker's groups can do."""
    return {capability for group in groups for model in group.models for capability in model.capabilities}


@register.filter
def is_id(given, other) -> bool:
    """Whether two ids are the same one, whichever of them is text."""
    return bool(given) and str(given) == str(other)
