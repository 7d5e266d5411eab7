"""Tools and structured answers, as a person uses them."""

import json
import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from apps.wire.messages import Text, ToolCall
from tests.hostile.corpus import NAMES
from tests.processes import wait_until
from tests.runs.tools.scripted_model import ScriptedModel
from tests.servers import PlaygroundServer
from tests.upstreams.scripted import Scripted

from .chatting import LONG, answers, choose, finished, offer, say
from .conftest import LOOKS
from .harmless import assert_harmless, watch
from .test_pages import AT_REST, WIDE

SCHEMA = '{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}'
CALC = ToolCall(id="call_1", name="calculator", arguments='{"expression": "6*7"}')
WEATHER = ToolCall(id="call_2", name="get_weather", arguments='{"city": "Oslo"}')


@pytest.fixture
def scripted():
    """`scripted(server, name, *answers)`: a model of that name on the server, which says what the test wants."""
    with ExitStack() as running:

        def make(server: PlaygroundServer, name: str, *answers) -> ScriptedModel:
            model = running.enter_context(ScriptedModel("openai_chat", *answers).serving())
            server.shell(
                "from apps.upstreams.models import Model, Upstream\n"
                f"upstream = Upstream.objects.create(name={name!r}, base_url={model.server.url!r})\n"
                f"Model.objects.create(upstream=upstream, name={name!r}, capabilities=['chat', 'tools'])"
            )
            return model

        yield make


def make_tool(page: Page, name: str = "get_weather") -> None:
    page.goto("/settings/tools/")
    page.get_by_role("link", name="New tool").click()
    page.locator('[name="name"]').fill(name)
    page.locator('[name="description"]').fill("The weather in a city")
    page.locator('[name="schema"]').fill(SCHEMA)
    expect(page.locator("#schema-checked")).to_contain_text("This is a JSON schema.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def open_panel(page: Page) -> None:
    opener = page.locator(".to-end[popovertarget=inspector]")
    if opener.is_visible():
        opener.click()


def close_panel(page: Page) -> None:
    if page.locator("#inspector:popover-open").count():
        page.keyboard.press("Escape")


def switch_on(page: Page, *names: str) -> None:
    open_panel(page)
    group = page.locator("[data-tools]")
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    for name in names:
        group.get_by_role("switch", name=name).check()
    expect(page.locator("[data-tools-on]")).to_have_text(str(len(names)))
    close_panel(page)


def shape(page: Page, schema: str) -> None:
    open_panel(page)
    group = page.locator("[data-structure]")
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    group.locator('[name="schema"]').fill(schema)
    expect(page.locator("#answer-schema-checked")).not_to_be_empty()
    close_panel(page)


def test_a_tool_is_made_called_answered_by_hand_and_the_answer_goes_on(page):
    make_tool(page)
    page.goto("/")
    choose(page, "sandbox-tools")
    switch_on(page, "get_weather")
    say(page, "How is the weather?")
    answer = finished(page)
    cards = answer.locator('.tool[data-state="waiting"]')
    expect(cards).to_have_count(2)
    expect(answer.locator(".tool__args").first).to_contain_text("Oslo")
    page.get_by_label("Your result of get_weather").first.fill("Rain")
    page.reload()
    expect(page.get_by_label("Your result of get_weather").first).to_have_value("Rain")
    page.get_by_label("Your result of get_weather").last.fill("Storm")
    page.get_by_role("button", name="Give the results to the model").click()
    expect(finished(page).locator(".prose").last).to_contain_text("This is what the tools found", timeout=LONG)
    expect(answers(page)).to_have_count(1)
    page.reload()
    done = finished(page)
    expect(done.locator('.tool[data-state="ok"]')).to_have_count(2)
    expect(done.locator(".prose").last).to_contain_text("Storm")
    expect(done.locator(".metrics")).to_contain_text("2 requests")
    expect(page.locator('[data-tools] [name="tool"]:checked')).to_have_count(1)


def test_an_empty_result_is_not_sent_and_a_failed_one_is_told(page, server, scripted):
    make_tool(page)
    model = scripted(server, "by-hand-model", [WEATHER], [Text("Too bad.")])
    page.goto("/")
    choose(page, "by-hand-model")
    switch_on(page, "get_weather")
    say(page, "weather?")
    finished(page)
    page.get_by_role("button", name="Give the results to the model").click()
    expect(page.get_by_label("Your result of get_weather")).to_be_focused()
    page.get_by_label("Your result of get_weather").fill("no such city")
    page.get_by_label("It failed").check()
    page.get_by_role("button", name="Give the results to the model").click()
    expect(finished(page).locator('.tool[data-state="error"]')).to_have_count(1, timeout=LONG)
    expect(finished(page)).to_contain_text("Too bad.")
    assert "no such city" in str(model.asked[1].messages)


def test_a_card_that_a_reader_opens_stays_open_while_it_is_written_and_after(page, server):
    offer(server, "sandbox-tools@12")
    page.goto("/")
    say(page, "weather?", "sandbox-tools@12")
    card = page.locator(".tool").first
    expect(card).to_be_visible(timeout=LONG)
    card.locator("summary").click()
    expect(card.locator("code").first).to_contain_text("Oslo", timeout=LONG)
    expect(card.locator("details")).to_have_attribute("open", "")
    finished(page)
    expect(card.locator("details")).to_have_attribute("open", "")
    expect(card.locator("code").first).to_have_text(re.compile(r'\{\s+"city": "Oslo",\s+"unit": "celsius"\s+\}'))


def test_built_in_tools_run_by_themselves_and_a_failure_is_shown(page, server, scripted):
    private = ToolCall(id="call_9", name="fetch_page", arguments=json.dumps({"url": f"{server.url}/healthz"}))
    scripted(server, "busy-model", [Text("Let me see."), CALC, private], [Text("It is 42.")])
    page.goto("/")
    choose(page, "busy-model")
    switch_on(page, "calculator", "fetch_page")
    say(page, "how much?")
    answer = finished(page)
    expect(answer).to_contain_text("It is 42.")
    expect(answer.locator('.tool[data-state="ok"]')).to_have_count(1)
    failed = answer.locator('.tool[data-state="error"]')
    expect(failed).to_have_count(1)
    failed.locator("summary").click()
    expect(failed).to_contain_text("not an address of the public internet")
    page.reload()
    expect(finished(page).locator(".tool")).to_have_count(2)


def test_an_answer_of_a_given_shape_is_a_tree_with_what_is_wrong_and_its_text_beside(page, server, scripted):
    scripted(server, "shaped-model", [Text('{"city": 7, "list": [{"deep": "value"}]}')])
    page.goto("/")
    choose(page, "shaped-model")
    shape(page, '{"type": "objekt"}')
    expect(page.locator("#answer-schema-checked")).to_contain_text("no JSON schema")
    shape(page, SCHEMA)
    expect(page.locator("#answer-schema-checked")).to_contain_text("This is a JSON schema.")
    say(page, "a city, please")
    document = finished(page).locator(".document")
    for _look in ("live", "reloaded"):
        expect(document.locator(".notice")).to_contain_text("does not follow its schema")
        expect(document.locator(".violations")).to_contain_text("$.city must be of type string and is of type integer")
        expect(document.locator(".tree")).to_contain_text("deep")
        expect(document.locator(".document__text")).to_be_hidden()
        document.get_by_text("Text", exact=True).click()
        expect(document.locator(".document__text")).to_contain_text('"deep"')
        expect(document.locator(".tree")).to_be_hidden()
        page.reload()
    expect(page.locator('[name="schema"]')).to_have_value(SCHEMA)


def test_all_of_a_large_tree_is_shown_when_asked_for(page, server, scripted):
    scripted(server, "large-model", [Text(json.dumps({"city": "x", "numbers": list(range(1500))}))])
    page.goto("/")
    choose(page, "large-model")
    shape(page, SCHEMA)
    say(page, "many")
    document = finished(page).locator(".document")
    expect(document).to_contain_text("Follows its schema")
    expect(document.locator(".tree")).not_to_contain_text("1499")
    document.get_by_role("button", name="Show all").click()
    expect(document.locator(".tree")).to_contain_text("1499")
    expect(document.get_by_role("button", name="Show all")).to_have_count(0)


def test_a_server_that_is_killed_in_the_middle_of_a_tool_leaves_an_answer_that_goes_on(
    playground_server, new_page, scripted, complaints
):
    for text in ("ERR_CONNECTION", "WebSocket", "htmx:ws:error"):
        complaints.tolerate(text)
    server = playground_server(environment={"PLAYGROUND_TOOL_NETWORKS": "127.0.0.1/32"})
    is_open = []

    async def door(exchange):
        await (exchange.json("come in") if is_open else exchange.client_left())

    with Scripted(door) as endpoint:
        server.shell(
            "from apps.accounts.models import User\nfrom apps.runs.models import Tool\n"
            "Tool.objects.create(owner=User.objects.get(pk=" + str(server.administrator.id) + "), name='door', "
            f"schema='{{\"type\": \"object\"}}', kind='endpoint', url={endpoint.url!r})"
        )
        knock = ToolCall(id="call_3", name="door", arguments="{}")
        model = scripted(server, "knocking-model", [Text("Let me knock."), CALC, knock], [Text("We are in.")])
        page = new_page(server.administrator, server)
        page.goto("/")
        choose(page, "knocking-model")
        switch_on(page, "calculator", "door")
        say(page, "open it")
        expect(page.locator('.tool[data-state="ok"]')).to_have_count(1, timeout=LONG)
        wait_until(lambda: endpoint.requests, "the door is knocked at")
        expect(page.locator('.tool[data-state="running"]')).to_have_count(1)
        page.reload()
        expect(page.locator('.tool[data-state="running"]')).to_have_count(1)
        wait_until(lambda: "ToolResult" in journaled(server), "the first result is in the journal")
        server.kill9()
        is_open.append(True)
        server.start()
        page.reload()
        answer = finished(page)
        expect(answer).to_contain_text("Interrupted")
        expect(answer.locator('.tool[data-state="ok"]')).to_have_count(1)
        expect(answer.locator('.tool[data-state="off"]')).to_have_count(1)
        answer.get_by_role("button", name="Continue").click()
        expect(finished(page)).to_contain_text("We are in.", timeout=LONG)
        expect(finished(page).locator('.tool[data-state="ok"]')).to_have_count(2)
        assert len(model.asked) == 2


def journaled(server: PlaygroundServer) -> str:
    return server.shell(
        "from apps.runs.models import Run\nfrom apps.runs.reaper import replayed\n"
        "print([type(part).__name__ for run in Run.objects.filter(status='running') for part in replayed(run).parts])"
    )


def test_hostile_names_arguments_results_and_documents_are_words(page, server, scripted, complaints):
    watch(page, complaints, server.url)
    calls = [
        ToolCall(id=f"c{place}", name=name, arguments=json.dumps({"expression": name, name: [name]}))
        for place, name in enumerate(NAMES)
    ]
    told = json.dumps({name: {"city": name, "list": [name]} for name in NAMES})
    scripted(server, "hostile-model", [*calls, CALC], [Text(told)])
    make_tool(page)
    page.goto("/")
    choose(page, "hostile-model")
    switch_on(page, "calculator", "get_weather")
    shape(page, json.dumps({"additionalProperties": {"type": "string"}}))
    say(page, "go")
    answer = finished(page)
    for _look in ("live", "reloaded"):
        expect(answer.locator(".tool")).to_have_count(len(calls) + 1)
        expect(answer.locator('.tool[data-state="error"]')).to_have_count(len(calls))
        expect(answer.locator(".violations li")).to_have_count(len(NAMES))
        for summary in answer.locator(".tool summary").all():
            summary.click()
        expect(answer.locator(".tree")).to_contain_text("owned()")
        assert_harmless(page)
        page.reload()
        finished(page)


@pytest.fixture
def assert_fine(assert_accessible):
    def check(page: Page, within: str | None = None) -> None:
        page.wait_for_function(AT_REST)
        assert page.evaluate(WIDE) == []
        assert_accessible(page, within)

    return check


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_it_is_usable_by_everybody(server, new_page, scripted, assert_fine, look, complaints):
    complaints.tolerate("status of 400")
    page = new_page(server.member(), **LOOKS[look])
    page.goto("/settings/tools/")
    assert_fine(page)
    make_tool(page, "get_weather")
    assert_fine(page)
    page.get_by_role("link", name="get_weather").click()
    page.get_by_text("HTTPS endpoint").click()
    expect(page.locator('[name="url"]')).to_be_visible()
    page.locator('[name="schema"]').fill("{")
    expect(page.locator("#schema-checked")).to_contain_text("not JSON")
    assert_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field__error").first).to_be_visible()
    assert_fine(page)
    scripted(server, f"looks-{look}", [Text("Wait."), CALC, WEATHER], [Text('{"city": [1, {"a": null}]}')])
    page.goto("/")
    choose(page, f"looks-{look}")
    switch_on(page, "get_weather", "calculator")
    shape(page, SCHEMA)
    say(page, "go")
    finished(page).locator(".tool summary").first.click()
    assert_fine(page)
    page.get_by_label("Your result of get_weather").fill("Rain")
    page.get_by_role("button", name="Give the results to the model").click()
    expect(page.locator(".document")).to_be_visible(timeout=LONG)
    assert_fine(page)
    open_panel(page)
    assert_fine(page, "#inspector")


def test_what_is_being_written_into_a_card_outlives_news_of_another_tab(page, server, scripted):
    make_tool(page)
    scripted(server, "patient-model", [Text("Wait."), WEATHER], [Text("Never mind.")])
    page.goto("/")
    choose(page, "patient-model")
    switch_on(page, "get_weather")
    say(page, "weather?")
    finished(page)
    page.get_by_label("Your result of get_weather").fill("half an answer")
    other = page.context.new_page()
    other.goto(page.url)
    finished(other)
    say(other, "forget it")
    finished(other, 2)
    finished(page, 2)
    expect(page.get_by_label("Your result of get_weather")).to_have_value("half an answer")
