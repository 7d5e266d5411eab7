"""Order in the history, as a person makes it: folders, tags, many at once, the bin, filters, in one tab and in two."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .chatting import finished, say

HOSTILE = "<img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
MADE = """
import json
from apps.accounts.models import User
from apps.conversations import edit, folders
owner = User.objects.get(pk={person})
folders.Folder.objects.filter(owner=owner).delete()
owner.conversations.all().delete()
owner.tags.all().delete()
print(json.dumps([str(edit.create(owner=owner, first_text=name).pk) for name in {names}]))
"""


@pytest.fixture
def make(server):
    """`make(person, "name", …)`: this person's only conversations; their ids."""

    def made(person, *names: str) -> list[str]:
        return json.loads(server.shell(MADE.format(person=person.id, names=list(names))).strip().splitlines()[-1])

    return made


def row(page: Page, title: str) -> Locator:
    return page.locator("#history [data-row]").filter(has=page.locator(".list__text", has_text=title))


def titles(page: Page, place: str = "#history") -> list[str]:
    return page.locator(f"{place} .list__item[href] .list__text").all_inner_texts()


def menu(page: Page, of: Locator, name: str) -> None:
    of.hover()
    of.locator("> .list__menu, > .list__row > .list__menu").click()
    page.locator("#item-menu").get_by_role("button", name=name).click()


def fill_dialog(page: Page, field: str, text: str) -> None:
    box = page.locator("#order-dialog").get_by_label(field)
    expect(box).to_be_visible()
    box.fill(text)
    box.press("Enter")
    expect(page.locator("#order-dialog")).not_to_be_visible()


def folder(page: Page, name: str) -> Locator:
    return page.locator("#history .folder").filter(has=page.locator("> .list__row .list__text", has_text=name))


def select(page: Page) -> None:
    page.get_by_role("button", name="Select", exact=True).click()
    expect(page.locator("#bulk")).to_be_visible()


def told(page: Page, text: str) -> Locator:
    toast = page.locator("[data-toast]").filter(has_text=text)
    expect(toast.last).to_be_visible()
    return toast.last


def test_folders_are_made_filled_by_menu_drag_and_keyboard_and_remembered(new_page, server, make):
    person = server.member()
    make(person, "one", "two", "three")
    page, other = new_page(person), new_page(person)
    page.goto("/")
    other.goto("/")
    page.get_by_role("button", name="New folder").first.click()
    fill_dialog(page, "Name", HOSTILE)
    expect(folder(other, HOSTILE)).to_be_visible()
    menu(page, row(page, "one"), "Move to a folder…")
    page.locator("#order-dialog").get_by_label(HOSTILE).check()
    page.locator("#order-dialog").get_by_role("button", name="Move", exact=True).click()
    expect(folder(page, HOSTILE).locator("[data-row]")).to_have_text(re.compile("one"))
    row(page, "two").locator(".list__item").drag_to(folder(page, HOSTILE).locator(".folder__head"))
    told(page, "1 conversation moved to")
    expect(folder(other, HOSTILE).locator("[data-row]")).to_have_count(2)
    row(page, "three").locator(".list__menu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#item-menu .menu__item").first).to_be_focused()
    page.locator("#item-menu").get_by_role("button", name="Move to a folder…").press("Enter")
    fill_dialog(page, "Or into a new folder", "Inner")
    menu(page, folder(page, "Inner"), "Rename or move…")
    page.locator("#order-dialog select").select_option(label=HOSTILE)
    page.locator("#order-dialog").get_by_role("button", name="Save").click()
    expect(folder(page, HOSTILE).locator(".folder [data-row]")).to_have_text(re.compile("three"))
    head = folder(page, HOSTILE).locator(".folder__head").first
    head.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "false")
    expect(head).to_be_focused()
    page.reload()
    expect(folder(page, HOSTILE).locator("[data-row]")).to_have_count(0)
    menu(page, folder(page, HOSTILE), "Delete the folder")
    expect(folder(page, HOSTILE)).to_have_count(0)
    expect(row(page, "one")).to_be_visible()
    expect(folder(other, "Inner").locator("[data-row]")).to_have_text(re.compile("three"))
    assert page.locator("#history img").count() == 0


def test_a_chat_begun_in_a_folder_lands_in_it(new_page, server, make):
    person = server.member()
    make(person)
    page = new_page(person)
    page.goto("/")
    page.get_by_role("button", name="New folder").first.click()
    fill_dialog(page, "Name", "Work")
    page.locator("#history .folder .list__menu").focus()
    page.keyboard.press("Enter")
    page.locator("#item-menu").get_by_role("link", name="New chat in it").click()
    expect(page.locator(".bar__crumb")).to_have_text("Work")
    say(page, "about otters", "sandbox-echo")
    finished(page)
    expect(folder(page, "Work").locator("[data-row] [aria-current]")).to_have_count(1)


def test_tags_are_put_on_shown_clicked_managed_and_filter_under_an_address(new_page, server, make, assert_accessible):
    person = server.member()
    ids = make(person, "apples", "pears", "plums")
    page, other = new_page(person), new_page(person)
    page.goto(f"/c/{ids[0]}/")
    other.goto("/")
    page.locator("#chat-menu-button").click()
    page.locator("#chat-menu").get_by_role("button", name="Tags…").click()
    fill_dialog(page, "Add a tag", f"fruit, {HOSTILE}")
    told(page, "Tags of 1 conversation changed.")
    expect(row(page, "apples").locator(".tag")).to_have_text([HOSTILE, "fruit"])
    expect(row(other, "apples").locator(".tag")).to_have_count(2)
    menu(page, row(page, "pears"), "Tags…")
    expect(page.locator("#own-tags option")).to_have_count(2)
    page.locator("#order-dialog").get_by_label("fruit").check()
    page.locator("#order-dialog").get_by_role("button", name="Save").click()
    expect(row(page, "pears").locator(".tag")).to_have_text("fruit")
    row(page, "pears").locator(".tag").click()
    expect(page.locator("#found .list__item")).to_have_count(2)
    expect(page).to_have_url(re.compile(rf"/c/{ids[0]}/\?tag="))
    assert_accessible(page)
    page.locator("#search").fill("pear")
    expect(page.locator("#found .list__item")).to_have_count(1)
    page.reload()
    expect(page.locator("#search")).to_have_value("pear")
    expect(page.locator("#found .list__item mark")).to_have_text("pear")
    page.locator("#found .list__item").click()
    expect(page).to_have_url(re.compile(rf"/c/{ids[1]}/\?q=pear&tag="))
    expect(page.locator("#found [aria-current=page]")).to_have_count(1)
    page.locator("#search").fill("")
    expect(page.locator("#found .list__item")).to_have_count(2)
    page.locator(".found__chips a").click()
    expect(page.locator("#history")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/c/{ids[1]}/$"))
    manage_tags(page, other, assert_accessible)


def manage_tags(page, other, assert_accessible):
    """Renames, merges and deletes in the sheet of tags."""
    page.get_by_role("button", name="Tags", exact=True).click()
    sheet = page.locator("#order-dialog")
    sheet.locator("summary").filter(has_text="fruit").click()
    sheet.locator("details[open]").get_by_label("Name").fill("FRUIT")
    sheet.locator("details[open] .swatch input").nth(3).check()
    sheet.locator("details[open]").get_by_role("button", name="Save").click()
    expect(row(page, "pears").locator('.tag[data-color="4"]')).to_have_text("FRUIT")
    expect(sheet.locator("summary").filter(has_text=re.compile("FRUIT"))).to_be_visible()
    assert_accessible(page, "#order-dialog")
    sheet.locator("summary").filter(has_text="img").click()
    sheet.locator("details[open]").get_by_role("button", name="Merge").click()
    expect(row(other, "apples").locator(".tag")).to_have_text(["FRUIT"])
    sheet.locator("summary").click()
    sheet.locator("details[open]").get_by_role("button", name="Delete the tag").click()
    expect(page.locator("#history .tag")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tags", exact=True)).to_be_focused()


def test_many_are_selected_by_a_range_moved_archived_and_deleted_with_undo(new_page, server, make, assert_accessible):
    person = server.member()
    ids = make(person, "a1", "b2", "c3", "d4", "e5")
    page, other = new_page(person), new_page(person)
    page.goto("/")
    other.goto(f"/c/{ids[4]}/")
    select(page)
    page.get_by_label("Select “d4”").check()
    page.get_by_label("Select “b2”").click(modifiers=["Shift"])
    expect(page.locator("[data-selected-count]")).to_have_text("3")
    row(page, "c3").locator(".list__item").click()
    expect(page.locator("[data-selected-count]")).to_have_text("2")
    assert_accessible(page)
    page.locator("#bulk").get_by_role("button", name="Move…").click()
    fill_dialog(page, "Or into a new folder", "Lot")
    expect(folder(other, "Lot").locator("[data-row]")).to_have_count(2)
    told(page, "2 conversations moved to “Lot”.").get_by_role("button", name="Undo").click()
    expect(folder(page, "Lot").locator("[data-row]")).to_have_count(0)
    select(page)
    page.get_by_role("button", name="All shown").click()
    expect(page.locator("[data-selected-count]")).to_have_text("5")
    page.locator("#bulk").get_by_role("button", name="Archive").click()
    told(page, "5 conversations archived.")
    assert titles(page) == ["Archive", "Deleted"]
    page.locator("#history").get_by_text("Archive").click()
    expect(row(page, "e5")).to_be_visible()
    select(page)
    page.get_by_role("button", name="All shown").click()
    page.locator("#bulk").get_by_role("button", name="Unarchive").click()
    expect(page.locator("#archived")).to_contain_text("Nothing is archived.")
    page.locator("#history .list__lead").click()
    select(page)
    page.get_by_label("Select “e5”").check()
    page.get_by_label("Select “a1”").check()
    page.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(other.locator("#thread")).to_contain_text("This conversation was deleted")
    expect(row(other, "a1")).to_have_count(0)
    told(page, "2 conversations deleted.").get_by_role("button", name="Undo").click()
    expect(other.locator("#thread")).not_to_contain_text("This conversation was deleted")
    expect(row(page, "e5")).to_be_visible()
    expect(row(other, "a1")).to_be_visible()


def test_a_deleted_conversation_stops_answering_and_comes_back_from_toast_or_bin(page, assert_accessible):
    page.goto("/")
    say(page, "on and on", "fault-endless")
    expect(page.locator('.turn--assistant[data-state="running"] .prose')).to_contain_text(re.compile(r"\w"))
    address = page.url

    def delete() -> None:
        page.locator("#chat-menu-button").click()
        page.locator("#chat-menu").get_by_role("button", name="Delete…").click()
        page.locator("#delete-dialog [type=submit]").click()
        expect(page).to_have_url(re.compile(r"/$"))
        told(page, "1 conversation deleted.")

    delete()
    assert page.request.get(address).status == 404
    with page.expect_response("**/undo/**"):
        page.locator("[data-toast]").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#history [href='{urlsplit(address).path}']")).to_be_visible()
    page.goto(address)
    expect(finished(page)).to_contain_text("Stopped")
    delete()
    page.goto("/history/deleted/")
    expect(page.locator(".bin__row")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("button", name="Restore").first.click()
    expect(page.locator("#bin")).to_contain_text("Nothing is deleted.")
    page.goto(address)
    delete()
    page.goto("/history/deleted/")
    page.get_by_role("button", name="Empty the bin…").click()
    page.locator("#empty-dialog").get_by_role("button", name="Empty the bin").click()
    expect(page.locator("#bin")).to_contain_text("Nothing is deleted.")
    page.reload()
    expect(page.locator("#bin")).to_contain_text("Nothing is deleted.")


def test_filters_without_words_are_chosen_in_a_menu_and_taken_off_one_by_one(new_page, server, make, assert_accessible):
    person = server.member()
    make(person, "apples", "pears")
    page = new_page(person, dark=True)
    page.goto("/")
    page.get_by_role("button", name="Filter", exact=True).click()
    choices = page.locator("#filter-menu")
    choices.get_by_label("Kind").select_option("chat")
    expect(page.locator("#found .list__item")).to_have_count(2)
    choices.get_by_label("From").fill("2020-01-01")
    expect(page.locator(".found__chips [role=button]")).to_have_count(2)
    assert_accessible(page)
    choices.get_by_label("Has an image").check()
    expect(page.locator("#found-head")).to_have_text("0 results")
    page.keyboard.press("Escape")
    page.locator(".found__chips").get_by_text("has an image").click()
    expect(page.locator("#found .list__item")).to_have_count(2)
    page.get_by_text("Take off all").click()
    expect(page.locator("#history")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_phone_in_chinese_has_all_of_it(new_page, server, make, assert_accessible):
    person = server.member()
    make(person, "苹果", "梨")
    page = new_page(person, phone=True)
    page.context.set_extra_http_headers({"Accept-Language": "zh-Hans"})
    page.goto("/")
    page.locator("#topbar .to-side").first.click()
    first = row(page, "苹果")
    first.locator(".list__menu").click()
    page.locator("#item-menu .menu__item").nth(2).click()
    page.locator("#order-dialog [name=new]").fill("水果")
    page.locator("#order-dialog [type=submit]").click()
    expect(first.locator(".tag")).to_have_text("水果")
    page.locator("[data-select-mode]").first.click()
    first.locator(".list__item").click()
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    assert_accessible(page)
    wide = page.evaluate(
        "() => document.querySelector('#side').scrollWidth - document.querySelector('#side').clientWidth"
    )
    assert wide <= 0
