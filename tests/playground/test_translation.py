"""简体中文 is whole: everything marked is translated, compiled, and what the pages show."""

import re
from html.parser import HTMLParser

import pytest

from apps.wire.formats import FORMATS
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
        assert 'lang="zh-hans"' in reply.content.decode(), path
        said = Reader(reply.content.decode()).said
        assert [text for text in said if is_english(text)] == [], path


def pages(who: str, upstream) -> list[str]:
    if who == "nobody":
        return ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/invite/gone/"]
    everybody = ["/", "/settings/account/", "/accounts/2fa/", "/accounts/password/change/", "/nothing-here/"]
    theirs = ["/settings/people/", "/settings/upstreams/", f"/settings/upstreams/{upstream.pk}/"]
    return everybody + (theirs if who == "administrator" else [])
