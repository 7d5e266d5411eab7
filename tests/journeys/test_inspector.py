"""The inspector of a run, in a real browser: opened from an answer, by its address, while it is written, on a phone."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.work.storable import text as storable
from tests.hostile.corpus import ERROR_BODIES, TEXTS

from .chatting import answers, choose, finished, offer, say, writing
from .conftest import LOOKS
from .harmless import assert_harmless, watch
from .test_pages import AT_REST, WIDE


def inspect(page: Page) -> Locator:
    """Opens the inspector of the last answer; its panel once the wire is there."""
    answers(page).last.locator("[data-inspect]").click()
    panel = page.locator("#panel-run")
    expect(panel.locator(".wire-line")).to_be_visible()
    return panel


def rows(page: Page) -> Locator:
    return page.locator("#panel-run .timeline > .event")


@pytest.fixture
def answered(page, server) -> Page:
    """A page with one answer of some thoughts and some words."""
    offer(server, "sandbox-reasoning@0")
    page.goto("/")
    say(page, "Think a little", model="sandbox-reasoning@0")
    finished(page)
    return page


def test_an_answer_is_inspected_and_its_address_opens_the_same_again(answered):
    page = answered
    panel = inspect(page)
    expect(panel).to_contain_text("First token after")
    run = page.locator("#inspector").get_attribute("data-run")
    assert page.url.endswith(f"#wire-{run}")
    page.locator("#tab-usage").click()
    expect(panel).to_contain_text("reported by the upstream")
    page.reload()
    expect(page.locator("#tab-usage")).to_have_attribute("aria-selected", "true")
    expect(panel).to_contain_text("reported by the upstream")
    page.locator("#tab-parameters").click()
    expect(page.locator("#panel-parameters")).to_be_visible()
    expect(panel).to_be_hidden()
    assert "#" not in page.url


def test_the_tabs_are_chosen_by_arrow_keys(answered):
    page = answered
    inspect(page)
    expect(page.locator("#tab-wire")).to_be_focused()
    for key, name in (("ArrowRight", "code"), ("End", "usage"), ("ArrowRight", "parameters"), ("ArrowLeft", "usage")):
        page.keyboard.press(key)
        expect(page.locator(f"#tab-{name}")).to_be_focused()
        expect(page.locator(f"#tab-{name}")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#panel-run")).to_contain_text("First token")


def test_events_are_opened_filtered_copied_and_downloaded(answered):
    page = answered
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel = inspect(page)
    grouped = rows(page).count()
    panel.get_by_text("All", exact=True).click()
    expect(rows(page).nth(grouped + 5)).to_be_visible()
    panel.locator("[name=type]").select_option("usage")
    expect(rows(page)).to_have_count(1)
    rows(page).locator("summary").click()
    expect(rows(page).locator(".event__body")).to_contain_text("total_tokens")
    rows(page).locator("[data-copy-url]").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('data: {')")
    panel.locator("[name=type]").select_option("")
    panel.locator("[name=words]").fill("[DONE]")
    expect(rows(page)).to_have_count(1)
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download the reply as it came").click()
    assert download.value.suggested_filename.endswith(".sse")
    assert download.value.path().read_bytes().endswith(b"data: [DONE]\n\n")
    with page.expect_download() as download:
        panel.get_by_role("link", name="as HAR").click()
    assert json.loads(download.value.path().read_text())["log"]["entries"]


def test_a_group_of_events_is_opened_into_its_events(answered):
    page = answered
    inspect(page)
    group = rows(page).filter(has_text="×").first
    group.locator("> details > summary").click()
    expect(group.locator(".event__body .event").first).to_be_visible()
    group.locator(".event__body .event > details > summary").first.click()
    expect(group.locator(".event__body .event .code").first).to_contain_text("choices")


def test_code_is_shown_in_the_language_that_was_chosen_last_and_copied(answered):
    page = answered
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel = inspect(page)
    page.locator("#tab-code").click()
    expect(panel.locator("pre")).to_contain_text("curl --no-buffer")
    panel.get_by_text("Python", exact=True).click()
    panel.locator("[name=client]").select_option("sdk")
    expect(panel.locator("pre")).to_contain_text("from openai import OpenAI")
    panel.get_by_role("button", name="Copy").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('import os')")
    page.locator("#tab-wire").click()
    expect(panel.locator(".wire-line")).to_be_visible()
    page.locator("#tab-code").click()
    expect(panel.locator("pre")).to_contain_text("from openai import OpenAI")


def test_while_an_answer_is_written_its_tab_waits_and_fills_by_itself(page, server):
    offer(server, "sandbox-count-60-20")
    page.goto("/")
    say(page, "Count", model="sandbox-count-60-20")
    writing(page)
    page.locator("#tab-wire").click()
    panel = page.locator("#panel-run")
    expect(panel).to_contain_text("This fills by itself when it has ended.")
    finished(page)
    expect(panel).to_contain_text("First token after")


def test_a_run_on_its_own_page_is_followed_to_its_end(page, server):
    offer(server, "sandbox-count-60-20")
    page.goto("/")
    say(page, "Count", model="sandbox-count-60-20")
    run = writing(page).get_attribute("data-run")
    page.goto(f"/runs/{run}/")
    expect(page.locator("#answer .prose")).to_contain_text(re.compile(r"\w+"))
    expect(page.locator("#panel-run")).to_contain_text("First token after", timeout=30_000)
    expect(page.locator("#answer")).to_have_attribute("data-state", "completed")
    expect(page.locator("#answer")).to_contain_text("tok/s")
    page.locator("#tab-parameters").click()
    expect(page.locator("#panel-run")).to_contain_text("sandbox-count-60-20")
    assert page.url.endswith(f"/runs/{run}/?tab=parameters")


def test_on_a_wide_page_of_its_own_a_request_stands_beside_its_events_and_is_sent_again(answered, assert_accessible):
    page = answered
    run = answers(page).last.get_attribute("data-run")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"/runs/{run}/")
    request, response = (page.get_by_role("region", name=name, exact=True) for name in ("Request", "Response"))
    expect(request.get_by_text('"messages"')).to_be_visible()
    left, right = request.bounding_box(), response.bounding_box()
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 1
    assert page.evaluate(WIDE) == []
    assert_accessible(page)
    page.get_by_role("button", name="Send again").click()
    expect(page).not_to_have_url(re.compile(run))
    expect(page.locator("#answer")).to_have_attribute("data-state", "completed", timeout=30_000)
    expect(page.locator("#panel-run")).to_contain_text("First token after")
    page.get_by_role("link", name="To the conversation").click()
    expect(page.get_by_role("group", name="Versions of this answer")).to_contain_text("2/2")
    inspect(page).get_by_role("button", name="Send again").click()
    expect(page.get_by_role("group", name="Versions of this answer")).to_contain_text("3/3")
    finished(page)


def test_failed_and_stopped_runs_are_inspected_like_any_other(page, server):
    offer(server, "fault-401", "fault-endless")
    page.goto("/")
    say(page, "Hello", model="fault-401")
    finished(page)
    expect(inspect(page)).to_contain_text("Sandbox refused the key (401)")
    page.goto("/")
    say(page, "Go on", model="fault-endless")
    writing(page)
    page.keyboard.press("Escape")
    finished(page)
    expect(inspect(page)).to_contain_text("delta.content")


def test_the_settings_of_the_conversation_are_still_saved_from_their_tab_and_only_from_there(answered):
    page = answered
    inspect(page)
    page.locator("#tab-parameters").click()
    with page.expect_response("**/settings/"):
        page.locator("#panel-parameters [name=system_prompt]").fill("Be brief.")
        page.locator("#panel-parameters [name=system_prompt]").blur()
    page.reload()
    expect(page.locator("#panel-parameters [name=system_prompt]")).to_have_value("Be brief.")
    posted = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    panel = inspect(page)
    panel.locator("[name=type]").select_option("usage")
    expect(rows(page)).to_have_count(1)
    page.locator("#tab-parameters").click()
    with page.expect_response("**/settings/"):
        page.locator("#panel-parameters [name=system_prompt]").fill("")
        page.locator("#panel-parameters [name=system_prompt]").blur()
    assert len([url for url in posted if url.endswith("/settings/")]) == 1


def test_twenty_thousand_events_are_never_on_the_page_at_once(page, server):
    offer(server, "sandbox-count-20000-0")
    page.goto("/")
    say(page, "Count", model="sandbox-count-20000-0")
    finished(page)
    panel = inspect(page)
    expect(panel.locator(".pane__foot")).to_contain_text(re.compile(r"2\d,?\d{3} events"))
    assert rows(page).count() < 20
    panel.get_by_text("All", exact=True).click()
    expect(rows(page)).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(rows(page)).to_have_count(100)


def hostile_prompt() -> str:
    return "\n\n".join(text for text in map(storable, TEXTS.values()) if text.strip())[:60_000]


def test_hostile_text_is_only_shown_in_every_tab(page, server, complaints):
    watch(page, complaints, server.url)
    offer(server, "sandbox-echo@8000")
    page.goto("/")
    choose(page, "sandbox-echo@8000")
    page.locator("#inspector [name=system_prompt]").fill("</textarea><script>owned()</script>")
    say(page, hostile_prompt())
    finished(page)
    panel = inspect(page)
    panel.get_by_text("Request body").click()
    panel.get_by_text("All", exact=True).click()
    expect(rows(page).nth(40)).to_be_attached()
    rows(page).nth(3).locator("summary").click()
    expect(rows(page).nth(3).locator("pre")).to_be_visible()
    assert_harmless(page)
    page.locator("#tab-code").click()
    for name in ("curl", "Python", "JavaScript", "Java", "Swift"):
        panel.get_by_text(name, exact=True).click()
        expect(panel.locator(".seg__item:has(:checked)")).to_have_text(name)
        expect(panel.locator("pre")).to_contain_text("owned()")
        assert_harmless(page)
    run = page.locator("#inspector").get_attribute("data-run")
    for tab in ("wire", "code", "usage", "parameters"):
        page.goto(f"/runs/{run}/?tab={tab}")
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
        assert_harmless(page)


def test_hostile_errors_are_only_shown(page, server, complaints):
    watch(page, complaints, server.url)
    offer(server, "fault-html")
    page.goto("/")
    say(page, ERROR_BODIES[0].decode(errors="replace"), model="fault-html")
    finished(page)
    expect(inspect(page)).to_contain_text("<!doctype html>")
    assert_harmless(page)


@pytest.mark.parametrize("look", LOOKS)
def test_every_tab_is_for_everybody_in_the_light_in_the_dark_and_on_a_phone(look, new_page, server, assert_accessible):
    offer(server, "sandbox-reasoning@0")
    page = new_page(server.member(), **LOOKS[look])
    page.goto("/")
    say(page, "Think a little", model="sandbox-reasoning@0")
    finished(page)
    panel = inspect(page)
    rows(page).first.locator("summary").click()
    expect(rows(page).first.locator("pre")).to_be_visible()
    run = page.locator("#inspector").get_attribute("data-run")
    for tab in ("wire", "code", "usage", "parameters"):
        page.locator(f"#tab-{tab}").click()
        expect(panel if tab != "parameters" else page.locator("#panel-parameters")).to_be_visible()
        page.wait_for_function(AT_REST)
        assert page.evaluate(WIDE) == []
        assert_accessible(page, "#inspector")
    for tab in ("wire", "parameters"):
        page.goto(f"/runs/{run}/?tab={tab}")
        page.wait_for_function(AT_REST)
        assert page.evaluate(WIDE) == []
        assert_accessible(page)


def test_on_a_phone_the_inspector_is_a_sheet_that_comes_and_goes(phone_page, server):
    page = phone_page
    offer(server, "sandbox-reasoning@0")
    page.goto("/")
    say(page, "Think a little", model="sandbox-reasoning@0")
    finished(page)
    expect(page.locator("#inspector")).to_be_hidden()
    inspect(page)
    page.wait_for_function(AT_REST)
    box = page.locator("#inspector").bounding_box()
    assert box["width"] == 390 and box["y"] > 50 and box["y"] + box["height"] == 844
    page.get_by_role("button", name="Close inspector").click()
    expect(page.locator("#inspector")).to_be_hidden()
