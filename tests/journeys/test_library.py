"""The library: what was made and what was brought, looked at, used again and deleted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES
from tests.media import files

from .chatting import choose, finished
from .conftest import LOOKS
from .harmless import assert_harmless, watch
from .studio import ask, ended, open_studio

LONG_NAME = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft.txt"
UPLOAD = """async ([name, type, bytes]) => {
  const form = new FormData();
  form.append("file", new File([new Uint8Array(bytes)], name, { type }));
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  return (await fetch("/assets/", { method: "POST", body: form, headers })).status;
}"""


def upload(page: Page, name: str, data: bytes, kind: str = "text/plain") -> None:
    assert page.evaluate(UPLOAD, [name, kind, list(data)]) == 200


def find(page: Page, name: str) -> None:
    """Opens the page of that file."""
    page.goto("/library/")
    page.locator(".shelf__name", has_text=name).click()
    expect(page.locator("h1")).to_contain_text(name)


def test_what_was_made_is_found_used_again_and_deleted_and_what_used_it_says_so(page):
    open_studio(page, "images", "sandbox-image")
    ended(ask(page, "A green bottle"))
    upload(page, "note.txt", b"remember <b>this</b>")
    upload(page, "tone.wav", files.wav(2), "audio/wav")
    upload(page, "paper.pdf", files.pdf(), "application/pdf")
    page.get_by_role("link", name="Library").click()
    shown = page.locator(".shelf__name")
    expect(shown).to_have_count(4)
    expect(page.locator(".shelf__quota")).to_contain_text("4 files")
    page.get_by_label("Search names and prompts").fill("green")
    expect(shown).to_have_text(["A green bottle.png"])
    expect(page).to_have_url(re.compile("q=green"))
    page.get_by_label("Search names and prompts").fill("")
    expect(shown).to_have_count(4)
    page.get_by_label("Kind").select_option("audio")
    expect(shown).to_have_text(["tone.wav"])
    page.reload()
    expect(shown).to_have_text(["tone.wav"])
    shown.click()
    expect(page.locator("audio")).to_have_js_property("duration", 2)
    find(page, "paper.pdf")
    expect(page.get_by_role("link", name="Open")).to_have_attribute("href", re.compile("/assets/"))
    find(page, "note.txt")
    expect(page.locator(".shelf__text")).to_have_text("remember <b>this</b>")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download").click()
    assert coming.value.path().read_bytes() == b"remember <b>this</b>"
    send_and_delete(page)
    picture_goes_on(page)


def send_and_delete(page: Page) -> None:
    """The note goes into a new chat, which shows that it is gone once it was deleted."""
    page.get_by_role("button", name="Use in chat").click()
    expect(page.locator("#attachments [data-chip]")).to_contain_text("note.txt")
    choose(page, "sandbox-markdown")
    page.locator("#message").fill("What does it say?")
    page.locator("#message").press("Enter")
    finished(page)
    talk = page.url
    find(page, "note.txt")
    expect(page.locator(".shelf__uses").first.get_by_role("link")).to_have_attribute("href", re.compile("/c/"))
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("which will show that the file is gone")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator(".shelf__name")).to_have_count(3)
    page.goto(talk)
    expect(page.locator(".turn__files")).to_contain_text("is no longer there")


def picture_goes_on(page: Page) -> None:
    """The picture becomes a reference of the next one, and its job tells where it went."""
    find(page, "A green bottle.png")
    expect(page.locator(".shelf__page")).to_contain_text("sandbox-image")
    page.get_by_role("button", name="Use as reference").click()
    expect(page).to_have_url(re.compile("/studio/images/"))
    expect(page.locator('[data-slot="reference"] [data-chip]')).to_have_count(1)
    find(page, "A green bottle.png")
    page.get_by_role("link", name="Images").last.click()
    expect(page.locator(".job .card img")).to_have_count(1)
    job = page.url
    find(page, "A green bottle.png")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".shelf__name")).to_have_count(2)
    page.goto(job)
    expect(page.locator(".card__lost")).to_have_text("The file was deleted.")


def test_hostile_names_prompts_and_texts_are_words(page, complaints, server):
    page = watch(page, complaints, server.url)
    open_studio(page, "images", "sandbox-image-url")
    for number, name in enumerate(NAMES):
        upload(page, f"{name[:200]}{number}.txt", f"{number} {' '.join(NAMES)}".replace("\0", "").encode())
    # The sandbox writes the prompt into its picture, and a picture with a page in it is not kept.
    ended(ask(page, " ".join(name for name in NAMES if "<" not in name)[:2000]))
    page.goto("/library/")
    expect(page.locator(".shelf__name")).to_have_count(len(NAMES) + 1)
    assert_harmless(page)
    for place in (0, 1, len(NAMES)):
        page.goto("/library/")
        page.locator(".shelf__name").nth(place).click()
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_harmless(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_library_is_usable_by_everybody(new_page, server, assert_accessible, look):
    page = new_page(server.member(), **look)
    page.goto("/library/")
    expect(page.locator(".shelf__empty")).to_be_visible()
    upload(page, LONG_NAME, LONG_NAME.encode() * 40)
    upload(page, "red.png", files.picture(size=(1200, 300)), "image/png")
    upload(page, "tone.wav", files.wav(), "audio/wav")
    page.reload()
    expect(page.locator(".shelf__name")).to_have_count(3)
    assert_usable(page, assert_accessible)
    for name in (LONG_NAME, "red.png", "tone.wav"):
        find(page, name)
        assert_usable(page, assert_accessible)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "dialog[open]")


def assert_usable(page: Page, assert_accessible) -> None:
    places = "html, body, .main, .page, .shelf, .shelf__item"
    wide = f"() => [...document.querySelectorAll('{places}')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
    assert page.evaluate(f"({wide})().map((e) => e.className)") == []
    assert_accessible(page)
