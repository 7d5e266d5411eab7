"""A conversation as one HTML file that opens by itself: our style in it, pictures in it, and nothing that could act.

Its policy, which travels in the file, allows that one style sheet and what is in the file: even if some of a model's
text got through the cleaner, no browser would run it or ask a stranger for anything.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from uuid import uuid4

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe

from apps.conversations.models import Conversation
from apps.conversations.parts import ASSET_PATH
from apps.media.models import Asset

from . import assets
from .shown import sections

SHEETS = ("tokens", "reset", "base", "layout", "components/button", "components/feedback", "components/prose")
SHEETS += ("components/message", "components/tool", "components/attach", "components/data", "components/document")
SHEETS += ("always",)
# Where turns and rows go, which no text of a person's can say.
SPLIT = uuid4().hex
MOST_EMBEDDED = 32 * 1024 * 1024
# What only a page of ours can do: copying code, and files by their addresses here.
_BUTTON = re.compile(r'<button class="btn btn--ghost btn--sm" type="button" data-copy>.*?</button>', re.DOTALL)
_ADDRESS = re.compile(r'(src|href)="' + ASSET_PATH.pattern + r'[^"]*"')
_REMOTE = re.compile(r' data-url="[^"]*"')
_SPRITE = re.compile(r'<svg class="icon[^"]*"[^>]*><use href="[^"]*"\s*/?>(?:</use>)?</svg>')


@cache
def style() -> str:
    """The style sheet, in one piece."""
    texts = (_sheet(f"css/{name}.css") for name in SHEETS)
    return "@layer reset, tokens, base, layout, components;\n" + "\n".join(texts)


def _sheet(name: str) -> str:
    with open(finders.find(name), encoding="utf-8") as file:
        return file.read()


def head() -> dict[str, str]:
    """What the head of such a file needs."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode("ascii")
    return {"style": mark_safe(f"<style>{style()}</style>"), "digest": digest}  # noqa: S308 (ours)


def page(conversation: Conversation, file_of: Callable[[str], Asset | None]) -> Iterator[str]:
    """The file piece by piece; `file_of` gives the person's file of an id."""
    context = {**head(), "conversation": conversation, "title": str(conversation), "turns": SPLIT}
    before, after = render_to_string("transfer/document.html", context).split(SPLIT)
    yield before
    for section in sections(conversation):
        if section.title:
            yield f'<h2 class="document__column">{escape(section.title)}</h2>'
        for turn in section.turns():
            yield from _embedded(render_to_string("transfer/_turn.html", {"turn": turn}), file_of)
    yield after


def _embedded(html: str, file_of: Callable[[str], Asset | None]) -> Iterator[str]:
    """The HTML with the files that it shows in the place of their addresses."""
    html = _SPRITE.sub("", _REMOTE.sub("", _BUTTON.sub("", html)))
    at = 0
    for found in _ADDRESS.finditer(html):
        yield html[at : found.start()]
        yield from _file(found[1], file_of(found[2]))
        at = found.end()
    yield html[at:]


def _file(attribute: str, asset: Asset | None) -> Iterator[str]:
    """A link to a page of data is refused by browsers; a download of it is not."""
    if asset is None or asset.size > MOST_EMBEDDED or (asset.kind == Asset.Kind.TEXT and attribute == "src"):
        return
    media_type = "text/plain;charset=utf-8" if asset.kind == Asset.Kind.TEXT else asset.media_type
    more = f' download="{escape(asset.name)}"' if attribute == "href" else ""
    yield f'{attribute}="data:{escape(media_type)};base64,'
    yield from assets.in_base64(asset)
    yield f'"{more}'
