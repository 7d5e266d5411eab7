"""What the sources mark for translation and what the catalogue of 简体中文 holds, both read without GNU gettext."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

FOLDER = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(\w+)\({STRING}(?:,\s*{STRING})?", re.DOTALL)
ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[0\])?) ((?:".*"\n?)+)', re.MULTILINE)


class Entry(NamedTuple):
    context: str
    text: str
    plural: str
    translation: str
    flags: str


def entries() -> list[Entry]:
    """Every entry of the .po file but its header."""
    blocks = (FOLDER / "django.po").read_text().split("\n\n")[1:]
    return [_entry(block) for block in blocks if block.strip()]


def _entry(block: str) -> Entry:
    said = {key: "".join(map(ast.literal_eval, lines.split("\n"))) for key, lines in _fields(block)}
    flags = " ".join(line for line in block.split("\n") if line.startswith("#,"))
    translation = said.get("msgstr", said.get("msgstr[0]", ""))
    return Entry(said.get("msgctxt", ""), said["msgid"], said.get("msgid_plural", ""), translation, flags)


def _fields(block: str) -> Iterator[tuple[str, str]]:
    return ((key, lines.rstrip("\n")) for key, lines in ENTRY.findall(block))


def compiled() -> dict:
    """What the .mo file holds: text, or text and context, or (text, 0) of a plural, to translation."""
    with (FOLDER / "django.mo").open("rb") as file:
        held = gettext.GNUTranslations(file)._catalog
    return {key: translation for key, translation in held.items() if key}


def marked() -> set[tuple[str, str]]:
    """Each (context, text) that Python or a template asks to be translated."""
    root = settings.BASE_DIR
    python = [path for folder in ("apps", "playground") for path in (root / folder).rglob("*.py")]
    found = {said for path in python for said in _in_python(path.read_text())}
    return found | {said for path in (root / "templates").rglob("*") if path.is_file() for said in _in_template(path)}


def _in_python(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)]
            yield from _asked(name, texts)


def _in_template(path: Path) -> Iterator[tuple[str, str]]:
    for name, *quoted in CALL.findall(templatize(path.read_text())):
        yield from _asked(name, [ast.literal_eval(text) for text in quoted if text])


def _asked(name: str, texts: list) -> Iterator[tuple[str, str]]:
    if name in PLAIN and texts:
        yield "", texts[0]
    elif name in WITH_CONTEXT and len(texts) > 1:
        yield texts[0], texts[1]
