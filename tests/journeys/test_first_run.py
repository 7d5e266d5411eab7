"""From a machine that nobody has used to the first answer, and the way in for those who come later."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.seed import PASSWORD

from .chatting import choose, finished, say

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def assert_fine(assert_accessible):
    """Nothing serious for axe, and nothing wider than a phone."""

    def check(page: Page) -> None:
        assert_accessible(page)
        usual = page.viewport_size
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size(usual)

    return check


def introduce(page: Page, email: str, password: str, field: str = "password1") -> None:
    """Fills in who one is, and sends it."""
    page.locator('[name="name"]').fill("Ana Petrov")
    page.locator('[name="email"]').fill(email)
    page.locator(f'[name="{field}"]').fill(password)
    page.locator("main form [type=submit]").first.click()


def connect(page: Page, url: str, key: str) -> None:
    page.locator('[name="url"]').fill(url)
    page.locator('[name="key"]').fill(key)
    page.locator('[name="start"][value="connect"]').click()


def test_a_new_server_gets_its_administrator_its_gateway_and_its_first_answer(
    playground_server, new_page, complaints, assert_fine
):
    complaints.tolerate("status of 400")
    server = playground_server(fresh=True)
    key = server.shell("from django.conf import settings; print(settings.SANDBOX_KEY)").strip()
    page = new_page(None, server)
    page.goto("/")
    expect(page).to_have_url(re.compile("/setup/$"))
    assert_fine(page)
    introduce(page, "ana@example.org", "short", "password")
    expect(page.locator(".field__error")).to_contain_text("12 characters")
    expect(page.locator('[name="email"]')).to_have_value("ana@example.org")
    introduce(page, "ana@example.org", PASSWORD, "password")
    expect(page).to_have_url(re.compile("/setup/gateway/$"))
    assert_fine(page)
    connect(page, f"{server.url}/sandbox/v1/chat/completions", "wrong")
    expect(page.locator('.checks [data-state="error"]')).to_contain_text("401")
    expect(page.locator('[name="url"]')).to_have_value(f"{server.url}/sandbox/v1/chat/completions")
    expect(page.locator('[name="key"]')).to_have_value("")
    assert_fine(page)
    connect(page, f"{server.url}/sandbox", key)
    expect(page.locator('.notice[data-state="ok"]')).to_contain_text("models")
    assert_fine(page)
    page.get_by_role("link", name="Finish and open chat").click()
    choose(page, "sandbox-echo")
    say(page, "The very first words")
    expect(finished(page)).to_contain_text("The very first words")
    page.goto("/setup/")
    expect(page.locator("#composer")).to_be_visible()


def test_somebody_invited_signs_up_by_the_link_and_chats_and_the_link_is_used_up(server, new_page, complaints):
    complaints.tolerate("status of 410")
    people = new_page(server.administrator)
    people.goto("/settings/people/")
    people.get_by_role("button", name="Make a link").click()
    link = people.locator("#new-link").input_value()
    page = new_page()
    page.goto(link)
    introduce(page, "invited@example.org", PASSWORD)
    say(page, "I am new here", "sandbox-echo")
    expect(finished(page)).to_contain_text("I am new here")
    late = new_page()
    late.goto(link)
    expect(late.locator('[name="password1"]')).to_have_count(0)
    expect(late.get_by_role("heading", level=1)).to_be_visible()


def test_where_no_model_is_available_everybody_is_told_what_to_do(playground_server, new_page, assert_fine):
    server = playground_server(environment={"PLAYGROUND_SANDBOX": "0"})
    page = new_page(server.member(), server)
    page.goto("/")
    expect(page.locator("#empty")).to_contain_text("Ask your administrator")
    expect(page.locator("#composer [type=submit]")).to_be_disabled()
    assert_fine(page)
    page = new_page(server.administrator, server)
    page.goto("/")
    page.locator("#empty").get_by_role("link", name="Connect a gateway").click()
    expect(page.get_by_label("Base URL")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Tabs on until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} cannot be reached by the keyboard")


def test_the_keyboard_is_enough_to_sign_in_and_ask(server, new_page):
    person, page = server.member(), new_page()
    page.goto("/")
    tab_to(page, '[name="login"]')
    page.keyboard.type(person.email)
    tab_to(page, '[name="password"]')
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_be_visible()
    tab_to(page, "#composer [popovertarget=model-picker]")
    page.keyboard.press("Enter")
    page.keyboard.type("sandbox-echo")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.type("by hand")
    page.keyboard.press("Enter")
    expect(finished(page)).to_contain_text("by hand")
