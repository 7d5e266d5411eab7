"""The allow-list that the HTML of every block goes through before it leaves this package."""

import re

import nh3

from .links import REL
from .raw_html import KEPT

# Beside the tags that a model may write itself.
_WRITTEN = "a blockquote code div h3 h4 h5 h6 input li ol p span table tbody td th thead tr ul"
_cleaner = nh3.Cleaner(
    tags=set(KEPT) | set(_WRITTEN.split()),
    attributes={
        "a": {"href", "title", "data-url", "id", "aria-label"},
        "code": {"data-part"},
        "div": {"id", "tabindex", "role", "aria-label"},
        "input": {"type", "checked", "disabled", "aria-label"},
        "ol": {"start"},
        "th": {"scope"},
    },
    tag_attribute_values={"a": {"target": {"_blank"}}},
    allowed_classes={
        "a": {"remote-image"},
        "div": {"table-scroll", "footnote"},
        "li": {"task"},
        "td": {"end", "center"},
        "th": {"end", "center"},
    },
    link_rel=REL,
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if url.startswith("#") else None,
)
_PART = re.compile(r'<code data-part="([0-9]+)"></code>')


def place(index: int) -> str:
    """Where a trusted part (a code block, a formula, a checked picture) will stand; no model's text can write this."""
    return f'<code data-part="{index}"></code>'


def clean(html: str, parts: list[str]) -> str:
    """The cleaned, balanced HTML of one block with the trusted parts in their places."""
    if len(parts) == 1 and html == place(0):
        return parts[0]
    cleaned = _cleaner.clean(html).strip()
    return _PART.sub(lambda match: parts[int(match[1])], cleaned) if parts else cleaned
