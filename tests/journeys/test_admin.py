"""The administrator's pages in a real browser: Django's admin in our look, and the glass that is broken aloud."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.servers import Person, PlaygroundServer

from .conftest import LOOKS

WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
WORDS = {"en": ("Administration", "Usage of the last 30 days", "Save"), "zh-hans": ("管理", "最近 30 天的用量", "保存")}
REASON = "A ticket about a wrong answer"


def talk_of(server: PlaygroundServer, person: Person, text: str) -> str:
    """A conversation of the person's; gives its id."""
    return server.shell(
        "from apps.accounts.models import User\n"
        "from apps.conversations import edit\n"
        "from apps.wire.messages import Text\n"
        f"owner = User.objects.get(pk={person.id})\n"
        "about = dict(model=None, format='openai_chat', system_prompt='', parameters={})\n"
        f"talk = edit.create(owner=owner, first_text={text!r}, **about)\n"
        f"edit.add_message(conversation=talk, parent=None, role='user', parts=[Text(text={text!r})])\n"
        "print(talk.pk)"
    ).strip()


def pages(server: PlaygroundServer, person: Person) -> list[str]:
    model = server.shell("from apps.upstreams.models import Model\nprint(Model.objects.first().pk)").strip()
    return [
        "/admin/",
        "/admin/accounts/user/?q=member&is_active__exact=1",
        f"/admin/accounts/user/{person.id}/change/",
        f"/admin/upstreams/model/{model}/change/",
        "/admin/usage/call/",
        "/settings/audit/",
        f"/settings/people/{person.id}/open/",
        f"/settings/people/{person.id}/delete/",
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_usable_by_everybody_and_nothing_sticks_out(new_page, server, assert_accessible, look):
    page = new_page(server.administrator, **LOOKS[look])
    for path in pages(server, server.member()):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not page.evaluate(WIDE), path
        assert_accessible(page)


@pytest.mark.parametrize("language", WORDS)
def test_the_first_page_and_a_form_speak_the_readers_language(new_page, server, language):
    page = new_page(server.administrator)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    heading, usage, save = WORDS[language]
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("heading", name=usage)).to_be_visible()
    page.goto(f"/admin/accounts/user/{server.member().id}/change/")
    expect(page.get_by_role("button", name=save, exact=True)).to_be_visible()


def test_somebody_is_found_disabled_and_exported_from_the_list(new_page, server):
    page, person = new_page(server.administrator), server.member()
    page.goto("/admin/accounts/user/")
    page.get_by_role("searchbox").fill(person.email)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    row = page.locator("#result_list tbody tr")
    row.get_by_role("checkbox").check()
    expect(page.locator(".action-counter")).to_have_text(re.compile("^1 of 1"))
    page.locator("[name=action]").select_option("export_csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Go").click()
    assert person.email in download.value.path().read_text()
    page.locator("[name=action]").select_option("disable")
    page.get_by_role("button", name="Go").click()
    expect(page.locator(".field-is_active img")).to_have_attribute("alt", "False")
    with server.http(person) as http:
        assert http.get("/settings/account/").status_code == 302
    page.goto("/admin/")
    expect(page.locator(".admin__acts")).to_contain_text(f"Disabled {person.email}")


def test_what_is_read_is_told_to_its_owner_and_ends_by_hand(new_page, server, complaints):
    owner = server.member()
    talk = talk_of(server, owner, "How do I fold a crane?")
    reader = new_page(server.administrator)
    reader.goto(f"/settings/people/{owner.id}/open/")
    reader.get_by_label("Reason").fill(REASON)
    reader.get_by_label("Only this conversation").fill(f"{server.url}/c/{talk}/")
    reader.get_by_role("button", name="Open, and tell the owner").click()
    expect(reader.locator(".turn--user")).to_contain_text("How do I fold a crane?")
    address = reader.url
    assert_told(new_page(owner), talk)
    reader.get_by_role("button", name="Stop reading now").click()
    expect(reader).to_have_url(re.compile("/settings/people/$"))
    complaints.tolerate("status of 404")
    assert reader.goto(address).status == 404


def assert_told(page: Page, talk: str) -> None:
    """The owner sees it over the conversation, says that they know, and finds it in their list from then on."""
    page.goto(f"/c/{talk}/")
    notice = page.locator(".notice", has_text=REASON)
    expect(notice).to_contain_text("may read this now")
    notice.get_by_role("button", name="I know").click()
    expect(page.locator("table")).to_contain_text(REASON)
    page.goto(f"/c/{talk}/")
    expect(page.locator("#thread")).to_contain_text("How do I fold a crane?")
    expect(page.locator(".notice", has_text=REASON)).to_have_count(0)


def test_somebody_is_deleted_in_steps(new_page, server):
    page, person = new_page(server.administrator), server.member()
    page.goto("/settings/people/?q=" + person.email)
    page.get_by_role("link", name=re.compile("^Delete…")).click()
    page.get_by_role("button", name="Disable, and go on").click()
    page.get_by_label("Their email").fill(person.email)
    page.get_by_role("button", name="Delete for good").click()
    expect(page).to_have_url(re.compile("/settings/people/$"))
    page.goto("/settings/people/?q=" + person.email)
    expect(page.get_by_text(person.email)).to_have_count(0)
    page.goto("/settings/audit/?area=person")
    expect(page.locator("tbody tr").first).to_contain_text(f"Deleted {person.email}")
