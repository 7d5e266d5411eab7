"""A page of the web as text that a model can read."""

import asyncio
import html
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.upstreams.fetch import FetchRefused, IsAllowed, fetch, is_public

from .failure import ToolFailed

LIMIT = 2 * 1024 * 1024
CHARACTERS = 40_000
ACCEPT = "text/html, text/plain, application/json, application/xml;q=0.8, text/*;q=0.5"
SILENT = {"script", "style", "noscript", "template", "svg", "nav", "iframe", "object", "select", "button", "form"}
WITHIN_A_LINE = {"a", "b", "i", "u", "em", "strong", "span", "code", "sub", "sup", "small", "mark", "q", "cite", "abbr"}
READABLE = re.compile(r"text/|application/([a-z.+-]*\+)?(json|xml)\b|application/xhtml", re.IGNORECASE)
_HTML = re.compile(rb"^\s*(<!doctype html|<html|<head|<body)", re.IGNORECASE)
_NAME = re.compile(r"/?[a-z][a-z0-9]*")
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


async def fetch_page(arguments: Mapping[str, Any], is_allowed: IsAllowed = is_public) -> str:
    """The readable text at the `url`, at most 40,000 characters of it. Raises ToolFailed."""
    try:
        fetched = await fetch(str(arguments["url"]), limit=LIMIT, accept=ACCEPT, is_allowed=is_allowed)
    except FetchRefused as error:
        raise ToolFailed(str(error)) from error
    if not READABLE.match(fetched.content_type):
        told = _("This is {kind}, which is no text that can be read.")
        raise ToolFailed(told.format(kind=fetched.content_type[:100] or "–"))
    text = await asyncio.to_thread(readable, fetched.data, fetched.content_type)
    if len(text) > CHARACTERS:
        text = text[:CHARACTERS] + "\n" + _("[Cut here: the page is longer.]")
    return text or _("The page has no text.")


def readable(data: bytes, content_type: str) -> str:
    """The words of a document, a line for each block of HTML."""
    text = _decoded(data)
    if "html" not in content_type and not _HTML.match(data):
        return text.strip()
    lines = (" ".join(line.split()) for line in html.unescape(_words(text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _words(text: str) -> str:
    """The text between the tags, in one pass: a parser that builds the tree takes minutes for a hostile one."""
    first, *pieces = text.split("<")
    said, inside = [first], ""
    for piece in pieces:
        tag, _end, words = piece.partition(">")
        name = found[0] if (found := _NAME.match(tag.lower())) else ""
        if inside == "!--":
            inside = "" if "-->" in piece else inside
            words = piece.partition("-->")[2]
        elif inside:
            inside = "" if name == f"/{inside}" else inside
        elif tag.startswith("!--"):
            inside = "" if "-->" in piece else "!--"
            words = piece.partition("-->")[2]
        elif name in SILENT:
            inside = name
        elif not name and not tag.startswith(("!", "?")):
            words = f"<{piece}"
        else:
            said.append(_break(name.removeprefix("/")))
        said.append("" if inside else words)
    return "".join(said)


def _break(name: str) -> str:
    if name in WITHIN_A_LINE:
        return ""
    return " " if name in ("td", "th", "img", "input", "label") else "\n"


def _decoded(data: bytes) -> str:
    """By what the document says of itself in its beginning, or as UTF-8."""
    said = _CHARSET.search(data[:2048].decode("latin-1"))
    try:
        return data.decode(said[1] if said else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
