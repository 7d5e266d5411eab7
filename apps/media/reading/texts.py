"""Texts and code: read in the encodings that people's files have, kept as UTF-8. Pages and drawings are refused."""

import codecs
import json
import re
import unicodedata

from django.utils.translation import gettext as _

from ..names import PAGES
from ..refusals import NotTaken
from .found import Found

TYPES = {
    "md": "text/markdown",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "py": "text/x-python",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "css": "text/css",
    "xml": "text/xml",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Comments and a declaration may stand before the element that makes it a page.
_PAGE = re.compile(
    r"(?:\s|<!--.*?-->|<\?xml.*?\?>|<!doctype\s+svg[^>]*>)*<(?:!doctype\s+html|html|head|body|script|svg|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_PAGE = re.compile(r"<\w*:?(?:svg|html)[\s>]|http://www\.w3\.org/(?:2000/svg|1999/xhtml)", re.IGNORECASE)
_LOOKED_AT = 20_000
_CONTROLS = frozenset("\t\n\r\f\v\x1b\x08")


def text(data: bytes, name: str) -> Found:
    """Raises NotTaken for what is no text, and for HTML and SVG, whatever they are called."""
    words = decoded(data)
    if words is None:
        raise NotTaken(
            _("This kind of file cannot be attached. Images, PDF, audio, video and text can, in their usual formats.")
        )
    ending = name.rpartition(".")[2].lower()
    if ending in PAGES or _is_page(words):
        raise NotTaken(_("HTML and SVG files are not taken, as they can hold scripts. Paste the source as text."))
    return Found("text", _media_type(words, ending), data=words.encode())


def decoded(data: bytes) -> str | None:
    """The text of these bytes, None if they are none: UTF-8, UTF-16 or UTF-32 with their marks, GB18030."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "")
    for name in [encoding] if encoding else ["utf-8", "gb18030"]:
        try:
            words = data.decode(name)
        except UnicodeDecodeError:
            continue
        if _is_text(words) and (name != "gb18030" or _is_chinese(words)):
            return words
    return None


def _is_text(words: str) -> bool:
    """No character of it is a control or is assigned to nothing."""
    strange = {letter for letter in set(words) if unicodedata.category(letter) in {"Cc", "Cn", "Cs"}}
    return strange <= _CONTROLS


def _is_chinese(words: str) -> bool:
    """Nearly any bytes are GB18030; written by people, most of its characters are in the old set of GB 2312."""
    wide = [letter for letter in words[:_LOOKED_AT] if letter > "\x7f"]
    return len("".join(wide).encode("gb2312", "ignore")) >= 0.7 * 2 * len(wide)


def _is_page(words: str) -> bool:
    head = words[:_LOOKED_AT]
    if _PAGE.match(head):
        return True
    return head.lstrip("\ufeff \t\r\n").startswith("<?xml") and bool(_XML_PAGE.search(head))


def _media_type(words: str, ending: str) -> str:
    if ending == "json" and _is_json(words):
        return "application/json"
    return TYPES.get(ending, "text/plain")


def _is_json(words: str) -> bool:
    try:
        json.loads(words)
    except (ValueError, RecursionError):
        return False
    return True
