"""The command palette and the keys: by keyboard alone, never while somebody writes or an input method composes."""

import pytest
from playwright.sync_api import Page, expect

from .chatting import answers, finished, offer, say
from .harmless import assert_harmless, watch

HOSTILE = "<img src=x onerror=owned()>"
COMPOSING = """(field) => field.dispatchEvent(new KeyboardEvent(
  "keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true }))"""


def palette(page: Page):
    page.keyboard.press("ControlOrMeta+k")
    expect(page.locator("#palette-query")).to_be_focused()
    expect(page.locator("#palette-commands [role=option]").first).to_be_attached()
    return page.locator("#palette")


def choose(page: Page, typed: str, option: str) -> None:
    """Types until the first marked option is the wanted one, and presses Enter."""
    page.keyboard.type(typed)
    expect(page.locator("#palette [data-active]")).to_contain_text(option)
    page.keyboard.press("Enter")


def leave_the_field(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


@pytest.fixture
def talk(page, server):
    offer(server, "sandbox-code@0")
    page.goto("/")
    say(page, f"First {HOSTILE}", "sandbox-code@0")
    finished(page)
    return page


def test_the_palette_goes_everywhere_by_keyboard(talk, complaints, server, assert_accessible):
    page = watch(talk, complaints, server.url)
    first = page.url
    found = palette(page)
    expect(page.locator("#palette-recent [role=option]")).to_have_count(1)
    assert_accessible(page, "#palette")
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    palette(page)
    choose(page, "new ch", "New chat")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#message")).to_be_enabled()
    palette(page)
    page.keyboard.type("onerror")
    expect(page.locator("#palette-found mark").first).to_be_visible()
    page.locator("#palette-query").evaluate(COMPOSING)
    expect(found).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(first)
    assert_harmless(page)
    palette(page)
    page.keyboard.type("no such thing at all")
    expect(page.locator("[data-palette-none]")).to_be_visible()
    page.keyboard.press("ControlOrMeta+k")
    expect(found).to_be_hidden()
    palette(page)
    choose(page, "presets", "Presets")
    page.wait_for_url("**/presets/")
    palette(page)
    choose(page, "dark", "Dark theme")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_model_and_a_command_of_the_page_are_chosen_in_the_palette(talk):
    page = talk
    palette(page)
    page.keyboard.type("sandbox-markd")
    page.locator("#palette-models").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#model-name")).to_contain_text("sandbox-markdown")
    expect(page.locator("#message")).to_be_focused()
    palette(page)
    choose(page, "rename", "Rename")
    expect(page.locator("[data-rename] input")).to_be_focused()


def panes_stay_as_they_were_put(page: Page) -> None:
    page.keyboard.press("i")
    page.keyboard.press("h")
    expect(page.locator("#inspector")).to_be_hidden()
    shown = page.request.get(page.url).text()  # as it comes, before a script takes part
    assert "data-no-side data-no-inspector" in shown
    page.reload()
    expect(page.locator("#inspector")).to_be_hidden()
    expect(page.locator("#side")).to_be_hidden()
    leave_the_field(page)
    page.keyboard.press("i")
    expect(page.locator("#inspector")).to_be_visible()
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(page.locator("#side")).to_be_visible()
    page.keyboard.press("i")
    page.locator("[data-inspect]").first.click()
    expect(page.locator("#panel-run")).to_be_visible()
    page.reload()
    expect(page.locator("#inspector")).to_be_visible()
    expect(page.get_by_role("button", name="Conversations", exact=True)).to_be_hidden()


def test_keys_retry_edit_copy_and_move_but_never_while_somebody_writes(talk, server):
    page = talk
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first = page.url
    page.locator("#message").focus()
    page.keyboard.type("r?e")
    expect(page.locator("#message")).to_have_value("r?e")
    page.locator("#message").fill("")
    leave_the_field(page)
    page.keyboard.press("m")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#message")).to_have_value("")
    leave_the_field(page)
    page.keyboard.press("y")
    expect(page.locator("#live")).to_have_text("Copied")
    page.keyboard.press("e")
    expect(page.locator("[data-edit-form] textarea")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(".turn--assistant .branch")).to_contain_text("2/2")
    finished(page)
    leave_the_field(page)
    page.keyboard.press("ControlOrMeta+Shift+o")
    expect(page.locator("#empty")).to_be_visible()
    leave_the_field(page)
    page.keyboard.press("j")
    page.wait_for_url(first)
    expect(answers(page)).to_have_count(1)
    leave_the_field(page)
    panes_stay_as_they_were_put(page)
    leave_the_field(page)
    page.keyboard.press("p")
    expect(page.locator("#history")).to_contain_text("Pinned")


def test_the_sheet_of_keys_opens_by_a_question_mark_and_switches_single_keys_off(talk, assert_accessible):
    page = talk
    leave_the_field(page)
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Regenerate the answer")
    assert_accessible(page, "#shortcuts")
    with page.expect_response("**/shortcuts/single/"):
        page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    leave_the_field(page)
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.reload()
    leave_the_field(page)
    page.keyboard.press("m")
    expect(page.locator("#message")).not_to_be_focused()
    palette(page)
    choose(page, "keyboard", "Keyboard shortcuts")
    expect(page.locator("#single-keys")).not_to_be_checked()


def test_on_a_phone_in_the_dark_the_palette_fits(new_page, server, assert_accessible):
    page = new_page(server.member(), phone=True, dark=True)
    page.goto("/")
    expect(page.locator("#message")).to_be_visible()
    page.get_by_role("button", name="Chat", exact=True).click()
    page.locator("#rail [data-palette-open]").click()
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator("#palette-query")).to_be_focused()
    expect(page.locator("#palette")).to_be_in_viewport(ratio=1)
    assert_accessible(page, "#palette")
    choose(page, "inspector", "Show or hide the inspector")
    expect(page.locator("#inspector")).to_be_in_viewport()
