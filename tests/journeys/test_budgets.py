"""A budget from end to end: set, nearly used up, used up, raised, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.servers import PlaygroundServer

from .chatting import choose, finished, say

WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
LEFT, ERROR = "#budget-left", "#composer-error"


def set_budget(page: Page, email: str, limit: str, measure: str = "calls", period: str = "day") -> None:
    page.goto("/settings/budgets/")
    page.get_by_label("For whom").select_option("person")
    page.get_by_label("Email of the person").fill(email)
    page.get_by_label("at most", exact=False).fill(limit)
    page.locator("#id_measure").select_option(measure)
    page.locator("#id_period").select_option(period)
    page.get_by_role("button", name="Set", exact=True).click()


def use(server: PlaygroundServer, person, used: int) -> None:
    """So many calls were made before."""
    server.shell(
        "from apps.usage.models import Call\n"
        f"Call.objects.bulk_create(Call(user_id={person.id}, upstream_name='s', model_name='m', format='openai_chat',"
        f" outcome='completed') for _ in range({used}))"
    )


def test_a_budget_is_set_warned_of_reached_and_raised(new_page, server, complaints, assert_accessible):
    complaints.tolerate("status of 429")
    person = server.member()
    use(server, person, 7)
    office, page = new_page(server.administrator), new_page(person, phone=True)
    set_budget(office, person.email, "10")
    row = office.locator("tr", has_text=f"for {person.email.partition('@')[0]}")
    expect(row).to_contain_text("10 calls a day")
    expect(row).to_contain_text("7 calls")
    assert_accessible(office)

    page.goto("/")
    expect(page.locator(LEFT)).to_have_text(re.compile(r"^\s*3 of 10 calls left today\s*$"))
    choose(page, "sandbox-echo")
    say(page, "The eighth call of the day")
    finished(page)
    expect(page.locator(f"{LEFT} [data-state=warn] >> text=calls left today")).to_be_visible()
    expect(page.locator(f"{LEFT} .notice")).to_contain_text(re.compile(r"\d calls of the budget “10 calls a day for"))
    assert_accessible(page)

    server.shell(f"from apps.usage.models import Tally\nTally.objects.filter(user={person.id}).update(used=10)")
    say(page, "What I typed stays with me")
    expect(page.locator(ERROR)).to_contain_text("is used up: 10 of 10 calls. It renews on")
    expect(page.locator(ERROR)).to_contain_text("For more, ask administrator (administrator@example.org).")
    expect(page.locator("#message")).to_have_value("What I typed stays with me")
    page.reload()
    expect(page.locator("#message")).to_have_value("What I typed stays with me")
    expect(page.locator(f"{LEFT} .notice")).to_have_count(0)

    office.reload()
    expect(row).to_contain_text("Used up")
    row.get_by_role("link", name="Change").click()
    office.locator("#id_limit").fill("100")
    office.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("100 calls a day")
    page.locator("#message").press("Enter")
    expect(page.locator(".turn__bubble").last).to_have_text("What I typed stays with me")
    finished(page, 2)


def test_columns_that_a_budget_has_no_room_for_say_so(new_page, server, complaints):
    person = server.member()
    page = new_page(person)
    server.shell(
        "from apps.usage.models import Budget\n"
        f"Budget.objects.create(user_id={person.id}, measure='calls', limit=1, period='day')"
    )
    page.goto("/compare/")
    page.locator("#message").fill("Who may answer?")
    page.locator("#message").press("Enter")
    expect(page.locator(".compare__col")).to_have_count(2)
    expect(page.locator(".compare__col .notice")).to_have_count(1)
    expect(page.locator(".compare__col .notice")).to_contain_text("is used up: 1 of 1 call.")


def test_the_pages_about_budgets_are_readable_in_chinese_on_a_phone(new_page, server, assert_accessible):
    page = new_page(server.administrator, phone=True, both=True)
    page.goto("/settings/budgets/")
    set_budget(page, server.member().email, "5", "money", "month")
    page.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": server.url}])
    for path in ("/settings/budgets/", "/settings/account/"):
        page.goto(path)
        assert_accessible(page)
        assert not page.evaluate(WIDER)
    page.goto("/settings/budgets/")
    page.locator("tbody a").first.click()
    expect(page.locator("#id_limit")).to_be_visible()
    assert_accessible(page)
