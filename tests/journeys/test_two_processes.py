"""Two serving processes on one database: what one writes is read, and stopped, on the other."""

import re

import pytest
from playwright.sync_api import expect

from .chatting import LONG, finished, say, writing

pytestmark = pytest.mark.database


@pytest.fixture(scope="module", params=["without a layer", "with redis"])
def layer(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def servers(request, layer, make_server):
    """Two that share a database, and Redis or nothing else."""
    environment = {"REDIS_URL": request.getfixturevalue("redis_server")} if layer == "with redis" else {}
    first = make_server(environment=environment)
    second = make_server(beside=first, environment=environment)
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture
def pages(servers, new_page, layer):
    """One person's pages on both."""
    person = servers[0].member()
    return *(new_page(person, server) for server in servers), layer


def text_of(answer) -> str:
    return answer.locator(".turn__body").inner_text()


def test_an_answer_written_by_one_process_is_read_on_the_other(pages):
    here, there, _ = pages
    here.goto("/")
    say(here, "count", "sandbox-count-200-50")
    writing(here)
    there.goto(re.sub(r"^http://[^/]+", "", here.url))
    writing(there)
    assert text_of(finished(there)) == text_of(finished(here))


def test_stop_reaches_the_process_that_works_on_the_run(pages):
    here, there, _ = pages
    here.goto("/")
    say(here, "on and on", "fault-endless")
    writing(here)
    there.goto(re.sub(r"^http://[^/]+", "", here.url))
    writing(there).locator("[data-stop]").click()
    expect(finished(here)).to_contain_text("Stopped")
    expect(finished(there)).to_contain_text("Stopped")


def test_with_redis_a_page_of_the_other_process_hears_of_a_new_turn(pages):
    here, there, layer = pages
    here.goto("/")
    say(here, "one", "sandbox-echo")
    finished(here)
    there.goto(re.sub(r"^http://[^/]+", "", here.url))
    finished(there)
    say(here, "two")
    finished(here, 2)
    if layer == "without a layer":
        there.reload()
    expect(finished(there, 2)).to_contain_text("two", timeout=LONG)
