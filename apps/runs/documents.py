"""An answer that is to be JSON, as a page shows it: a tree, what is wrong with it, and its text beside."""

import uuid
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.wire.exceptions import Undecodable

from . import structured, tree
from .tools.judge import Violation


class Document(msgspec.Struct):
    """`tree` is '' for a text that is not JSON; `violations` is None where nobody has looked."""

    message_id: uuid.UUID
    tree: SafeString = SafeString("")
    is_whole: bool = True
    violations: Sequence[Violation] | None = None


def document_of(message_id: uuid.UUID, text: str, violations: Sequence[Violation] | None) -> Document:
    html, is_whole = tree_of(text, tree.FIRST, get_language())
    return Document(message_id=message_id, tree=html, is_whole=is_whole, violations=violations)


@lru_cache(maxsize=128)
def tree_of(text: str, most: int, language: str | None) -> tuple[SafeString, bool]:
    """The tree, in the language that is active, and whether it shows all; '' for a text that is not JSON."""
    try:
        made = tree.Tree(structured.read(text), most)
    except Undecodable:
        return SafeString(""), True
    return made.html, made.is_whole


def whole(text: str) -> SafeString:
    """The tree with all that a page can bear."""
    return tree_of(text, tree.ALL, get_language())[0]
