"""The heads of the settings pages on a phone: which page this is can be read."""

import pytest

from tests.servers import PlaygroundServer

CUT = "title => title.scrollWidth > title.clientWidth"


@pytest.mark.parametrize("path", ["/settings/account/", "/settings/people/", "/settings/upstreams/"])
def test_a_heading_is_not_cut(new_page, server: PlaygroundServer, path):
    page = new_page(server.administrator, phone=True)
    page.goto(path)
    title = page.locator("h1 .truncate")
    assert title.inner_text() and not title.evaluate(CUT)
    assert not page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
