"""A JSON document as a tree of lines that open and close, made on the server."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.conversations.render.escape import fit
from apps.wire.tolerant import shown as as_json

FIRST, ALL = 400, 20_000
DEEPEST = 60
LONGEST = 2000
OPEN_DEPTH = 3


class Tree:
    """`html` shows at most `most` values of the document; `is_whole` says whether that was all."""

    def __init__(self, document: Any, most: int = FIRST):
        self._left = most
        self.is_whole = True
        self.html: SafeString = self._line("", document, 0)

    def _line(self, key: str, value: Any, depth: int) -> SafeString:
        self._left -= 1
        items = _items(value)
        if items is None or not value or depth >= DEEPEST:
            return format_html('<li class="tree__leaf">{}{}</li>', key, _leaf(value))
        return format_html(
            '<li><details{}><summary>{}<span class="tree__count">{}</span></summary><ul>{}</ul></details></li>',
            SafeString(" open" if depth < OPEN_DEPTH else ""),
            key,
            _count(value),
            self._lines(items, depth),
        )

    def _lines(self, items: Iterator[tuple[SafeString, Any]], depth: int) -> SafeString:
        lines = []
        for key, value in items:
            if self._left <= 0:
                self.is_whole = False
                lines.append(format_html('<li class="tree__leaf tree__count">{}</li>', _("… more")))
                break
            lines.append(self._line(key, value, depth + 1))
        return mark_safe("".join(lines))  # noqa: S308 (each line is escaped where it is made)


def _items(value: Any) -> Iterator[tuple[SafeString, Any]] | None:
    if isinstance(value, dict):
        return ((_key(name), item) for name, item in value.items())
    if isinstance(value, list):
        return ((_key(place), item) for place, item in enumerate(value))
    return None


def _key(name: str | int) -> SafeString:
    return format_html('<span class="tree__key">{}</span>', fit(str(name))[:200])


def _leaf(value: Any) -> SafeString:
    kind = "text" if isinstance(value, str) else "value"
    text = fit(as_json(value))
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return format_html('<span class="tree__{}">{}</span>', kind, cut)


def _count(value: Any) -> str:
    count = len(value)
    if isinstance(value, dict):
        return ngettext("%(count)d field", "%(count)d fields", count) % {"count": count}
    return ngettext("%(count)d item", "%(count)d items", count) % {"count": count}
