"""Hostile text in every place that shows a stranger's words: it is shown, and nothing else comes of it."""

import itertools
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.conversations.render import render
from apps.work.storable import text as storable
from tests.hostile.corpus import ERROR_BODIES, NAMES, TEXTS
from tests.processes import wait_until
from tests.servers import Person, PlaygroundServer
from tests.upstreams.scripted import Exchange, Scripted

from .chatting import LONG, choose, finished, offer, pick, say
from .harmless import assert_harmless, watch

END = "The end."
NAMES_THAT_FIT = [name[:150] for name in NAMES]


@pytest.fixture
def page(page, complaints, server) -> Page:
    return watch(page, complaints, server.url)


def prompts() -> list[str]:
    """The corpus in few texts. What swallows everything behind it, such as an open comment, comes last in its text."""
    typed = [text for text in map(storable, TEXTS.values()) if text.strip()]
    mild = [text for text in typed if render(f"{text}\n\n{END}", "m")[-1] == f"<p>{END}</p>"]
    swallowing = [text for text in typed if text not in mild]
    size = len(mild) // len(swallowing) + 1
    groups = [mild[at : at + size] for at in range(0, len(mild), size)]
    return ["\n\n".join([*group, last]) for group, last in itertools.zip_longest(groups, swallowing, fillvalue="")]


@pytest.mark.parametrize("model", ["sandbox-echo@4000", "fault-letters@8000"])
def test_hostile_prompts_and_answers_are_shown_and_do_nothing_while_they_stream_or_later(page, server, model):
    offer(server, model)
    page.goto("/")
    choose(page, model)
    for count, prompt in enumerate(prompts(), start=1):
        say(page, prompt)
        finished(page, count)
        expect(page.locator(".turn__bubble").last).to_have_js_property("textContent", prompt)
        expect(page.locator(".turn__body").last).to_contain_text("owned()")
    assert_harmless(page)
    page.reload()
    finished(page, len(prompts()))
    assert_harmless(page)


MISDEEDS = {
    "<img src=x onerror=owned()>": "owned()",
    "<script>owned(2)</script>": "<script>",
    "<a href='javascript:owned()'>x</a>": "javascript:",
    "<p style='color:red'>x</p>": "style=",
    "<b hx-get='/setup/'>x</b>": "hx-get",
    "<b data-copy='#key'>x</b>": "data-copy",
    "<b id=thread>x</b>": "id=",
    "<img src='https://evil.example/pixel.png'>": "request: https://evil.example",
    "<iframe src='/accounts/logout/'></iframe>": "/accounts/logout/",
    "<script>alert('now')</script>": "dialog: now",
}


def test_the_watch_notices_what_hostile_markup_does(new_page, complaints, server):
    """Put into a page without a policy as it is."""
    complaints.tolerate("")
    page = watch(new_page(), complaints, server.url)
    page.route("**/*", lambda route: route.fulfill(body="<div class=prose></div>", content_type="text/html"))
    page.goto("/")
    put = "html => document.querySelector('.prose').append(document.createRange().createContextualFragment(html))"
    for markup in MISDEEDS:
        page.evaluate(put, markup)
    for said in MISDEEDS.values():
        wait_until(lambda said=said: page.evaluate("1") and any(said in text for text in complaints), said)


def converse(server: PlaygroundServer, person: Person, titles: Iterable[str]) -> None:
    """Gives the person an empty conversation of each title."""
    server.shell(
        "from apps.accounts.models import User\n"
        "from apps.conversations import edit\n"
        f"owner = User.objects.get(pk={person.id})\n"
        f"for title in {list(titles)!r}: edit.rename(conversation=edit.create(owner=owner), title=title)"
    )


def test_hostile_titles_are_words_wherever_they_stand(server, new_page, complaints):
    person = server.member()
    page = watch(new_page(person), complaints, server.url)
    converse(server, person, NAMES_THAT_FIT)
    page.goto("/")
    for name in NAMES_THAT_FIT:
        expect(kept(page, name)).to_have_count(1)
    for name in NAMES_THAT_FIT[:3]:
        kept(page, name).click()
        expect(page.locator("#title")).to_have_text(words(name))
        expect(page).to_have_title(f"{words(name)} · Playground")
        rename(page, f"{name} again")
        expect(page.locator("#title")).to_have_text(words(f"{name} again"))
        expect(kept(page, f"{name} again")).to_have_count(1)
    assert_harmless(page)


def compare(server: PlaygroundServer, person: Person) -> str:
    """A comparison of hostile names: its title, its models and their labels."""
    return server.shell(
        "from apps.accounts.models import User\n"
        "from apps.conversations import edit\n"
        "from apps.runs.compare import begin\n"
        "from apps.runs.compare.columns import Wanted\n"
        "from apps.upstreams.models import Upstream\n"
        f"owner = User.objects.get(pk={person.id})\n"
        "upstream = Upstream.objects.create(name='<i>Strange</i>', base_url='http://127.0.0.1:9')\n"
        f"names = {[words(name)[:200] for name in NAMES[:6]]!r}\n"
        "made = [upstream.models.create(name=name, label=name, capabilities=['chat'], own_formats=['openai_chat'])"
        " for name in names]\n"
        "wanted = [Wanted(model, 'openai_chat') for model in made]\n"
        "comparison = begin.opened(owner=owner, named='x', shared={}, wanted=wanted)\n"
        "edit.rename(conversation=comparison.conversation, title=names[0])\n"
        "print(comparison.pk)"
    ).strip()


def test_hostile_titles_names_and_answers_of_a_comparison_are_words(server, new_page, complaints):
    complaints.tolerate("status of 422")
    person = server.member()
    page = watch(new_page(person), complaints, server.url)
    offer(server, "sandbox-echo@8000")
    page.goto(f"/compare/{compare(server, person)}/")
    expect(page.locator(".compare__name")).to_have_text([words(name)[:200] for name in NAMES[:6]])
    expect(page.locator("#title")).to_have_text(words(NAMES[0]))
    page.get_by_role("button", name="Settings of column 1").click()
    expect(page.locator("#panel-form")).to_be_visible()
    assert_harmless(page)
    page.goto("/compare/")
    for row in page.locator("#columns [data-row]").all():
        with page.expect_response(re.compile("/compare/row/")):
            row.locator("select").first.select_option(label="sandbox-echo@8000")
    file = {"name": f"{NAMES[1]}.txt", "mimeType": "text/plain", "buffer": b"words"}
    page.locator("#composer [data-files]").set_input_files(file)
    expect(page.locator("#attachments [data-chip]")).to_have_count(1)
    for count, prompt in enumerate(prompts(), start=1):
        page.locator("#message").fill(prompt)
        page.locator("#message").press("Enter")
        expect(page.locator(".compare .turn--assistant")).to_have_count(2 * count, timeout=LONG)
        expect(page.locator('.compare .turn--assistant[data-state="running"]')).to_have_count(0, timeout=LONG)
        expect(page.locator("#message")).to_have_value("")
    for column in page.locator(".compare__body").all():
        expect(column).to_contain_text("owned()")
    assert_harmless(page)
    comparison = page.url
    for place in ("", "diff/", "diff/?of=requests"):
        page.goto(f"{comparison}{place}")
        expect(page.locator("main")).to_contain_text("owned()")
        assert_harmless(page)


def kept(page: Page, title: str) -> Locator:
    """The conversation of that title in the history."""
    return page.locator("#history .list__text").filter(has_text=re.compile(f"^{re.escape(words(title))}$"))


def rename(page: Page, title: str) -> None:
    page.locator("#chat-menu-button").click()
    page.locator("[data-rename-open]").click()
    page.locator('[data-rename] [name="title"]').fill(title)
    page.locator('[data-rename] [type="submit"]').click()


def words(name: str) -> str:
    """The name as a page shows it: on one line, without what a database cannot hold."""
    return " ".join(storable(name).split())


def test_a_hostile_search_is_only_looked_for(server, new_page, complaints):
    person = server.member()
    page = watch(new_page(person), complaints, server.url)
    converse(server, person, NAMES_THAT_FIT)
    page.goto("/")
    for name in NAMES_THAT_FIT:
        with page.expect_response("**/search/?**"):
            page.locator("#search").fill(name[:200])
        expect(page.locator("#found .list__item")).not_to_have_count(0)
    assert_harmless(page)


def test_a_hostile_draft_comes_back_as_it_was(page):
    draft = "\n".join(["</textarea><script>owned()</script>", *map(storable, NAMES)])
    page.goto("/")
    with page.expect_response("**/draft/"):
        page.locator("#message").fill(draft)
    page.reload()
    expect(page.locator("#message")).to_have_value(draft)
    assert_harmless(page)


async def gateway(exchange: Exchange) -> None:
    """Lists models of hostile names, and answers a prompt, or a list asked below /<number>/, with that error body."""
    if exchange.request.path == "/v1/models":
        await exchange.json(
            {"data": [{"id": name, "display_name": f"{name} shown", "owned_by": name} for name in NAMES]}
        )
        return
    said = exchange.request.path if exchange.request.method == "GET" else exchange.request.body.decode()
    number = int(re.findall(r"\d+", json.loads(said)["messages"][-1]["content"] if said.startswith("{") else said)[0])
    kind = "application/json" if ERROR_BODIES[number].startswith(b"{") else "text/html"
    await exchange.reply(400 if number else 500, ERROR_BODIES[number], kind, x_request_id="<img/src/onerror=owned()>")


def connect(page: Page, url: str, name: str) -> None:
    page.goto("/settings/upstreams/")
    page.locator('#connect [name="url"]').fill(url)
    page.locator('#connect [name="key"]').fill("k")
    page.locator('#connect [name="name"]').fill(name)
    page.get_by_role("button", name="Test and connect").click()


def test_hostile_names_and_errors_of_a_gateway_are_words(playground_server, new_page, complaints):
    complaints.tolerate("status of 400")
    server = playground_server()
    page = watch(new_page(server.administrator, server), complaints, server.url)
    with Scripted(gateway) as upstream:
        for number in range(len(ERROR_BODIES)):
            connect(page, f"{upstream.url}/{number}", NAMES[0])
            expect(page.locator('#connect-result [data-state="error"]').first).to_be_visible()
            assert_harmless(page)
        connect(page, upstream.url, NAMES[0])
        page.locator("#upstreams").get_by_role("link", name=NAMES[0]).click()
        for name in NAMES_THAT_FIT:
            expect(page.locator("#models")).to_contain_text(words(name))
        assert_harmless(page)
        ask_for_errors(page)
        page.reload()
        expect(page.locator(".turn__body ~ .notice")).to_have_count(len(ERROR_BODIES))
        assert_harmless(page)


def ask_for_errors(page: Page) -> None:
    page.goto("/")
    page.locator("#composer [popovertarget=model-picker]").click()
    pick(page, "<script>")
    expect(page.locator("#model-name")).to_contain_text("<script>owned()</script>")
    for number in range(len(ERROR_BODIES)):
        say(page, str(number))
        expect(finished(page, number + 1).locator(".notice")).to_be_visible()
    assert_harmless(page)


def test_a_hostile_persons_name_is_a_word_among_the_people(server, page, new_page, complaints):
    page.goto("/settings/account/")
    page.locator('[name="name"]').fill(NAMES[1])
    page.get_by_role("button", name="Save").click()
    assert_harmless(page)
    administrator = watch(new_page(server.administrator), complaints, server.url)
    administrator.goto(f"/settings/people/?q={quote(NAMES[1])}")
    expect(administrator.get_by_role("row").filter(has_text=NAMES[1])).to_have_count(1)
    expect(administrator.locator('main [type="search"]')).to_have_value(NAMES[1])
    assert_harmless(administrator)
