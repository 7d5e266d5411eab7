"""简体中文 is whole: everything marked is translated, compiled, and what the pages show."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from apps.studio.families import ALL
from apps.wire.formats import FORMATS
from tests.architecture.gates import ADMINISTRATOR, GATES, PUBLIC, SIGNED_IN
from tests.playground import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>|\\n")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")
# The names and values of parameters on the wire are shown as they are, and some are words too; formats have one name.
PARAMETERS = [parameter for format in FORMATS.values() for parameter in format.PARAMETERS]
WIRE = {word for parameter in PARAMETERS for word in (parameter.name, *parameter.choices)}
NAMES = {format.label for format in FORMATS.values()} | {"JSON Schema"}
ENGLISH = {entry.text for entry in catalogue.entries() if entry.translation != entry.text} - WIRE
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-tip")


class Reader(HTMLParser):
    """Everything a page says to its reader, each text by itself."""

    def __init__(self, page: str):
        super().__init__()
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.said += [value for name, value in attributes if name in SPOKEN and value]

    def handle_data(self, data):
        self.said.append(" ".join(data.split()))


def test_every_marked_text_is_in_the_catalogue_and_nothing_else_is():
    assert {(entry.context, entry.text) for entry in catalogue.entries()} == catalogue.marked()


def test_every_entry_is_translated_and_no_translation_is_a_guess():
    lacking = [entry.text for entry in catalogue.entries() if not entry.translation or "fuzzy" in entry.flags]
    assert lacking == []


def test_translations_keep_the_placeholders_and_the_markup():
    for entry in catalogue.entries():
        kept = sorted(PLACEHOLDER.findall(entry.translation))
        assert kept == sorted(PLACEHOLDER.findall(entry.plural or entry.text)), entry.text


def test_the_compiled_catalogue_is_in_step_with_its_source():
    keys = {e: f"{e.context}\x04{e.text}" if e.context else e.text for e in catalogue.entries()}
    assert catalogue.compiled() == {(key, 0) if e.plural else key: e.translation for e, key in keys.items()}


def is_english(text: str) -> bool:
    """What is written in English words, and is neither a name nor code."""
    if text.startswith("{"):
        return False
    return text in ENGLISH or bool(text not in NAMES and WORDS.search(text) and not CHINESE.search(text))


@pytest.mark.parametrize("who", ["nobody", "member", "administrator"])
def test_no_page_says_anything_in_english_to_a_chinese_reader(request, client_of, user, sandbox_upstream, who):
    person = None if who == "nobody" else request.getfixturevalue(who)
    browser = client_of(person)
    type(user).objects.update(name="李雷")
    type(sandbox_upstream).objects.update(name="new-api")
    browser.cookies["django_language"] = "zh-hans"
    for path in pages(who, sandbox_upstream):
        reply = browser.get(path)
        if reply.status_code == 302 or not reply.headers["Content-Type"].startswith("text/html"):
            continue
        page = "".join(part.decode() for part in reply)
        assert "<html" not in page or 'lang="zh-hans"' in page, path
        assert [text for text in Reader(page).said if is_english(text)] == [], path


def pages(who: str, upstream) -> list[str]:
    """Every address that may be asked for without knowing of a thing, and those of a few that are there."""
    letting = {"nobody": {PUBLIC}, "member": {PUBLIC, SIGNED_IN}, "administrator": {PUBLIC, SIGNED_IN, ADMINISTRATOR}}
    gates = GATES.items()
    paths = [reverse(name) for name, (by, method, of) in gates if by in letting[who] and method == "GET" and not of]
    if who == "nobody":
        return [*paths, "/invite/gone/"]
    paths += [family.path for family in ALL] + ["/nothing-here/"]
    return paths + ([f"/settings/upstreams/{upstream.pk}/"] if who == "administrator" else [])
