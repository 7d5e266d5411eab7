"""Choosing the format: for a turn, for good, with its parameters; searching the web; what the reader is told of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import NAMES
from tests.servers import Person, PlaygroundServer

from .chatting import answers, choose, finished, offer, say
from .conftest import LOOKS
from .harmless import assert_harmless, watch

CHAT, RESPONSES, MESSAGES, GEMINI = "Chat Completions", "Responses", "Anthropic Messages", "Gemini"
SEARCH, THINKING = "sandbox-search", "sandbox-signed@0"
OVERFLOW = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.fixture(autouse=True)
def models(server):
    offer(server, SEARCH, THINKING)


def begin(page: Page) -> None:
    page.goto("/")
    choose(page, "sandbox-echo")


def choose_format(page: Page, label: str, scope: str = "") -> None:
    """In the menu beside the model; `scope` is the word for how long."""
    if not page.locator("#wire-menu").is_visible():
        page.locator("#wire-button").click()
    page.locator("#wire-menu .wire-choice", has_text=label).click()
    expect(page.locator("#wire-name")).to_have_text(label)
    if scope:
        page.locator("#wire-menu").get_by_text(scope, exact=True).click()
        expect(page.locator(f"#wire-menu label:has-text('{scope}') input")).to_be_checked()
    page.keyboard.press("Escape")


def test_a_format_for_one_turn_answers_that_turn_and_is_gone(page):
    begin(page)
    choose_format(page, RESPONSES, "This turn")
    expect(page.locator("#wire-scope")).to_have_text("for this turn")
    expect(page.locator('[name="p.max_output_tokens"]')).to_be_attached()
    say(page, "hello")
    expect(finished(page).locator(".metrics")).to_contain_text(RESPONSES)
    expect(page.locator("#wire-name")).to_have_text(CHAT)
    expect(page.locator('[name="p.max_completion_tokens"]')).to_be_attached()
    say(page, "again")
    expect(finished(page, 2).locator(".metrics")).to_contain_text(CHAT)


def test_a_format_for_good_stays_over_a_reload_and_another_model(page, server):
    offer(server, "sandbox-markdown")
    begin(page)
    say(page, "hello")
    finished(page)
    choose_format(page, MESSAGES)
    say(page, "more")
    expect(finished(page, 2).locator(".metrics")).to_contain_text(MESSAGES)
    page.reload()
    expect(page.locator("#wire-name")).to_have_text(MESSAGES)
    choose(page, "sandbox-markdown")
    page.locator("#wire-button").click()
    expect(page.locator("#format-for-good")).to_be_checked()
    expect(page.locator("#wire-anthropic_messages")).to_be_checked()


def test_the_keyboard_chooses_a_format_and_stays_in_the_menu(page):
    begin(page)
    page.locator("#wire-button").focus()
    page.keyboard.press("Enter")
    page.locator("#wire-openai_chat").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#wire-name")).to_have_text(RESPONSES)
    expect(page.locator("#wire-openai_responses")).to_be_focused()
    expect(page.locator("#wire-menu")).to_be_visible()


def test_what_the_new_format_cannot_say_is_named_and_the_rest_goes_over(page):
    begin(page)
    page.locator('[name="p.seed"]').fill("7")
    page.locator('[name="p.temperature"]').fill("0.5")
    choose_format(page, MESSAGES)
    expect(page.locator("#switch-notes")).to_contain_text(f"{MESSAGES} has no Seed: it was left out.")
    expect(page.locator('[name="p.temperature"]')).to_have_value("0.5")
    expect(page.locator("[data-sent]")).to_have_text("1")
    say(page, "hello")
    finished(page)
    expect(page.locator("#switch-notes")).to_be_empty()
    choose_format(page, CHAT)
    expect(page.locator('[name="p.seed"]')).to_have_value("7")
    expect(page.locator("[data-sent]")).to_have_text("2")


def test_what_was_left_out_for_a_turn_is_noted_under_its_answer(page):
    begin(page)
    page.locator('[name="p.seed"]').fill("7")
    say(page, "hello")
    finished(page)
    choose_format(page, MESSAGES, "This turn")
    say(page, "more")
    expect(finished(page, 2)).to_contain_text(f"{MESSAGES} has no Seed: it was left out.")
    expect(page.locator('[name="p.seed"]')).to_have_value("7")


def test_extra_json_that_is_none_is_refused_at_its_field_and_the_prompt_comes_back(page, complaints):
    complaints.tolerate("status of 422")
    begin(page)
    page.locator("#parameters summary", has_text="Extra JSON").click()
    page.locator('[name="p.extra"]').fill("[1, 2]")
    say(page, "do not lose me")
    expect(page.locator("#composer-error")).to_contain_text("must be a JSON object")
    expect(page.locator("#message")).to_have_value("do not lose me")
    expect(page.locator("#pe-extra")).to_contain_text("must be a JSON object")
    page.locator('[name="p.extra"]').fill('{"user": "somebody"}')
    page.locator("#message").press("Enter")
    finished(page)
    page.reload()
    expect(page.locator('[name="p.extra"]')).to_have_value('{"user": "somebody"}')


def test_an_answer_is_asked_for_again_in_another_format_and_from_another_model(page, server):
    offer(server, "sandbox-markdown")
    begin(page)
    say(page, "hello")
    answer = finished(page)
    answer.get_by_role("button", name="Regenerate in another format").click()
    with page.expect_response("**/again/*"):
        page.locator("#again-model").select_option(label="sandbox-markdown")
    page.route("**/again/*", lambda late: None)
    page.locator("#again .wire-choice", has_text=MESSAGES).click()
    expect(page.locator("#again-anthropic_messages")).to_be_checked()
    with page.expect_event("requestfailed", lambda request: "/again/" in request.url):
        page.locator("#again").get_by_role("button", name="Regenerate").click()
    expect(page.locator(".branch")).to_contain_text("2/2")
    metrics = finished(page).locator(".metrics")
    expect(metrics).to_contain_text("sandbox-markdown")
    expect(metrics).to_contain_text(MESSAGES)
    expect(page.locator("#wire-name")).to_have_text(CHAT)


def said(page: Page) -> tuple[str, str]:
    """The answer's text and its sources, as they stand in the page."""
    body = page.locator(".turn--assistant .turn__body").last.inner_html()
    sources = page.locator(".turn--assistant .turn__sources").last.inner_html()
    return tuple(re.sub(r"\s+", " ", html).strip() for html in (body, sources))


@pytest.mark.parametrize("label", [CHAT, RESPONSES, MESSAGES, GEMINI])
def test_an_answer_with_thoughts_is_folded_and_the_same_after_a_reload(page, label):
    page.goto("/")
    choose(page, THINKING)
    choose_format(page, label)
    say(page, "How much does the ball cost?")
    answer = finished(page)
    expect(answer.locator(".metrics")).to_contain_text(label)
    expect(answer.locator(".turn__body > .prose")).to_contain_text("5 cents")
    thoughts = answer.locator("details.reasoning")
    expect(thoughts.locator("summary")).to_contain_text("Reasoned for")
    expect(thoughts.locator(".reasoning__body")).to_be_hidden()
    live = said(page)
    page.reload()
    finished(page)
    assert said(page) == live
    thoughts.locator("summary").click()
    expect(thoughts.locator(".reasoning__body")).to_contain_text("bat")
    say(page, "And the bat?")
    expect(finished(page, 2).locator(".metrics")).to_contain_text(label)
    expect(answers(page).last.locator(".notice")).to_have_count(0)


@pytest.mark.parametrize("label", [CHAT, RESPONSES, MESSAGES, GEMINI])
def test_a_search_is_shown_and_its_sources_are_numbered_live_and_after_a_reload(page, label):
    page.goto("/")
    choose(page, SEARCH)
    choose_format(page, label)
    page.locator("#search-switch label").click()
    expect(page.locator("#web-search")).to_be_checked()
    say(page, "where does water boil?")
    answer = finished(page)
    expect(answer.locator("a.cite")).to_have_count(2)
    expect(answer.locator(".sources li")).to_have_count(2)
    if label != CHAT:
        expect(answer.locator(".hosted").first).to_contain_text("Searched the web")
    live = said(page)
    page.reload()
    finished(page)
    assert said(page) == live
    expect(page.locator("#web-search")).to_be_checked()
    answer.locator("a.cite").first.click()
    expect(answer.locator(".sources li:target")).to_have_count(1)


def test_a_model_that_does_not_search_has_no_switch_to_turn_on(page, server):
    server.shell(
        "from apps.upstreams.models import Model, Upstream\n"
        "other, _ = Upstream.objects.get_or_create(name='Elsewhere', base_url='http://127.0.0.1:9')\n"
        "Model.objects.get_or_create(upstream=other, name='plain-model', defaults={'capabilities': ['chat']})"
    )
    page.goto("/")
    choose(page, "plain-model")
    expect(page.locator("#web-search")).to_be_disabled()
    choose(page, "sandbox-echo")
    expect(page.locator("#web-search")).to_be_enabled()


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_menu_notes_and_sources_are_for_everybody_and_nothing_sticks_out(new_page, server, assert_accessible, look):
    page = new_page(server.member(), **{**look, "both": True})
    page.goto("/")
    choose(page, SEARCH)
    page.locator("#search-switch label").click()
    choose_format(page, RESPONSES)
    say(page, "where does water boil?")
    answer = finished(page)
    assert_accessible(page)
    page.locator("#wire-button").click()
    assert_accessible(page)
    assert not page.evaluate(OVERFLOW)
    page.keyboard.press("Escape")
    answer.get_by_role("button", name="Regenerate in another format").click()
    expect(page.locator("#again-model")).to_be_visible()
    assert_accessible(page)
    assert not page.evaluate(OVERFLOW)


def hostile_answer(server: PlaygroundServer, person: Person) -> str:
    """An answer whose sources and search mean harm; the address of its conversation."""
    return server.shell(
        "import json\n"
        "from apps.accounts.models import User\n"
        "from apps.conversations import edit\n"
        "from apps.wire.messages import Citation, HostedTool, Text\n"
        f"names = {NAMES!r}\n"
        f"talk = edit.create(owner=User.objects.get(pk={person.id}), first_text='sources')\n"
        "prompt = edit.add_message(conversation=talk, parent=None, role='user', parts=[Text('who?')])\n"
        "parts = [HostedTool(str(n), name, json.dumps({'query': name}), 'completed') for n, name in enumerate(names)]\n"
        "parts += [HostedTool('s', 'web_search', json.dumps({'query': name}), 'running') for name in names]\n"
        "parts += [Text('One **fact.** And [a link](https://a.example/x). ')]\n"
        "parts += [Citation(f'https://a.example/{n}', name, 0, n + 1) for n, name in enumerate(names)]\n"
        "parts += [Citation(name, name, 0, 8) for name in names]\n"
        "parts += [Citation('javascript:owned()', 'x', 0, 8), Citation('https://a.example/\"><script>', 'y', 0, 12)]\n"
        "edit.add_message(conversation=talk, parent=prompt, role='assistant', parts=parts)\n"
        "print(f'/c/{talk.pk}/')"
    ).strip()


def test_hostile_sources_and_searches_are_words_and_nothing_else(new_page, server, complaints):
    person = server.member()
    page = watch(new_page(person), complaints, server.url)
    page.goto(hostile_answer(server, person))
    expect(page.locator(".sources li").first).to_be_visible()
    assert page.locator(".sources a[href^='javascript']").count() == 0
    assert_harmless(page)
