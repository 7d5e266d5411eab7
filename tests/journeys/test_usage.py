"""The usage review in a browser: both roles, filters, folds, single calls, files, prices, and strangers' names."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES

from .chatting import choose, finished, offer, say
from .harmless import assert_harmless, watch

TEAM = "/usage/?scope=team"
WIDE = """() => ['html', 'body', '.main', '.main .scroll'].flatMap((place) => [...document.querySelectorAll(place)]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => `${place}: ${e.scrollWidth} > ${e.clientWidth}`))"""

CALLED_BY_EACH = """
from decimal import Decimal
from apps.accounts.models import User
from apps.usage.models import Call
from apps.work.storable import text
for user, name in zip(User.objects.filter(is_superuser=False).order_by("-pk"), map(text, NAMES)):
    User.objects.filter(pk=user.pk).update(name=name[:120])
    said = {"model_name": name[:300], "upstream_name": name[:120], "request_id": name[:200], "cost": Decimal("1234.5")}
    Call.objects.create(user=user, format="gemini", outcome="failed", cause="429", **said)
"""


def asked(page: Page, *models: str) -> None:
    """A chat with each of these, to its end."""
    for model in models:
        page.goto("/")
        choose(page, model)
        say(page, "Hello")
        finished(page, 1)


@pytest.fixture(scope="module")
def house(make_server):
    """A server of our own: what its team did is counted to the last call."""
    house = make_server()
    yield house
    house.stop()


def requests(page: Page):
    return page.locator(".stat", has_text="Requests").locator(".stat__value")


def test_a_member_reviews_their_own_use_and_an_administrator_the_teams(house, new_page, complaints, assert_accessible):
    offer(house, "sandbox-markdown@0", "sandbox-code@0", "fault-400")
    complaints.tolerate("status of 4")
    page = watch(new_page(house.member(), house), complaints, house.url)
    asked(page, "sandbox-markdown@0", "sandbox-code@0", "sandbox-code@0", "fault-400")
    page.get_by_role("link", name="Usage").click()
    expect(page.locator("h1")).to_have_text("My usage")
    expect(requests(page)).to_have_text(re.compile("[4-9]"))
    expect(page.locator("#usage-first .stat__value")).to_contain_text("ms")
    expect(page.locator("#usage-pace")).to_contain_text("sandbox-code@0")
    expect(page.locator("#first-whole")).to_contain_text("ms")
    expect(page.get_by_role("link", name=re.compile("^400 "))).to_be_visible()
    expect(page.get_by_role("link", name="Team")).to_have_count(0)
    assert_accessible(page)
    page.get_by_label("Model", exact=True).select_option("sandbox-code@0")
    expect(page).to_have_url(re.compile("model=sandbox-code%400"))
    expect(page.locator("#usage-table tbody tr")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Model", exact=True)).to_have_value("sandbox-code@0")
    page.get_by_role("link", name="Show the calls").click()
    rows = page.locator("#usage-calls tr")
    expect(rows.first).to_contain_text("sandbox-code@0")
    expect(page.locator("#usage-calls")).not_to_contain_text("markdown")
    exported(page)
    rows.get_by_role("link").first.click()
    expect(page.locator("#main")).to_contain_text("sandbox-code@0")
    assert_harmless(page)
    team(new_page(house.administrator, house), assert_accessible)


def exported(page: Page) -> None:
    """Files have what the page shows, no more."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(coming.value.path().read_text("utf-8-sig"))))
    assert {row["model_name"] for row in rows} == {"sandbox-code@0"}
    with page.expect_download() as coming:
        page.get_by_role("button", name="JSON").click()
    assert len(json.loads(coming.value.path().read_bytes())) == len(rows)


def team(page: Page, assert_accessible) -> None:
    page.goto("/usage/")
    expect(page.locator("#main")).to_contain_text("No calls in these days")
    page.get_by_role("link", name="Team").click()
    fold = page.locator(".table__fold").first
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(page.locator(".table__fold").first).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".table__sub")).to_have_count(3)
    page.get_by_role("link", name="Member", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Member")
    page.get_by_label("Divide by").select_option("outcome")
    expect(page.locator("#usage-table tbody tr")).to_have_count(2)
    page.get_by_text("Dates", exact=True).click()
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("To", exact=True).fill("2020-02-01")
    expect(page.locator("#usage-review")).to_contain_text("No calls in these days")
    page.go_back()
    expect(page.locator("#usage-review .chart")).to_be_visible()
    assert_accessible(page)


def test_hostile_names_do_nothing_and_nothing_sticks_out_in_any_look_or_language(
    house, new_page, complaints, assert_accessible
):
    house.shell(f"NAMES = {list(NAMES)!r}\n{CALLED_BY_EACH}")
    for look in ({}, {"phone": True}, {"dark": True}):
        page = watch(new_page(house.administrator, house, **look), complaints, house.url)
        for language in ("en", "zh-hans") if look else ("en",):
            page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
            for path in (f"{TEAM}&by=model", TEAM, "/usage/calls/?scope=team"):
                page.goto(path)
                expect(page.locator("#usage-pace p.row")).to_have_count(0)
                assert page.evaluate(WIDE) == []
                assert_accessible(page)
                assert_harmless(page)


def test_an_administrator_sets_a_price_for_later_and_takes_it_back(house, new_page, assert_accessible):
    model = offer(house, "sandbox-table@0")["sandbox-table@0"]
    page = new_page(house.administrator, house)
    page.goto(f"/settings/models/{model}/")
    page.get_by_role("link", name="Prices").click()
    page.get_by_label("From").fill("2999-01-01")
    page.get_by_label("USD per million input tokens").fill("2.5")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("tbody")).to_contain_text("$2.50")
    assert_accessible(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("tbody")).not_to_contain_text("$2.50")
