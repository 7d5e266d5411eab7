"""One prompt to several columns, as a person does it: choose, ask, watch, reload, stop one, vote, and look closer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.media import files

from .chatting import LONG, answers, finished, offer, say
from .conftest import LOOKS

ROWS = "#columns [data-row]"
WIDE = """
() => ['html', 'body', '.main', '.composer', '.compare__body'].flatMap((place) =>
  [...document.querySelectorAll(place)].filter((e) => e.scrollWidth > e.clientWidth + 1).map(() => place))
"""


def begin(page: Page, *models: str, text: str) -> None:
    """Chooses a column for each model on the page of a new comparison, and asks."""
    page.goto("/compare/")
    rows = page.locator(ROWS)
    for place, name in enumerate(models):
        if place >= rows.count():
            page.locator("#add-row").click()
        expect(rows).to_have_count(max(rows.count(), place + 1))
        choose(page, place, name)
    while rows.count() > len(models):
        rows.last.locator("[data-remove-row]").click()
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")
    expect(page).to_have_url(re.compile(r"/compare/[0-9a-f-]{36}/$"), timeout=LONG)


def choose(page: Page, place: int, name: str) -> None:
    with page.expect_response(re.compile("/compare/row/")):
        page.locator(ROWS).nth(place).locator("select").first.select_option(label=name)
    chosen = page.locator(ROWS).nth(place).locator("select").first.locator("option:checked")
    expect(chosen).to_have_text(name)


def columns(page: Page):
    return page.locator(".compare__col")


def all_ended(page: Page) -> None:
    expect(page.locator('.compare .turn--assistant[data-state="running"]')).to_have_count(0, timeout=LONG)


def test_two_columns_answer_at_once_and_a_reload_loses_nothing(page, server):
    offer(server, "sandbox-count-60-30")
    begin(page, "sandbox-count-60-30", "sandbox-echo", text="hello there")
    expect(columns(page)).to_have_count(2)
    first = columns(page).nth(0)
    expect(first.locator(".prose")).to_contain_text("3", timeout=LONG)
    page.reload()
    all_ended(page)
    numbers = re.findall(r"\d+", first.locator(".turn__body").inner_text())
    assert numbers == [str(n) for n in range(int(numbers[0]), int(numbers[0]) + len(numbers))] and len(numbers) >= 60
    expect(columns(page).nth(1)).to_contain_text("hello there")
    expect(page.locator("[data-best]")).not_to_have_count(0)


def test_one_column_is_stopped_asked_again_added_and_taken_away(page, server):
    offer(server, "sandbox-count-400-20")
    begin(page, "sandbox-count-400-20", "sandbox-echo", text="count")
    first = columns(page).nth(0)
    expect(first.locator(".prose")).to_contain_text("2", timeout=LONG)
    first.get_by_role("button", name="Stop").click()
    expect(first.locator(".compare__head")).to_contain_text("Stopped", timeout=LONG)
    expect(columns(page).nth(1)).to_contain_text("Done")
    columns(page).nth(1).get_by_role("button", name="Retry").click()
    expect(columns(page).nth(1).locator(".compare__head")).to_contain_text("Done", timeout=LONG)
    page.get_by_role("button", name="Add a column").click()
    page.locator("#panel-form select").first.select_option(label="sandbox-markdown")
    page.get_by_role("button", name="Add the column").click()
    expect(columns(page)).to_have_count(3)
    all_ended(page)
    expect(page.locator("#compare-panel")).to_be_hidden()
    expect(columns(page).nth(2).locator(".prose li").first).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove column 1").click()
    expect(columns(page)).to_have_count(2)


def test_hidden_names_are_shown_by_the_vote_and_another_tab_hears_of_it(page):
    page.goto("/compare/")
    choose(page, 0, "sandbox-echo")
    choose(page, 1, "sandbox-markdown")
    page.get_by_label("Hide names until I vote").check()
    page.locator("#message").fill("Which is better?")
    page.locator("#message").press("Enter")
    expect(columns(page)).to_have_count(2, timeout=LONG)
    all_ended(page)
    expect(page.locator("main")).not_to_contain_text("sandbox-")
    other = page.context.new_page()
    other.goto(page.url)
    columns(page).nth(1).get_by_role("button", name="Best answer").press("Enter")
    for each in (page, other):
        expect(each.locator(".compare__name")).to_have_text([re.compile("sandbox-"), re.compile("sandbox-")])
        best = columns(each).nth(1).get_by_role("button", name="Best answer")
        expect(best).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Voted before the names were shown.")).to_be_visible()
    page.get_by_role("button", name="None is better").click()
    expect(page.get_by_text("Voted the best answer")).to_have_count(0)
    expect(page.get_by_text("The vote was changed after the names were shown.")).to_be_visible()
    page.get_by_role("button", name="None is better").click()
    expect(page.get_by_role("button", name="None is better")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("link", name="Ask the same models blind").click()
    expect(page.get_by_label("Hide names until I vote")).to_be_checked()
    expect(page.locator(ROWS)).to_have_count(2)


def test_asking_on_goes_to_all_columns_or_to_one(page):
    begin(page, "sandbox-echo", "sandbox-echo", text="first words")
    all_ended(page)
    page.locator("#message").fill("second words")
    page.locator("#message").press("Enter")
    expect(page.locator(".prompt-strip")).to_contain_text("second words", timeout=LONG)
    all_ended(page)
    expect(page.locator(".compare .turn--assistant")).to_have_count(4)
    page.locator("#ask-whom").select_option(index=2)
    page.locator("#message").fill("third words")
    page.locator("#message").press("Enter")
    expect(columns(page).nth(1)).to_contain_text("third words", timeout=LONG)
    all_ended(page)
    expect(columns(page).nth(0).locator(".turn--assistant")).to_have_count(2)
    expect(page.locator("#message")).to_have_value("")


def test_a_column_is_asked_on_while_another_answers_and_what_was_stopped_goes_on(page, server):
    offer(server, "sandbox-count-400-20")
    begin(page, "sandbox-count-400-20", "sandbox-echo", text="count")
    first, second = columns(page).nth(0), columns(page).nth(1)
    expect(second.locator(".compare__head")).to_contain_text("Done", timeout=LONG)
    send = page.locator(".composer__send")
    expect(send).to_have_attribute("aria-disabled", "true")
    page.locator("#ask-whom").select_option(index=2)
    expect(send).to_have_attribute("aria-disabled", "false")
    page.locator("#message").fill("only you")
    send.click()
    expect(second.locator(".turn--assistant")).to_have_count(2, timeout=LONG)
    expect(second.locator(".compare__head")).to_contain_text("Done", timeout=LONG)
    expect(first.locator(".compare__head")).to_contain_text("Answering")
    expect(page.locator("#ask-whom option:checked")).to_contain_text("sandbox-echo")
    page.get_by_role("button", name="Stop all").click()
    expect(first.locator(".compare__head")).to_contain_text("Stopped", timeout=LONG)
    expect(send).to_have_attribute("aria-disabled", "false")
    first.get_by_role("button", name="Continue", exact=True).click()
    expect(first.locator(".compare__head")).to_contain_text("Answering", timeout=LONG)
    page.get_by_role("button", name="Stop all").click()
    all_ended(page)
    expect(columns(page)).to_have_count(2)


def test_a_click_compares_an_answer_with_its_model_in_another_format(page):
    page.goto("/")
    say(page, "By which format?", "sandbox-echo")
    finished(page)
    answers(page).last.hover()
    answers(page).last.get_by_role("button", name="Compare with").click()
    page.get_by_role("button", name="The same model by Responses").click()
    expect(page).to_have_url(re.compile("/compare/"), timeout=LONG)
    all_ended(page)
    expect(page.locator(".compare__format")).to_have_text(["Chat Completions", "Responses"])
    page.get_by_role("link", name="Differences").click()
    page.get_by_label("Of what").select_option("requests")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".differs ins").first).to_be_visible()
    expect(page.locator(".differs")).to_contain_text("/v1/responses")


def test_a_refused_prompt_stays_in_the_box(page, complaints):
    complaints.tolerate("status of 422")
    page.goto("/compare/")
    page.locator(ROWS).first.locator("summary").click()
    page.locator(ROWS).first.locator("input[type=number]").first.fill("99")
    page.locator("#message").fill("kept")
    page.locator("#message").press("Enter")
    expect(page.locator("#composer-error .notice")).to_contain_text("Column 1: Temperature", timeout=LONG)
    expect(page.locator("#message")).to_have_value("kept")
    expect(page).to_have_url(re.compile("/compare/$"))
    wrong = page.locator(ROWS).first.locator('[aria-invalid="true"]')
    expect(wrong).to_have_accessible_description(re.compile("Temperature must be"))
    wrong.fill("1")
    expect(page.locator(ROWS).first.locator("[aria-invalid]")).to_have_count(0)
    expect(page.locator("#composer-error .notice")).to_have_count(0)


def test_a_file_is_told_at_the_column_that_cannot_take_it_and_a_refused_one_stays(page, complaints):
    complaints.tolerate("status of 422")
    page.goto("/compare/")
    choose(page, 0, "sandbox-attachments")
    choose(page, 1, "sandbox-echo")
    page.locator("#composer [data-files]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": files.picture()}
    )
    chip = page.locator("#attachments [data-chip]")
    expect(chip).to_contain_text("Not every column can take it.")
    expect(page.locator(ROWS).nth(1)).to_contain_text("a.png: This model cannot take it.")
    expect(page.locator(ROWS).nth(0).locator("[data-unfit-why]")).to_be_hidden()
    page.locator("#message").fill("See")
    page.locator("#message").press("Enter")
    expect(page.locator("#composer-error")).to_contain_text("sandbox-echo cannot take a.png", timeout=LONG)
    expect(chip).to_have_count(1)
    page.locator(ROWS).nth(1).locator("[data-remove-row]").click()
    expect(chip).not_to_contain_text("Not every column")
    page.locator("#message").press("Enter")
    expect(columns(page)).to_have_count(1, timeout=LONG)
    all_ended(page)
    expect(columns(page).first).to_contain_text("image/png")


def test_a_comparison_is_listed_once_and_found(page):
    begin(page, "sandbox-echo", "sandbox-markdown", text="Find this zebra")
    all_ended(page)
    page.goto("/")
    entries = page.locator("#history a", has_text="Find this zebra")
    expect(entries).to_have_count(1)
    page.locator("#search").fill("zebra")
    page.locator("#found a").first.click()
    expect(columns(page)).to_have_count(2)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_pages_are_usable_by_everybody_and_nothing_sticks_out(new_page, server, assert_accessible, look):
    page = new_page(server.member(), **look)
    begin(page, "sandbox-markdown", "fault-400", "sandbox-code", text="Donaudampfschiff" * 20)
    all_ended(page)
    columns(page).nth(0).get_by_role("button", name="Best answer").click()
    expect(page.get_by_text("Voted the best answer")).to_be_visible()
    fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Settings of column 1").click()
    expect(page.locator("#panel-form")).to_be_visible()
    assert_accessible(page, "#compare-panel")
    page.goto(f"{page.url}diff/")
    fits(page)
    assert_accessible(page)
    page.goto("/compare/")
    page.locator(ROWS).first.locator("summary").click()
    fits(page)
    assert_accessible(page)


def fits(page: Page) -> None:
    assert page.evaluate(WIDE) == []
