"""Every page, in the light, in the dark and on a phone: usable by everybody, and nothing sticks out."""

import re
import uuid
from functools import partial

import pytest
from httpx import Client
from playwright.sync_api import Page, expect

from tests.journeys.chatting import offer
from tests.journeys.conftest import LOOKS
from tests.processes import wait_until
from tests.servers import Person, PlaygroundServer

ANSWERS = ("markdown", "code", "math", "table", "reasoning", "tools", "images", "sources", "chinese")
MODELS = [*(f"sandbox-{name}@0" for name in ANSWERS), "fault-refusal@0", "fault-cut@0", "fault-400"]
LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
WIDE = """
() => ['html', 'body', '.main', '.main .scroll', '#side', '#inspector', '.composer'].flatMap((place) =>
  [...document.querySelectorAll(place)].filter((e) => e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${place}: ${e.scrollWidth} > ${e.clientWidth}`))
"""
AT_REST = (
    "() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect.getTiming().iterations > 1)"
)


@pytest.fixture(scope="module")
def house(make_server):
    """A server with sign-up open, whose administrator has talked with every model that shows something."""
    house = make_server(environment={"PLAYGROUND_SIGNUP": "open"})
    house.conversation = talk(house, house.administrator)
    yield house
    house.stop()


def talk(house: PlaygroundServer, person: Person) -> str:
    """Asks each model once, in one conversation; gives its address."""
    models, path = offer(house, *MODELS), ""
    with house.http(person) as http:
        for name in MODELS:
            told = {"text": f"{name} {LONG_WORD}", "turn": str(uuid.uuid4()), "model": models[name]}
            reply = http.post("/send/", data={**told, "conversation": path[3:-1]}).raise_for_status()
            path = path or reply.headers["HX-Push-Url"]
            wait_until(partial(has_answered, http, path), f"{name} has answered")
    return path


def has_answered(http: Client, path: str) -> bool:
    return 'aria-busy="true"' not in http.get(path).text


@pytest.fixture(params=LOOKS)
def look(request) -> dict:
    return LOOKS[request.param]


@pytest.fixture
def page(house, new_page, look) -> Page:
    return new_page(house.administrator, house, **look)


@pytest.fixture
def assert_fine(assert_accessible):
    """Nothing serious for axe, and nothing wider than the place it has."""

    def check(page: Page, within: str | None = None) -> None:
        page.wait_for_function(AT_REST)
        assert page.evaluate(WIDE) == []
        assert_accessible(page, within)

    return check


def test_the_chat_page_empty_and_full(page, house, assert_fine):
    page.goto("/")
    expect(page.locator("#message")).to_be_in_viewport(ratio=1)
    assert_fine(page)
    page.goto(house.conversation)
    expect(page.locator("#thread > .turn--assistant")).to_have_count(len(MODELS))
    expect(page.locator("#message")).to_be_in_viewport(ratio=1)
    assert_fine(page)


def test_what_opens_over_the_chat_page(page, house, assert_fine):
    page.goto(house.conversation)
    page.locator("#composer [popovertarget=model-picker]").click()
    expect(page.locator("#picker-query")).to_be_focused()
    assert_fine(page, "#model-picker")
    page.keyboard.press("Escape")
    page.locator("#chat-menu-button").click()
    expect(page.locator("#chat-menu")).to_be_visible()
    assert_fine(page, "#chat-menu")
    page.locator("#chat-menu [commandfor=delete-dialog]").click()
    expect(page.locator("#delete-dialog")).to_be_visible()
    assert_fine(page, "#delete-dialog")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#delete-dialog")).to_be_hidden()
    page.locator("#chat-menu-button").click()
    page.locator("[data-rename-open]").click()
    page.locator("[data-edit]").first.click()
    expect(page.locator("[data-edit-form] textarea").first).to_be_focused()
    assert_fine(page, "[data-rename], [data-edit-form]")


def test_results_of_a_search_and_the_archive(page, house, assert_fine):
    page.goto(house.conversation)
    if page.locator(".to-side[popovertarget=side]").is_visible():
        page.locator(".to-side[popovertarget=side]").click()
    page.locator("#search").fill("sandbox-code")
    expect(page.locator("#found .list__item")).to_have_count(1)
    assert_fine(page, "#side")
    page.locator("#search").fill("")
    page.locator("#history").get_by_text("Archive").click()
    expect(page.locator("#history")).to_contain_text("Nothing is archived")
    assert_fine(page, "#side")


def test_the_settings_pages(page, complaints, assert_fine):
    for path in ("/settings/account/", "/settings/people/", "/settings/upstreams/"):
        page.goto(path)
        assert_fine(page)
    page.get_by_role("link", name="Sandbox").click()
    expect(page.locator("#models")).to_be_visible()
    assert_fine(page)
    page.goto("/settings/people/")
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("#new-link")).to_be_visible()
    assert_fine(page)
    complaints.tolerate("status of 404")
    page.goto("/nowhere/")
    expect(page.get_by_role("heading")).to_contain_text("nothing here")
    assert_fine(page)


def test_the_pages_of_somebody_who_is_not_signed_in(house, new_page, look, complaints, assert_fine):
    complaints.tolerate("status of 410")
    page = new_page(None, house, **look)
    paths = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/invite/none/", invitation(house)]
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_fine(page)
    page.goto("/accounts/login/")
    page.locator('[name="login"]').fill("nobody@example.org")
    page.locator('[name="password"]').fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_fine(page)


def invitation(house: PlaygroundServer) -> str:
    with house.http(house.administrator) as http:
        made = http.post("/settings/people/invitations/", data={"days": 7}, follow_redirects=True)
    return re.search(r"/invite/[^/\"]+/", made.text)[0]


def test_on_a_phone_the_drawers_open_and_close_and_leave_the_composer_in_sight(house, new_page):
    page = new_page(house.administrator, house, phone=True)
    page.goto(house.conversation)
    for drawer in ("side", "inspector", "rail"):
        pane = page.locator(f"#{drawer}")
        expect(pane).to_be_hidden()
        page.locator(f".main [popovertarget={drawer}]").first.click()
        expect(pane).to_be_in_viewport()
        if pane.locator(f"[popovertarget={drawer}]").count():
            pane.locator(f"[popovertarget={drawer}]").click()
        else:
            page.keyboard.press("Escape")
        expect(pane).to_be_hidden()
        expect(page.locator("#message")).to_be_in_viewport(ratio=1)
