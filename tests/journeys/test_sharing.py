"""A conversation goes out by a link: chosen, looked at, read by strangers, gone on with, taken back."""

import re
import uuid
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chatting import offer
from tests.journeys.conftest import LOOKS
from tests.processes import wait_until
from tests.servers import Person, PlaygroundServer

SHOWN = ("reasoning", "code", "math", "table", "tools", "images", "sources", "chinese")
MODELS = [f"sandbox-{name}@0" for name in SHOWN]
MAIL = "ana.petrov@example.org"
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.fixture(scope="module")
def owner(shared_server) -> Person:
    return shared_server.member()


@pytest.fixture(scope="module")
def conversation(shared_server: PlaygroundServer, owner: Person) -> str:
    """Its address: every model that shows something was asked once."""
    models, path = offer(shared_server, *MODELS), ""
    with shared_server.http(owner) as http:
        for name in MODELS:
            told = {"text": f"{name}, for {MAIL}", "turn": str(uuid.uuid4()), "model": models[name]}
            reply = http.post("/send/", data={**told, "conversation": path[3:-1]}).raise_for_status()
            path = path or reply.headers["HX-Push-Url"]
            wait_until(partial(_has_answered, http, path), f"{name} has answered")
    return path


def _has_answered(http, path: str) -> bool:
    return 'aria-busy="true"' not in http.get(path).text


def share(page: Page, conversation: str) -> str:
    """Shares it as its menu offers to; gives the address of the link."""
    page.goto(conversation)
    page.locator("#chat-menu-button").click()
    page.locator("#chat-menu").get_by_role("link", name="Share…").click()
    page.get_by_label("Title").fill("Retry budgets")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".share__preview h1")).to_have_text("Retry budgets")
    expect(page.locator(".share__preview")).not_to_contain_text(MAIL)
    page.get_by_role("button", name="Create the link").click()
    return page.locator("#address").input_value()


def test_a_link_is_made_read_without_an_account_or_a_script_and_taken_back(
    browser, server, owner, conversation, new_page, complaints, assert_accessible
):
    page = new_page(owner)
    address = share(page, conversation)
    assert_accessible(page)

    unscripted = browser.new_context(base_url=server.url, java_script_enabled=False)
    stranger = unscripted.new_page()
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Retry budgets")
    expect(stranger.locator(".turn--assistant")).to_have_count(len(MODELS))
    expect(stranger.locator(".code [class=k]").first).to_be_visible()
    expect(stranger.locator("math").first).to_be_visible()
    expect(stranger.locator(".sources a").first).to_be_visible()
    stranger.locator(".reasoning summary").first.click()
    expect(stranger.locator(".reasoning__body").first).to_be_visible()
    expect(stranger.get_by_role("button", name="Copy")).to_have_count(0)
    picture = stranger.locator(".figure img").first
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0 && image.src.includes('/s/')")
    expect(stranger.locator("main")).to_contain_text("[removed]")
    expect(stranger.locator("main")).not_to_contain_text(MAIL)
    stranger.get_by_role("link", name="简体中文").first.click()
    expect(stranger.locator("html")).to_have_attribute("lang", "zh-hans")
    unscripted.close()

    reader = new_page()
    reader.goto(address)
    complaints.tolerate("status of 410")
    page.get_by_role("button", name="Revoke").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("This link is no longer available")
    assert_accessible(reader)
    page.goto("/links/")
    expect(page.get_by_role("row", name=re.compile("Retry budgets"))).to_contain_text("revoked")
    assert_accessible(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_of_sharing_is_usable_by_everybody(
    look, server, owner, conversation, new_page, complaints, assert_accessible
):
    complaints.tolerate("status of 410")
    complaints.tolerate("status of 403")
    page = new_page(owner, **look)
    page.goto(f"{conversation}share/")
    page.get_by_label("Named members and groups").check()
    expect(page.get_by_label("Members, by their emails")).to_be_visible()
    page.get_by_label("Anyone with the link").check()
    expect(page.get_by_label("Members, by their emails")).to_be_hidden()
    page.get_by_label("Password").fill("a long password")
    for label in ("System prompt", "Parameters", "Other branches"):
        page.get_by_label(label, exact=True).check()
    seen = [page]
    assert_fine(seen, assert_accessible)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".share__preview")).to_be_visible()
    assert_fine(seen, assert_accessible)
    page.get_by_role("button", name="Create the link").click()
    address = page.locator("#address").input_value()
    assert_fine(seen, assert_accessible)

    reader = new_page(server.member(), **look)
    reader.goto(address)
    assert_fine([reader], assert_accessible)
    reader.locator("#password").fill("wrong")
    reader.get_by_role("button", name="Open").click()
    expect(reader.get_by_text("not the password")).to_be_visible()
    assert_fine([reader], assert_accessible)
    reader.locator("#password").fill("a long password")
    reader.get_by_role("button", name="Open").click()
    expect(reader.locator(".turn--assistant")).to_have_count(len(MODELS))
    assert_fine([reader], assert_accessible)
    reader.get_by_role("link", name=re.compile("Continue")).click()
    assert_fine([reader], assert_accessible)
    reader.get_by_role("button", name="Copy into my history").click()
    expect(reader.locator("#thread .turn--assistant")).to_have_count(len(MODELS))

    admin = new_page(server.administrator, **look)
    admin.goto("/settings/links/")
    assert_fine([admin], assert_accessible)


def assert_fine(pages: list[Page], assert_accessible) -> None:
    for page in pages:
        assert not page.evaluate(WIDE), page.url
        assert_accessible(page)


def test_the_page_prints_whole_in_black_on_white_without_what_only_a_screen_needs(owner, conversation, new_page):
    address = share(new_page(owner), conversation)
    page = new_page(dark=True)
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".plain__bar")).to_be_hidden()
    expect(page.locator(".reasoning__body").first).to_be_visible()
    assert page.locator("[data-copy]:visible").count() == 0
    assert page.locator("body").evaluate("body => getComputedStyle(body).colorScheme") == "light"
