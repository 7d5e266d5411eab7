"""Rows of the list of conversations, each made once: the list goes out at every turn, and most rows stay the same."""

import uuid
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.conversations.queries import HistoryItem

ROWS = 4096
register = template.Library()


@register.simple_tag
def history_row(item: HistoryItem, here: uuid.UUID | None) -> SafeString:
    """`here` is the conversation on show."""
    shown = {name: getattr(item, name) for name in ("id", "title", "pinned", "running", "place")}
    tags = tuple((tag.pk, tag.name, tag.color) for tag in item.tags)
    return _row(get_language(), item.id == here, tags, **shown)


@lru_cache(ROWS)
def _row(language: str, is_here: bool, tags: tuple[tuple[uuid.UUID, str, int], ...], **shown) -> SafeString:
    worn = [{"pk": id, "name": name, "color": color} for id, name, color in tags]
    return render_to_string("conversations/_history_item.html", {"item": {**shown, "tags": worn}, "is_here": is_here})
