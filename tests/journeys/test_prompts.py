"""Prompts and presets in a real browser: kept, found again, and put into a chat."""

import re

from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES

from .chatting import choose, finished, offer, say
from .harmless import assert_harmless, watch

HOSTILE = "<img src=x onerror=owned()>{{a}}"


def write(page: Page, title: str, text: str, kind: str = "user") -> str:
    """Keeps a prompt; its address."""
    page.goto("/prompts/new/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill(text)
    page.locator(f"[name=kind][value={kind}]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("is saved")
    return page.url


def options(page: Page):
    return page.locator("#prompt-options [data-prompt]")


def test_a_slash_in_an_empty_message_brings_a_prompt_whose_variables_are_asked(page, complaints, server):
    watch(page, complaints, server.url)
    write(page, "Translate", "Put this into {{language=English}}:\n{{text:long}}")
    write(page, HOSTILE, "A pirate speaks.", kind="system")
    page.goto("/")
    message = page.locator("#message")
    message.press("/")
    expect(options(page)).to_have_count(2)
    page.keyboard.type("transl")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-prompt-form] input")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(message).to_have_value(f"Put this into English:\n{HOSTILE}")
    expect(message).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(message).to_have_value("/")
    message.fill("Before  after")
    message.evaluate("(box) => box.setSelectionRange(7, 7)")
    page.locator("[data-prompts-open]").click()
    page.locator("#prompt-query").fill("onerror")
    expect(options(page)).to_have_count(1)
    options(page).click()
    expect(page.locator("#system-prompt")).to_have_value("A pirate speaks.")
    expect(message).to_have_value("Before  after")
    assert_harmless(page)


def test_a_prompt_without_variables_goes_in_at_the_caret_at_once(page):
    write(page, "Greeting", "a <b>hello</b>")
    page.goto("/")
    page.locator("#message").fill("Before  after")
    page.locator("#message").evaluate("(box) => box.setSelectionRange(7, 7)")
    page.locator("[data-prompts-open]").click()
    options(page).click()
    expect(page.locator("#message")).to_have_value("Before a <b>hello</b> after")
    page.keyboard.press("Escape")
    page.locator("#message").fill("")
    page.locator("#message").press("/")
    expect(options(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#message")).to_have_value("/")
    expect(page.locator("#message")).to_be_focused()


def test_versions_are_compared_restored_and_what_is_deleted_comes_back(page, assert_accessible):
    address = write(page, "Greeting", "Say hello")
    page.locator("[name=text]").fill("Say goodbye")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Differences").click()
    expect(page.locator("del.differs__gone").last).to_have_text("hello")
    assert_accessible(page)
    page.get_by_role("button", name="Use version 1 again").click()
    expect(page.locator("[name=text]")).to_have_value("Say hello")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#prompt-list")).not_to_contain_text("Greeting")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#prompt-list")).to_contain_text("Greeting")
    page.goto(address)
    expect(page.locator("[name=title]")).to_have_value("Greeting")


def test_the_settings_of_a_chat_are_kept_as_a_preset_and_put_into_another(page, server, assert_accessible):
    offer(server, "sandbox-code@0")
    page.goto("/")
    choose(page, "sandbox-markdown")
    page.locator("#system-prompt").fill("Be brief")
    page.locator('[name="p.temperature"]').fill("0.3")
    page.locator("[data-preset-save]").click()
    page.locator("#preset-new").fill("Terse")
    assert_accessible(page, "#preset-dialog")
    page.keyboard.press("Enter")
    expect(page.locator("#preset-dialog")).to_be_hidden()
    page.goto("/")
    expect(page.locator("#system-prompt")).to_have_value("")
    say(page, "Hello", "sandbox-code@0")
    finished(page)
    with page.expect_response(re.compile("/settings/")):
        page.locator("#system-prompt").fill("Be long")
        page.locator('[name="p.top_p"]').fill("0.5")
        page.keyboard.press("Tab")
    page.locator("[popovertarget=preset-menu]").click()
    page.locator("#preset-menu").get_by_role("button", name="Terse").click()
    expect(page.locator("#model-name")).to_have_text("sandbox-markdown")
    expect(page.locator("#system-prompt")).to_have_value("Be brief")
    expect(page.locator("#preset-name")).to_have_text("Terse")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone.")
    assert_asked_as_before(page)
    page.reload()
    assert_asked_as_before(page)
    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type("Terse")
    page.locator("#palette").get_by_role("option", name="Terse").click()
    expect(page.locator("#system-prompt")).to_have_value("Be brief")
    page.reload()
    expect(page.locator('[name="p.temperature"]')).to_have_value("0.3")
    expect(page.locator("#model-name")).to_have_text("sandbox-markdown")
    page.goto("/presets/")
    page.get_by_role("link", name="Terse").first.click()
    page.get_by_role("button", name="Begin new chats with it").click()
    expect(page.locator("main")).to_contain_text("New chats")
    page.goto("/")
    expect(page.locator("#system-prompt")).to_have_value("Be brief")
    expect(page.locator("#preset-name")).to_have_text("Terse")


def assert_asked_as_before(page: Page) -> None:
    expect(page.locator("#model-name")).to_have_text("sandbox-code@0")
    expect(page.locator("#system-prompt")).to_have_value("Be long")
    expect(page.locator('[name="p.temperature"]')).to_have_value("")
    expect(page.locator('[name="p.top_p"]')).to_have_value("0.5")
    expect(page.locator("#preset-name")).to_have_text("No preset")


def test_the_pages_on_a_phone_and_in_the_dark_with_titles_that_mean_harm(
    new_page, server, complaints, assert_accessible
):
    person = server.member()
    page = watch(new_page(person, phone=True, dark=True), complaints, server.url)
    for name in NAMES[:4]:
        address = write(page, name[:110], "{{" + name[:40] + "}} {{x}}")
    for path in ("/prompts/", address, "/presets/", "/prompts/new/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
        assert_accessible(page)
    page.goto("/?prompt=" + re.search(r"[0-9a-f-]{36}", address)[0])
    expect(page.locator("[data-prompt-form] input").first).to_be_focused()
    assert_accessible(page, "#prompt-picker")
    page.locator("[data-prompts-back]").click()
    expect(page.locator("#prompt-picker")).to_be_in_viewport(ratio=1)
    assert_harmless(page)
