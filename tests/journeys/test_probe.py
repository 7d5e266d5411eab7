"""An administrator finds out what the models of an upstream can, and corrects the catalogue by it."""

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES

from .harmless import assert_harmless, watch

LONG = 30_000
WIDE = """
() => ['html', 'body', '.main', '.main .scroll'].flatMap((place) =>
  [...document.querySelectorAll(place)].filter((e) => e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${place}: ${e.scrollWidth} > ${e.clientWidth}`))
"""


@pytest.fixture(scope="module")
def house(make_server):
    """A server of its own: what is accepted here changes its catalogue."""
    house = make_server()
    yield house
    house.stop()


@pytest.fixture
def page(house, new_page) -> Page:
    return opened(new_page(house.administrator, house))


def opened(page: Page) -> Page:
    page.goto("/settings/upstreams/")
    page.get_by_role("link", name="Sandbox").click()
    page.get_by_role("link", name="Probe what its models can").click()
    return page


def ask(page: Page, models: str) -> None:
    page.get_by_role("textbox", name="Models").fill(models)
    page.get_by_role("button", name="What would it cost?").click()


def begin(page: Page, models: str) -> None:
    ask(page, models)
    page.get_by_role("button", name="Go on").click()


def cell(page: Page, model: str, check: str):
    return page.locator("#matrix").get_by_role("button", name=f"{check}, {model}", exact=False).first


def test_models_are_probed_the_evidence_is_opened_and_the_catalogue_corrected(page, assert_accessible):
    expect(page.locator("#probe-state")).to_contain_text("Nothing was probed yet")
    ask(page, "sandbox-tool, fault-401")
    expect(page.locator("#ask")).to_contain_text("Probe 2 models × 11 checks: about 22 requests, at most $0.00.")
    assert_accessible(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#probe-state")).to_contain_text("Done: 24 of 24", timeout=LONG)
    expect(cell(page, "sandbox-tool", "Tools")).to_contain_text("Yes")
    assert_accessible(page)
    cell(page, "fault-401", "Gemini").click()
    expect(page.locator("#evidence")).to_contain_text("Incorrect API key provided.")
    assert_accessible(page, "#evidence")
    page.get_by_role("link", name="Open the run").click()
    expect(page.locator("#wire, [role=tabpanel]").first).to_contain_text("401")
    page.go_back()
    page.get_by_role("link", name="Review the correction").click()
    expect(page.locator(".diff").first).to_contain_text("+ Tools")
    assert_accessible(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#toasts")).to_contain_text("1 model is corrected.")
    expect(page.get_by_role("link", name="Review the correction")).to_have_count(0)
    page.get_by_role("link", name="What was accepted of 1 model").click()
    assert_accessible(page)
    page.get_by_role("button", name="Forget sandbox-tool").click()
    expect(page.locator("#toasts")).to_contain_text("sandbox-tool is again what its catalogue says.")
    expect(page.locator(".diff").first).to_contain_text("+ Tools")
    page.goto("/")
    expect(page.locator("#history")).not_to_contain_text("Probe")


def test_progress_is_live_survives_a_reload_and_can_be_cancelled(page):
    begin(page, "sandbox-echo, sandbox-slow")
    expect(page.locator("#probe-state progress")).to_be_visible()
    expect(cell(page, "sandbox-echo", "Chat Completions")).to_contain_text("Yes", timeout=LONG)
    page.reload()
    expect(page.locator("#probe-state")).to_contain_text("At work")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#probe-state")).to_contain_text("Cancelled after", timeout=LONG)
    expect(page.locator("#probe-state progress")).to_have_count(0)
    expect(cell(page, "sandbox-slow", "Tools")).to_contain_text("Not tried")


def test_one_cell_is_tried_again(page):
    cell(page, "sandbox-attachments", "Vision").click()
    page.locator("#evidence").get_by_role("link", name="Try again").click()
    expect(page.locator("#ask")).to_contain_text("Probe 1 model × 1 check: about 1 request")
    page.get_by_role("button", name="Go on").click()
    expect(cell(page, "sandbox-attachments", "Vision")).to_contain_text("Yes", timeout=LONG)
    expect(cell(page, "sandbox-attachments", "PDF")).to_contain_text("Not tried")


def test_a_restart_marks_it_interrupted_and_keeps_what_was_found(make_server, new_page):
    house = make_server()
    try:
        page = opened(new_page(house.administrator, house))
        begin(page, "sandbox-echo, sandbox-slow")
        expect(cell(page, "sandbox-echo", "Chat Completions")).to_contain_text("Yes", timeout=LONG)
        page.close()  # a page that is only left may live on a while, and would miss the server
        house.kill9()
        house.start()
        page = opened(new_page(house.administrator, house))
        expect(page.locator("#probe-state")).to_contain_text("Interrupted after")
        expect(cell(page, "sandbox-echo", "Chat Completions")).to_contain_text("Yes")
    finally:
        house.stop()


def test_the_page_fits_a_phone_and_the_dark(house, new_page, assert_accessible):
    for look in ({"phone": True}, {"dark": True}):
        page = opened(new_page(house.administrator, house, **look))
        expect(page.locator("#matrix table")).to_be_visible()
        assert_accessible(page)
        assert page.evaluate(WIDE) == []
        page.locator("#matrix button").first.click()
        expect(page.locator("#evidence").get_by_role("link", name="Try again")).to_be_in_viewport()
        assert_accessible(page, "#evidence")


def test_hostile_names_and_errors_are_words(house, new_page, complaints):
    names = [name[:290].replace("\0", "") for name in NAMES]
    made = house.shell(
        "from django.utils import timezone\n"
        "from apps.runs.models import ProbeResult\n"
        "from apps.upstreams.models import Upstream\n"
        "upstream = Upstream.objects.create(name='Stranger', base_url='http://127.0.0.1:9')\n"
        f"for name in {names!r}:\n"
        "    model = upstream.models.create(name=name, capabilities=['chat'])\n"
        "    ProbeResult.objects.create(model=model, format='openai_chat', check_name='tools', state='ok',"
        " sentence=name, says=name, taken_at=timezone.now())\n"
        "print(upstream.id)"
    )
    page = watch(new_page(house.administrator, house), complaints, house.url)
    page.goto(f"/settings/upstreams/{made.strip()}/probe/")
    expect(page.locator("#matrix tbody tr")).to_have_count(len(names))
    for number in range(len(names)):
        page.locator("#matrix tbody tr").nth(number).get_by_role("button", name="Yes").click()
        expect(page.locator("#evidence")).to_contain_text("It says:")
        page.keyboard.press("Escape")
    assert_harmless(page)
    page.goto(f"/settings/upstreams/{made.strip()}/probe/accept/")
    expect(page.locator(".diff")).to_have_count(len(names))
    assert_harmless(page)
