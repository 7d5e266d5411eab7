"""Images, from the form to the result and on from there, as a person does it."""

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES
from tests.media import files
from tests.processes import wait_until

from .conftest import LOOKS
from .harmless import assert_harmless, watch
from .studio import LONG, ask, choose_model, choose_task, ended, give, jobs, offer_maker, open_studio


def test_a_prompt_becomes_pictures_which_go_on_as_reference_and_under_a_mask(page, server):
    open_studio(page, "images", "sandbox-image")
    page.locator('[name="p.n"]').fill("2")
    card = ended(ask(page, "A green bottle"))
    expect(card.locator(".card img")).to_have_count(2)
    page.reload()
    expect(page.locator("#prompt")).to_have_value("A green bottle")
    expect(page.locator('[name="p.n"]')).to_have_value("2")
    card.locator("[popovertarget]").first.click()
    with page.expect_response(lambda reply: reply.url.endswith("/use/")):
        card.get_by_role("button", name="Edit", exact=True).first.click()
    expect(page.locator('[data-slot="image"] [data-chip]')).to_have_count(1)
    expect(page.locator("#prompt")).to_be_focused()
    paint(page)
    edited = ended(ask(page, "Make it blue"))
    expect(edited.locator(".card img")).to_have_count(2)
    inspect(page, edited)


def paint(page: Page) -> None:
    """A stroke, one more that is taken back, and the mask goes up."""
    page.get_by_role("button", name="Paint the mask").click()
    canvas = page.locator("[data-mask] canvas")
    page.wait_for_function("() => document.querySelector('[data-mask] canvas').width === 1024")
    box = canvas.bounding_box()
    for stroke in (40, 120):
        page.mouse.move(box["x"] + stroke, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + stroke + 60, box["y"] + 90, steps=3)
        page.mouse.up()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Use this mask").click()
    chip = page.locator('[data-slot="mask"] [data-chip]')
    expect(chip).to_have_count(1)
    sides = page.evaluate(
        """async (id) => {
          const image = new Image();
          image.src = `/assets/${id}/mask`;
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          const { data } = pen.getImageData(0, 0, image.width, image.height);
          let clear = 0;
          for (let at = 3; at < data.length; at += 4) clear += data[at] === 0;
          return [image.width, image.height, clear];
        }""",
        chip.get_attribute("data-chip"),
    )
    assert sides[:2] == [1024, 1024]
    assert 1000 < sides[2] < 100_000


def inspect(page: Page, card) -> None:
    """The job's own page: the request as it was sent, as code with its files, and what it used."""
    card.get_by_role("link", name="Inspect").click()
    panel = page.locator("#panel-run")
    expect(panel).to_contain_text("/v1/images/edits")
    expect(panel).to_contain_text("mask.png")
    page.get_by_role("tab", name="Code").click()
    expect(panel.locator(".code-page pre")).to_contain_text("-F 'mask=@\"mask.png\";type=image/png'")
    page.get_by_role("tab", name="Usage").click()
    expect(panel).to_contain_text("Call 1")
    expect(page).to_have_url(re.compile(r"\?tab=usage$"))


def test_partial_pictures_show_while_they_come_in_two_tabs_and_after_a_reload(page, server):
    offer_maker(server, "images", "sandbox-image-stream-6s")
    open_studio(page, "images", "sandbox-image-stream-6s")
    other = page.context.new_page()
    other.goto("/studio/images/")
    page.locator("#studio-body summary").click()
    page.locator('[name="p.partial_images"]').fill("3")
    card = ask(page, "A fox")
    there = other.locator(f"#{card.get_attribute('id')}")
    for place in (card, there):
        expect(place.locator(".job__thumb img")).to_be_visible(timeout=LONG)
    page.reload()
    expect(card.locator(".job__thumb img")).to_be_visible(timeout=LONG)
    for place in (card, there):
        expect(ended(place).locator(".card img")).to_have_count(1)
    other.close()


def test_a_job_that_ends_while_the_socket_is_cut_is_shown_once_it_is_back(page, server, complaints):
    sockets, is_cut = [], threading.Event()

    def relay(socket) -> None:
        sockets.append(socket)
        socket.close(code=1001) if is_cut.is_set() else socket.connect_to_server()

    page.route_web_socket("**/ws/", relay)
    offer_maker(server, "images", "sandbox-image-4s")
    open_studio(page, "images", "sandbox-image-4s")
    card = ask(page, "A fox")
    is_cut.set()
    sockets[-1].close(code=1001)
    expect(page.locator("[data-connection=lost]").first).to_be_visible(timeout=LONG)
    status = (
        f"from apps.media.jobs.models import Job; print(Job.objects.get(pk='{card.get_attribute('data-job')}').status)"
    )
    wait_until(lambda: server.shell(status).strip() == "succeeded", "the job ends", 30)
    expect(card).to_have_attribute("data-open", "")
    is_cut.clear()
    expect(ended(card).locator(".card img")).to_have_count(1)


def test_what_is_wrong_is_said_at_its_field_before_anything_is_sent(page, complaints):
    complaints.tolerate("status of 422")
    open_studio(page, "images", "sandbox-image")
    page.locator("#prompt").fill("")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("#error-prompt")).to_have_text("Write a prompt first.")
    expect(page.locator("#prompt")).to_be_focused()
    page.locator("#prompt").press_sequentially("A")
    expect(page.locator("#error-prompt")).to_have_count(0)
    choose_task(page, "Edit")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator('[data-slot="image"] .field__error')).to_contain_text("A file is needed")
    expect(jobs(page)).to_have_count(0)


def test_files_are_dropped_and_pasted_where_they_fit_and_stay_when_the_model_changes(page):
    open_studio(page, "images", "sandbox-image")
    choose_task(page, "Edit")
    give(page, "image", "a.png", files.picture())
    bring(page, "drop", "b.png")
    bring(page, "paste", "c.png")
    chips = page.locator('[data-slot="image"] [data-chip]')
    expect(chips).to_have_count(3)
    choose_model(page, "sandbox-image-url")
    expect(chips).to_have_count(3)
    chips.first.get_by_role("button").click()
    expect(page.locator("#slot-image")).to_contain_text("2 of")
    with page.expect_response(lambda reply: reply.url.endswith("/keep/")):
        page.locator("#prompt").press_sequentially(".")
    page.reload()
    expect(chips).to_have_count(2)


def bring(page: Page, how: str, name: str) -> None:
    colour = {"b.png": "blue", "c.png": "green"}[name]
    page.evaluate(
        """([how, name, bytes]) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
          const fields = { bubbles: true, cancelable: true };
          document.getElementById("prompt").dispatchEvent(how === "paste"
            ? new ClipboardEvent(how, { ...fields, clipboardData: files })
            : new DragEvent(how, { ...fields, dataTransfer: files }));
        }""",
        [how, name, list(files.picture(colour=colour))],
    )


def test_a_failure_is_told_the_prompt_comes_back_to_be_changed_and_the_job_goes(page, server):
    open_studio(page, "images", "fault-image-moderated")
    card = ended(ask(page, "Something forbidden"), "error")
    expect(card.locator(".job__error")).to_contain_text(re.compile(r"\w+"))
    choose_model(page, "sandbox-image")
    page.locator("#prompt").fill("Something else")
    card.get_by_role("button", name="Edit and send again").click()
    expect(page.locator("#prompt")).to_have_value("Something forbidden")
    expect(page.locator("#studio-model option:checked")).to_have_text("fault-image-moderated")
    page.once("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Delete").click()
    expect(jobs(page)).to_have_count(0)


def test_a_page_that_nobody_looks_at_says_in_its_title_and_a_notification_that_a_job_has_ended(page, server):
    offer_maker(server, "images", "sandbox-image-4s")
    page.context.grant_permissions(["notifications"])
    page.add_init_script(
        "window.told = [];"
        "window.Notification = class extends Notification {"
        "  constructor(title, { body }) { super(title, { body }); window.told.push([title, body]); }"
        "};"
        "window.turned = new Set();"
        "new MutationObserver((changes) => changes.forEach(({ target }) => window.turned.add(target.type)))"
        "  .observe(document, { subtree: true, attributeFilter: ['aria-busy'] });"
    )
    open_studio(page, "images", "sandbox-image-4s")
    card = ask(page, "A fox")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    ended(card)
    expect(page).to_have_title("(1) Images · Playground")
    expect(page.locator("#live")).to_have_text("Images: Done")
    assert page.evaluate("window.told") == [["Images: Done", "A fox"]]
    assert page.evaluate("[...window.turned]") == ["submit"], "the card's own requests turned no button"
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("Images · Playground")


def test_hostile_words_are_words_in_a_card_a_form_and_a_job(page, complaints, server):
    page = watch(page, complaints, server.url)
    open_studio(page, "images", "sandbox-image")
    prompt = " ".join(NAMES)[:3000]
    card = ask(page, prompt)
    expect(card).not_to_have_attribute("data-open", "", timeout=LONG)
    page.get_by_role("button", name="Recent prompts").click()
    expect(page.locator("[data-recent-prompt]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.reload()
    assert_harmless(page)
    card.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run .code-peek").first).to_be_attached()
    assert_harmless(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_studio_is_usable_by_everybody(new_page, server, assert_accessible, complaints, look):
    complaints.tolerate("status of 422")
    page = new_page(server.member(), **look)
    open_studio(page, "images", "sandbox-image")
    ended(ask(page, "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 3))
    page.locator("#studio-body summary").click()
    choose_task(page, "Edit")
    give(page, "image", "a.png", files.picture())
    page.locator('[name="p.n"]').fill("99")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("[id='error-p.n']")).to_be_visible()
    wide = "() => [...document.querySelectorAll('html, body, .main, #studio-form .scroll, .job')]"
    assert page.evaluate(f"{wide}.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)") == []
    assert_accessible(page)
    page.locator("[data-paint-mask]").click()
    assert_accessible(page, "[data-mask]")
    page.keyboard.press("Escape")
    jobs(page).first.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run")).to_be_attached()
    assert page.evaluate(f"{wide}.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)") == []
    assert_accessible(page)
