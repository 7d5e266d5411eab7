"""Files, as a person handles them: attached, dropped, pasted, sent, shown, and brought back by an answer."""

import base64
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.hostile.corpus import NAMES
from tests.media import files

from .chatting import LONG, choose, finished, offer, say
from .conftest import LOOKS
from .harmless import assert_harmless, watch

LARGE = b"line of text\n" * 250_000
WIDE = """
() => ['html', 'body', '.main', '.main .scroll', '.composer', '.file-chip', '.turn__files'].flatMap((place) =>
  [...document.querySelectorAll(place)].filter((e) => e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${place}: ${e.scrollWidth} > ${e.clientWidth}`))
"""
BRING = """
([type, list]) => {
  const transfer = new DataTransfer();
  for (const [name, kind, data] of list)
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: kind }));
  const target = document.querySelector(type === "paste" ? "#message" : "#thread");
  const fields = { bubbles: true, cancelable: true };
  target.dispatchEvent(type === "paste"
    ? new ClipboardEvent("paste", { ...fields, clipboardData: transfer })
    : new DragEvent(type, { ...fields, dataTransfer: transfer }));
}
"""


def given(name: str, data: bytes, kind="image/png") -> dict:
    return {"name": name, "mimeType": kind, "buffer": data}


def attach(page: Page, *sent: dict) -> None:
    page.locator("#composer [data-files]").set_input_files(list(sent))


def bring(page: Page, how: str, *sent: dict) -> None:
    """By drop or paste, as the browser tells of them."""
    page.evaluate(
        BRING, [how, [[one["name"], one["mimeType"], base64.b64encode(one["buffer"]).decode()] for one in sent]]
    )


def chips(page: Page) -> Locator:
    return page.locator("#attachments [data-chip]")


def send_button(page: Page) -> Locator:
    return page.locator(".composer__send")


@pytest.fixture
def slow(page):
    """Makes what goes up crawl, and lets it go again."""
    cdp = page.context.new_cdp_session(page)

    def limit(bytes_a_second: int) -> None:
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        cdp.send("Network.emulateNetworkConditions", conditions)

    return limit


def test_files_are_attached_sent_and_shown_and_stay_after_a_reload(page):
    page.goto("/")
    choose(page, "sandbox-attachments")
    attach(page, given("red.png", files.picture()), given("paper.pdf", files.pdf(), "application/pdf"))
    expect(chips(page)).to_have_count(2)
    expect(chips(page).first.locator("img")).to_have_js_property("complete", True)
    say(page, "What is this?")
    answer = finished(page)
    expect(answer).to_contain_text("image/png")
    expect(answer).to_contain_text("application/pdf")
    expect(chips(page)).to_have_count(0)
    for _time in range(2):
        turn = page.locator(".turn--user").first
        expect(turn.locator(".attachment--image img")).to_have_js_property("naturalWidth", 40)
        expect(turn.locator(".attachment", has_text="paper.pdf")).to_be_visible()
        page.reload()


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_what_is_dropped_or_pasted_is_attached(page, how):
    page.goto("/")
    expect(page.locator("#thread")).to_be_attached()
    if how == "drop":
        bring(page, "dragover", given("a.png", files.picture()))
        expect(page.locator("#composer .composer")).to_have_attribute("data-state", "over")
    bring(page, how, given("a.png", files.picture()), given("b.wav", files.wav(), "audio/wav"))
    expect(chips(page)).to_have_count(2)
    assert page.locator("#composer .composer").get_attribute("data-state") is None


def test_words_that_bring_a_picture_of_themselves_are_pasted_as_words(page):
    page.goto("/")
    page.evaluate(
        BRING.replace("const target", "transfer.setData('text/plain', 'a\\tb');\nconst target", 1), ["paste", []]
    )
    expect(chips(page)).to_have_count(0)
    expect(page.locator("#attachments [data-uploading]")).to_have_count(0)


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(page, slow):
    page.goto("/")
    slow(200_000)
    attach(page, given("long.txt", LARGE, "text/plain"))
    chip = page.locator("#attachments [data-uploading]")
    page.wait_for_function("() => document.querySelector('#attachments progress').value > 0", timeout=LONG)
    assert chip.locator("progress").evaluate("bar => bar.value") < 1
    chip.get_by_role("button", name="Remove long.txt").click()
    expect(page.locator("#attachments li")).to_have_count(0)
    expect(page.locator("#message")).to_be_focused()
    slow(-1)
    page.reload()
    expect(chips(page)).to_have_count(0)


def test_send_waits_for_what_goes_up_and_says_so(page, slow):
    page.goto("/")
    choose(page, "sandbox-attachments")
    slow(400_000)
    attach(page, given("long.txt", LARGE, "text/plain"))
    expect(send_button(page)).to_have_attribute("aria-label", "Waiting for the files")
    say(page, "read this")
    expect(page.locator("#thread .turn")).to_have_count(0)
    expect(page.locator("#message")).to_have_value("read this")
    slow(-1)
    expect(chips(page)).to_have_count(1, timeout=LONG)
    expect(send_button(page)).to_have_attribute("aria-label", "Send")
    page.locator("#message").press("Enter")
    expect(finished(page)).to_contain_text("line of text")


def test_a_file_that_is_refused_says_why_and_blocks_nothing_but_send(page, complaints):
    complaints.tolerate("status of 422")
    page.goto("/")
    choose(page, "sandbox-attachments")
    attach(page, given("evil.svg", files.SVG, "image/svg+xml"), given("good.png", files.picture()))
    failed = page.locator('#attachments [data-state="error"]')
    expect(failed).to_contain_text("HTML and SVG")
    expect(chips(page)).to_have_count(1)
    expect(send_button(page)).to_have_attribute("aria-label", re.compile("Remove the file"))
    page.locator("#message").fill("still typing")
    attach(page, given("more.txt", b"more", "text/plain"))
    expect(chips(page)).to_have_count(2)
    failed.get_by_role("button", name="Remove evil.svg").click()
    page.locator("#message").press("Enter")
    expect(finished(page)).to_contain_text("image/png")


def test_a_file_that_did_not_arrive_can_be_tried_again(page, complaints):
    complaints.tolerate("ERR_INTERNET_DISCONNECTED")
    page.goto("/")
    page.context.set_offline(True)
    attach(page, given("a.png", files.picture()))
    failed = page.locator('#attachments [data-state="error"]')
    expect(failed).to_contain_text("did not arrive")
    page.context.set_offline(False)
    failed.get_by_role("button", name="Try again: a.png").click()
    expect(chips(page)).to_have_count(1)


def test_a_file_too_large_is_refused_before_it_goes_up(page):
    page.goto("/")
    page.evaluate("document.querySelector('#uploading-chip').content.querySelector('li').dataset.limit = '0.001'")
    attach(page, given("a.txt", b"x" * 2000, "text/plain"))
    expect(page.locator('#attachments [data-state="error"]')).to_contain_text("larger than")


def test_the_draft_keeps_its_files_over_a_reload_until_they_are_taken_away(page):
    page.goto("/")
    attach(page, given("a.png", files.picture()))
    expect(chips(page)).to_have_count(1)
    page.reload()
    expect(chips(page)).to_have_count(1)
    with page.expect_response("**/discard/"):
        chips(page).get_by_role("button", name="Remove a.png").click()
    page.reload()
    expect(page.locator("#attachments")).to_be_attached()
    expect(chips(page)).to_have_count(0)


def test_a_chip_says_at_once_what_the_chosen_model_cannot_take_and_so_does_the_server(page, complaints):
    complaints.tolerate("status of 422")
    page.goto("/")
    choose(page, "sandbox-attachments")
    attach(page, given("a.png", files.picture()))
    expect(chips(page).locator("[data-why]")).to_be_empty()
    choose(page, "sandbox-echo")
    expect(chips(page)).to_contain_text("cannot take it")
    say(page, "look")
    expect(page.locator("#composer-error")).to_contain_text("sandbox-echo cannot take a.png")
    expect(page.locator("#message")).to_have_value("look")
    expect(chips(page)).to_have_count(1)
    choose(page, "sandbox-attachments")
    expect(chips(page).locator("[data-why]")).to_be_empty()
    page.locator("#message").press("Enter")
    expect(finished(page)).to_contain_text("image/png")


def test_files_alone_can_be_sent(page):
    page.goto("/")
    choose(page, "sandbox-attachments")
    attach(page, given("a.png", files.picture()))
    expect(chips(page)).to_have_count(1)
    page.locator("#message").press("Enter")
    expect(finished(page)).to_contain_text("image/png")
    expect(page.locator(".turn--user .turn__bubble")).to_be_hidden()


def test_an_edited_prompt_keeps_its_files_or_gets_others(page):
    page.goto("/")
    choose(page, "sandbox-attachments")
    attach(page, given("a.png", files.picture()), given("b.txt", b"words", "text/plain"))
    expect(chips(page)).to_have_count(2)
    say(page, "look")
    finished(page)
    turn = page.locator(".turn--user").first
    form = turn.locator("[data-edit-form]")
    turn.locator("[data-edit]").click()
    form.get_by_role("button", name="Remove a.png").click()
    form.locator("[data-edit-cancel]").click()
    turn.locator("[data-edit]").click()
    expect(form.locator("[data-chip]")).to_have_count(2)
    form.get_by_role("button", name="Remove a.png").click()
    form.locator("[data-files]").set_input_files([given("c.pdf", files.pdf(), "application/pdf")])
    expect(form.locator("[data-chip]")).to_have_count(2)
    form.locator('[type="submit"]').click()
    expect(page.locator(".turn--user .branch")).to_contain_text("2/2")
    answer = finished(page)
    expect(answer).to_contain_text("application/pdf")
    expect(answer).not_to_contain_text("image/png")


def test_an_image_of_an_answer_is_kept_and_can_be_edited(page):
    page.goto("/")
    say(page, "paint", "sandbox-images")
    for _time in range(2):
        image = finished(page).locator(".figure img")
        expect(image).to_have_attribute("src", re.compile("^/assets/"))
        expect(image).to_have_js_property("naturalWidth", 160)
        page.reload()
    choose(page, "sandbox-attachments")
    page.get_by_role("button", name="Edit this image").click()
    expect(chips(page)).to_have_count(1)
    expect(page.locator("#message")).to_be_focused()
    page.get_by_role("button", name="Edit this image").click()
    say(page, "make it night")
    expect(finished(page, 2)).to_contain_text("160 × 100 pixels")


def test_sound_of_an_answer_is_played_as_it_comes_where_it_was_asked_for(page, server):
    offer(server, "sandbox-audio@5")  # slow enough to be heard on its way, however busy the machine is
    page.goto("/")
    page.evaluate("""() => {
      window.played = 0;
      const start = AudioBufferSourceNode.prototype.start;
      AudioBufferSourceNode.prototype.start = function (...at) {
        window.played += this.buffer.duration;
        start.apply(this, at);
      };
    }""")
    say(page, "sing", "sandbox-audio@5")
    answer = finished(page)
    expect(answer.locator("audio")).to_have_js_property("readyState", 4, timeout=LONG)
    expect(answer).to_contain_text("This is how an A sounds.")
    length = answer.locator("audio").evaluate("player => player.duration")
    assert page.evaluate("window.played") == pytest.approx(length, abs=0.05)
    page.reload()
    expect(finished(page).locator("audio")).to_have_js_property("readyState", 4, timeout=LONG)


def test_who_has_muted_the_page_hears_nothing(page):
    page.goto("/")
    page.evaluate("""() => {
      localStorage.setItem("muted", "true");
      window.played = 0;
      AudioBufferSourceNode.prototype.start = () => { window.played += 1; };
    }""")
    say(page, "sing", "sandbox-audio")
    expect(finished(page).locator("audio")).to_be_visible()
    assert page.evaluate("window.played") == 0


def test_hostile_names_of_files_are_names_wherever_they_stand(page, complaints, server):
    watch(page, complaints, server.url)
    page.goto("/")
    choose(page, "sandbox-attachments")
    named = [name.replace("\0", "")[:200] for name in NAMES]
    attach(page, *(given(name, f"text {number}".encode(), "text/plain") for number, name in enumerate(named)))
    expect(chips(page)).to_have_count(len(named), timeout=LONG)
    say(page, "look")
    finished(page)
    assert_harmless(page)
    page.reload()
    expect(page.locator(".turn--user .attachment")).to_have_count(len(named))
    assert_harmless(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_files_are_usable_by_everybody(new_page, server, assert_accessible, complaints, look):
    complaints.tolerate("status of 422")
    page = new_page(server.member(), **look)
    page.goto("/")
    choose(page, "sandbox-attachments")
    sent = [given("a.png", files.picture()), given("a.wav", files.wav(), "audio/wav"), given("a.pdf", files.pdf())]
    attach(page, *sent, given("film.mp4", files.mp4(), "video/mp4"))
    expect(chips(page)).to_have_count(4)
    say(page, "look")
    finished(page)
    say(page, "paint", "sandbox-images")
    finished(page, 2)
    say(page, "sing", "sandbox-audio")
    finished(page, 3)
    attach(page, *sent[:2], given("evil.svg", files.SVG))
    expect(chips(page)).to_have_count(2)
    expect(page.locator('#attachments [data-state="error"]')).to_be_visible()
    assert_accessible(page, "#composer, #thread")
    assert page.evaluate(WIDE) == []


def test_the_keyboard_is_enough_to_attach_and_take_away(page):
    page.goto("/")
    asked = "document.querySelector('#composer [data-files]').addEventListener('click', () => { window.asked = true; })"
    page.evaluate(asked)
    page.get_by_role("button", name="Attach files").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.asked")
    attach(page, given("a.png", files.picture()), given("b.png", files.picture(colour="blue")))
    expect(chips(page)).to_have_count(2)
    expect(page.locator("#live")).to_contain_text("is attached")
    chips(page).first.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_count(1)
    expect(chips(page).get_by_role("button")).to_be_focused()
