"""Who lost access loses it on the open page too, soon and with a word; and what is somebody else's is not there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.servers import Person, PlaygroundServer

from .chatting import finished, say


@pytest.fixture(scope="module")
def watchful(make_server):
    """A server that asks every quarter of a second whether the people of its open pages may still be there."""
    server = make_server(environment={"SOCKET_CHECK_SECONDS": "0.25"})
    yield server
    server.stop()


@pytest.fixture
def open_page(watchful, new_page):
    """`open_page(person, **look)`: the chat page, once its socket is open."""

    def make(person: Person, **look) -> Page:
        page = new_page(person, watchful, **look)
        with page.expect_websocket() as opened:
            page.goto("/")
        page.sockets = [opened.value]
        return page

    return make


def change(server: PlaygroundServer, person: Person, verb: str) -> None:
    """What an administrator's button on the page of the people does."""
    with server.http(server.administrator) as http:
        http.post(f"/settings/people/{person.id}/{verb}/", follow_redirects=True).raise_for_status()


def sign_in(page: Page, person: Person) -> None:
    page.locator('[name="login"]').fill(person.email)
    page.locator('[name="password"]').fill(person.password)
    page.get_by_role("button", name="Sign in").click()


def assert_signed_out(page: Page) -> None:
    """The page says so by itself, and its socket stays closed."""
    expect(page.locator('[data-connection="signed-out"]')).to_be_visible()
    assert all(socket.is_closed() for socket in page.sockets)


def test_a_disabled_members_page_says_so_and_what_was_typed_is_there_when_they_are_back(watchful, open_page):
    person = watchful.member()
    page = open_page(person)
    change(watchful, person, "disable")
    assert_signed_out(page)
    page.locator("#message").fill("half a thought")
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, person)
    expect(page.locator("main")).to_contain_text("disabled")
    change(watchful, person, "enable")
    page.goto("/")
    sign_in(page, person)
    expect(page.locator("#message")).to_have_value("half a thought")


def test_a_prompt_after_the_session_has_ended_is_not_lost_and_the_word_about_it_fits_a_phone(watchful, open_page):
    person = watchful.member()
    page = open_page(person, phone=True)
    watchful.shell(
        "from django.contrib.sessions.models import Session\n"
        f"Session.objects.filter(session_key={person.session!r}).delete()"
    )
    assert_signed_out(page)
    assert page.locator('[data-connection="signed-out"]').bounding_box()["width"] > 300
    say(page, "do not lose me")
    expect(page.locator("#composer-error")).not_to_be_empty()
    expect(page.locator("#message")).to_have_value("do not lose me")
    expect(page.locator("#thread .turn")).to_have_count(0)


def test_signing_out_everywhere_ends_every_page_of_that_person_and_of_nobody_else(watchful, open_page, new_page):
    person, other = watchful.member(), watchful.member()
    first, stranger, second = open_page(person), open_page(other), new_page(None, watchful)
    second.goto("/accounts/login/")
    sign_in(second, person)
    expect(second.locator("#composer")).to_be_visible()
    second.goto("/settings/account/")
    second.get_by_role("button", name="Sign out everywhere").click()
    expect(second.locator('[name="login"]')).to_be_visible()
    assert_signed_out(first)
    first.reload()
    expect(first.locator('[name="login"]')).to_be_visible()
    expect(stranger.locator('[data-connection="signed-out"]')).to_be_hidden()
    assert not any(socket.is_closed() for socket in stranger.sockets)


def test_a_new_role_closes_the_socket_and_a_reload_opens_another(watchful, open_page):
    person = watchful.member()
    page = open_page(person)
    change(watchful, person, "appoint")
    notice = page.locator('[data-connection="forbidden"]')
    expect(notice).to_be_visible()
    with page.expect_websocket():
        notice.get_by_role("link", name="Reload").click()
    expect(notice).to_be_hidden()
    expect(page.locator("#rail")).to_contain_text("Settings")


def test_a_conversation_is_there_for_its_owner_alone(server, page, new_page, complaints):
    complaints.tolerate("status of 404")
    page.goto("/")
    say(page, "for my eyes only", "sandbox-echo")
    finished(page)
    for person in (server.member(), server.administrator):
        other = new_page(person)
        other.goto(page.url)
        expect(other.get_by_role("heading", level=1)).to_contain_text("nothing here")
        expect(other.locator("body")).not_to_contain_text("for my eyes only")


def test_whoever_is_not_signed_in_is_led_to_the_conversation_by_way_of_the_sign_in(server, page, new_page):
    person = server.member()
    mine, later = new_page(person), new_page()
    mine.goto("/")
    say(mine, "remember this", "sandbox-echo")
    finished(mine)
    expect(mine).to_have_url(re.compile("/c/"))
    later.goto(mine.url)
    sign_in(later, person)
    expect(later).to_have_url(mine.url)
    expect(finished(later)).to_contain_text("remember this")
