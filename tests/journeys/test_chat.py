"""The main job, as a person does it: ask, read, reload, stop, go back, go on."""

import re

from playwright.sync_api import expect

from tests.media import files

from .chatting import LONG, answers, choose, finished, pick, say, writing

TO_THE_END = (
    "() => { const e = document.querySelector('#scroll'); return e.scrollHeight - e.scrollTop - e.clientHeight }"
)


def test_a_first_prompt_becomes_a_kept_conversation(page):
    page.goto("/")
    say(page, "The quick brown fox", "sandbox-echo")
    expect(finished(page)).to_contain_text("The quick brown fox")
    expect(page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    expect(page.locator("#history .list__item").first).to_be_visible()
    page.reload()
    expect(finished(page)).to_contain_text("The quick brown fox")


def test_a_reload_in_the_middle_of_an_answer_loses_and_repeats_nothing(page):
    page.goto("/")
    say(page, "count", "sandbox-count-200-50")
    writing(page)
    page.reload()
    writing(page)
    page.reload()
    numbers = re.findall(r"\d+", finished(page).locator(".turn__body").inner_text())
    assert numbers == [str(n) for n in range(int(numbers[0]), int(numbers[0]) + len(numbers))]
    assert len(numbers) >= 200


def test_two_tabs_see_the_same_answer_as_it_is_written(page):
    page.goto("/")
    say(page, "slowly", "sandbox-slow")
    writing(page)
    other = page.context.new_page()
    other.goto(page.url)
    writing(other)
    first, second = finished(page), finished(other)
    assert first.locator(".turn__body").inner_html() == second.locator(".turn__body").inner_html()


def test_a_second_tab_hears_of_a_new_turn(page):
    page.goto("/")
    say(page, "one", "sandbox-echo")
    finished(page)
    other = page.context.new_page()
    other.goto(page.url)
    finished(other)
    say(page, "two")
    expect(finished(page, 2)).to_contain_text("two")
    expect(finished(other, 2)).to_contain_text("two")


def test_stop_keeps_the_text_and_works_from_another_tab(page):
    page.goto("/")
    say(page, "on and on", "fault-endless")
    writing(page)
    other = page.context.new_page()
    other.goto(page.url)
    writing(other).locator("[data-stop]").click()
    expect(finished(page)).to_contain_text("Stopped")
    assert finished(page).locator(".prose").inner_text().strip()
    assert finished(other).locator(".prose").inner_text() == finished(page).locator(".prose").inner_text()


def test_a_retry_and_an_edited_prompt_are_versions_and_nothing_is_thrown_away(page):
    page.goto("/")
    say(page, "first words", "sandbox-echo")
    finished(page).locator('.turn__actions [type="submit"]').click()
    expect(finished(page).locator(".branch")).to_contain_text("2/2")
    finished(page).locator(".branch button").first.click()
    expect(finished(page).locator(".branch")).to_contain_text("1/2")
    prompt = page.locator("#thread > .turn--user").first
    prompt.locator("[data-edit]").click()
    prompt.locator("textarea").fill("second words")
    prompt.locator('[type="submit"]').click()
    expect(page.locator("#thread > .turn--user").first.locator(".turn__bubble")).to_have_text("second words")
    expect(finished(page)).to_contain_text("second words")
    page.locator("#thread > .turn--user .branch button").first.click()
    expect(page.locator("#thread > .turn--user").first.locator(".turn__bubble")).to_have_text("first words")
    expect(finished(page).locator(".branch")).to_contain_text("/2")


def test_a_failed_answer_says_what_happened_and_can_be_retried_with_another_model(page):
    page.goto("/")
    say(page, "hello", "fault-500")
    failed = finished(page)
    expect(failed.locator(".notice")).to_be_visible()
    failed.locator(".notice [data-pick]").click()
    pick(page, "sandbox-echo")
    expect(finished(page).locator(".prose")).to_contain_text("hello", timeout=LONG)


def test_enter_does_not_send_while_an_input_method_composes(page):
    page.goto("/")
    choose(page, "sandbox-echo")
    box = page.locator("#message")
    box.click()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    box.evaluate("e => e.dispatchEvent(new KeyboardEvent('keydown', {key:'Enter', isComposing:true, bubbles:true}))")
    box.evaluate("e => e.dispatchEvent(new KeyboardEvent('keydown', {key:'Enter', keyCode:229, bubbles:true}))")
    assert page.locator("#thread .turn--user").count() == 0
    cdp.send("Input.insertText", {"text": "你好"})
    expect(box).to_have_value("你好")
    box.press("Shift+Enter")
    expect(box).to_have_value("你好\n")
    box.press("Enter")
    expect(finished(page)).to_contain_text("你好")


def test_a_draft_survives_a_reload_and_is_gone_when_sent(page):
    page.goto("/")
    with page.expect_response("**/draft/"):
        page.locator("#message").press_sequentially("half a thought")
    page.reload()
    expect(page.locator("#message")).to_have_value("half a thought")
    choose(page, "sandbox-echo")
    page.locator("#message").press("Enter")
    finished(page)
    page.goto("/")
    expect(page.locator("#message")).to_have_value("")


def test_a_refused_prompt_gives_its_text_back(page, complaints):
    complaints.tolerate("status of 422")
    page.goto("/")
    choose(page, "sandbox-echo")
    page.evaluate("document.querySelector('#model').value = '00000000-0000-0000-0000-000000000000'")
    say(page, "do not lose me")
    expect(page.locator("#composer-error")).to_contain_text("model")
    expect(page.locator("#message")).to_have_value("do not lose me")
    expect(page.locator("#thread .turn")).to_have_count(0)


def test_the_composer_grows_with_what_is_typed_to_a_limit_and_shrinks_again(page):
    page.goto("/")
    composer = page.locator("#message")
    one, heights = composer.bounding_box()["height"], []
    for lines in (6, 200, 1):
        composer.fill("\n".join(["a line"] * lines))
        heights.append(composer.bounding_box()["height"])
    assert one < heights[0] < heights[1] < page.viewport_size["height"] / 2
    assert heights[2] == one


def test_a_pasted_megabyte_is_sent_and_answered(page):
    page.goto("/")
    choose(page, "sandbox-markdown")
    page.locator("#message").fill("word " * 200_000)
    page.locator("#message").press("Enter")
    finished(page)


def test_the_reader_who_scrolls_up_is_left_alone_and_can_return_to_the_end(page):
    page.goto("/")
    say(page, "a long one", "sandbox-long")
    running = writing(page)
    page.wait_for_function("() => document.querySelector('#scroll').scrollTop > 600")
    page.locator("#scroll").hover()
    page.mouse.wheel(0, -400)
    page.wait_for_function("() => !document.querySelector('[data-to-latest]').hidden")
    page.wait_for_function(
        "() => new Promise(done => { const e = document.querySelector('#scroll'), was = e.scrollTop;"
        " setTimeout(() => done(e.scrollTop === was), 200) })"
    )
    place = page.locator("#scroll").evaluate("e => e.scrollTop")
    before = running.locator(".turn__body").evaluate("e => e.textContent.length")
    page.wait_for_function(
        "n => document.querySelector('#thread .turn--assistant .turn__body').textContent.length > n + 300", arg=before
    )
    assert abs(page.locator("#scroll").evaluate("e => e.scrollTop") - place) < 50
    page.locator("[data-to-latest]").click()
    page.wait_for_function(f"() => ({TO_THE_END})() < 80")
    page.locator("[data-stop]").first.click()
    finished(page)


def test_parameters_are_sent_only_when_set_and_kept(page):
    page.goto("/")
    choose(page, "sandbox-echo")
    page.locator('[name="p.temperature"]').fill("0.4")
    say(page, "warm")
    finished(page)
    page.reload()
    expect(page.locator('[name="p.temperature"]')).to_have_value("0.4")


def test_the_keyboard_is_enough(page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#composer [popovertarget=model-picker]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("sandbox-echo")
    page.keyboard.press("Enter")
    expect(page.locator("#model-name")).to_have_text("sandbox-echo")
    page.locator("#message").focus()
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    expect(finished(page)).to_contain_text("typed")
    assert answers(page).count() == 1


def test_copy_gives_the_source_of_an_answer_and_the_text_of_a_code_block(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    say(page, "code please", "sandbox-code")
    answer = finished(page)
    answer.locator("[data-copy]").first.click()
    code = answer.locator("pre code").first.inner_text().strip()
    page.wait_for_function("async t => (await navigator.clipboard.readText()).trim() === t", arg=code)
    answer.locator("[data-copy-url]").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('```')")


def test_copy_works_on_plain_http_too(page):
    """There a browser has no clipboard API: what is copied is seen by the page's own event."""
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value })"
    )
    page.goto("/")
    say(page, "code please", "sandbox-code")
    answer = finished(page)
    button = answer.locator("[data-copy]").first
    button.click()
    page.wait_for_function(
        "t => window.copied?.trim() === t", arg=answer.locator("pre code").first.inner_text().strip()
    )
    expect(button).to_have_attribute("data-done", "true")
    expect(page.locator(".copy-source")).to_have_count(0)


def test_a_picture_elsewhere_is_asked_for_by_a_click_alone_and_by_the_server(page, complaints):
    complaints.tolerate("status of 403")
    asked = []
    page.on("request", lambda request: "lighthouse" in request.url and asked.append(request.url))
    page.goto("/")
    say(page, "![a lighthouse](http://127.0.0.1/lighthouse.png)", "sandbox-echo")
    link = finished(page).locator("a.remote-image")
    expect(link).to_contain_text("a lighthouse")
    assert asked == []
    link.click()
    expect(link).to_have_attribute("data-state", "error")
    page.route("**/remote-image/**", lambda route: route.fulfill(body=files.picture("PNG"), content_type="image/png"))
    page.reload()
    finished(page).locator("a.remote-image").click()
    shown = finished(page).locator("img[alt*=lighthouse]")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 40
    assert [url.partition("?")[0] for url in asked] == [page.url.partition("/c/")[0] + "/remote-image/"] * 2


def test_a_conversation_is_renamed_pinned_archived_and_deleted(page):
    page.goto("/")
    say(page, "about otters", "sandbox-echo")
    finished(page)
    history, menu = page.locator("#history"), page.locator("#chat-menu")

    def chosen(name: str) -> None:
        page.locator("#chat-menu-button").click()
        menu.get_by_role("button", name=name, exact=True).click()

    chosen("Rename")
    page.locator('[data-rename] [name="title"]').fill("Sea otters")
    page.locator('[data-rename] [name="title"]').press("Enter")
    expect(history.locator("[aria-current]")).to_have_text("Sea otters")
    chosen("Pin")
    expect(history).to_contain_text("Pinned")
    chosen("Archive")
    expect(history).not_to_contain_text("Sea otters")
    history.get_by_text("Archive").click()
    expect(history).to_contain_text("Sea otters")
    with page.expect_response("**/archive/"):
        chosen("Move out of the archive")
    page.reload()
    expect(history.locator("[aria-current]")).to_have_text("Sea otters")
    chosen("Delete…")
    gone = page.url
    page.locator("#delete-dialog [type=submit]").click()
    expect(page).to_have_url(re.compile("/$"))
    expect(history).not_to_contain_text("Sea otters")
    assert page.request.get(gone).status == 404
