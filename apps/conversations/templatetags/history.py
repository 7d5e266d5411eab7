"""What the pane of conversations needs of the page that it stands on."""

from typing import Any

from django import template

from apps.conversations.search_views import found as found_by

register = template.Library()


@register.simple_tag(takes_context=True)
def found(context: template.Context) -> dict[str, Any]:
    """What the page's own address looks for, as the search itself would show it."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("after", None)
    return found_by(request.user, query)
