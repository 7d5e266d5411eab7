"""What breaks on the way, and what the reader has afterwards."""

import re

from playwright.sync_api import expect

from .chatting import LONG, finished, offer, say, writing


def test_kill_9_in_the_middle_of_an_answer_keeps_the_text_and_continue_goes_on(playground_server, new_page, complaints):
    complaints.tolerate("WebSocket")
    complaints.tolerate("htmx:ws:error")
    complaints.tolerate("ERR_CONNECTION")
    server = playground_server()
    page = new_page(server.member(), server)
    page.goto("/")
    say(page, "count", "sandbox-count-400-40")
    writing(page, re.compile(r"\b20\b"))
    page.wait_for_timeout(300)
    seen = len(re.findall(r"\d+", page.locator(".turn__body").inner_text()))
    server.kill9()
    server.start()
    page.reload()
    interrupted = finished(page)
    expect(interrupted).to_contain_text("Interrupted")
    numbers = [int(n) for n in re.findall(r"\d+", interrupted.locator(".prose").inner_text())]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) >= seen - 15
    interrupted.get_by_role("button", name="Continue").click()
    writing(page)
    page.wait_for_function("n => document.querySelector('.turn__body').textContent.length > n", arg=len(str(numbers)))


def test_a_socket_that_is_cut_for_a_while_misses_nothing(page, complaints):
    complaints.tolerate("WebSocket")
    complaints.tolerate("htmx:ws:error")
    complaints.tolerate("ERR_INTERNET_DISCONNECTED")
    page.goto("/")
    say(page, "count", "sandbox-count-300-40")
    writing(page)
    page.context.set_offline(True)
    page.wait_for_timeout(5000)
    page.context.set_offline(False)
    numbers = [int(n) for n in re.findall(r"\d+", finished(page).locator(".turn__body").inner_text())]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) >= 300


def test_the_server_restarts_and_an_open_page_finds_it_again(playground_server, new_page, complaints):
    complaints.tolerate("WebSocket")
    complaints.tolerate("htmx:ws:error")
    complaints.tolerate("ERR_CONNECTION")
    server = playground_server()
    page = new_page(server.member(), server)
    page.goto("/")
    say(page, "before", "sandbox-echo")
    finished(page)
    server.restart()
    say(page, "after")
    expect(finished(page, 2)).to_contain_text("after", timeout=LONG)


def test_a_server_that_is_told_to_end_marks_what_it_was_writing(playground_server, new_page, complaints):
    for text in ("WebSocket", "ERR_CONNECTION", "htmx:ws:error"):
        complaints.tolerate(text)
    server = playground_server()
    page = new_page(server.member(), server)
    page.goto("/")
    say(page, "on and on", "fault-endless")
    writing(page)
    server.stop()
    ended = "from apps.runs.models import Run; print(Run.objects.get().status, Run.objects.get().message.parts.count())"
    assert server.shell(ended).split() == ["interrupted", "1"]


def test_a_prompt_whose_place_was_swept_away_by_older_news_is_shown_all_the_same(page):
    page.goto("/")
    say(page, "before", "sandbox-echo")
    finished(page)

    def sweep(route):
        reply = route.fetch()
        page.evaluate("document.querySelector('#thread > .turns')?.remove()")
        route.fulfill(response=reply)

    page.route("**/send/", sweep)
    say(page, "after")
    expect(finished(page, 2)).to_contain_text("after")


def test_an_answer_of_some_megabytes_reaches_the_open_page(page, server):
    model = "fault-huge-3"
    offer(server, model)
    page.goto("/")
    say(page, "all of it", model)
    body = finished(page).locator(".turn__body")
    assert body.evaluate("body => body.textContent.length") > 2_500_000
    say(page, "still there?", "sandbox-echo")
    expect(finished(page, 2)).to_contain_text("still there?", timeout=LONG)
