"""The clock and the reader of pages."""

import json
from datetime import UTC, datetime

import pytest

from apps.runs.tools.built_in import BUILT_IN
from apps.runs.tools.clock import current_time
from apps.runs.tools.failure import ToolFailed
from apps.runs.tools.names import is_name
from apps.runs.tools.page import CHARACTERS, LIMIT, fetch_page, readable
from apps.runs.tools.schemas import read
from tests.upstreams.scripted import Scripted


def here(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.mark.parametrize("tool", BUILT_IN.values(), ids=BUILT_IN)
def test_each_has_a_name_that_every_vendor_takes_and_a_schema(tool):
    assert is_name(tool.name) and tool.description and str(tool.label)
    assert read(tool.schema, of_arguments=True)["type"] == "object"


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("", 0), ("Asia/Kolkata", 5.5), ("Etc/GMT+8", -8)])
async def test_the_time_is_told_in_the_zone_that_is_named(zone, hours):
    told = json.loads(await current_time({"timezone": zone}))
    time = datetime.fromisoformat(told["time"])
    assert time.utcoffset().total_seconds() == hours * 3600
    assert abs((datetime.now(UTC) - time).total_seconds()) < 60
    assert told["weekday"] == f"{time:%A}"


@pytest.mark.parametrize("zone", ["Nowhere/At_All", "../../etc/passwd", "/etc/passwd", "America", "\0", "x" * 5000])
async def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(ToolFailed, match="no time zone"):
        await current_time({"timezone": zone})


PAGE = b"""<!doctype html><html><head><title>T &amp; x</title><script>if (a<b) owned('</p>')</script><style>p{}</style>
</head><body><nav>menu</nav><h1>Head</h1><p>One <b>two</b><br>three</p>1 < 2<table><tr><td>a</td><td>b</td></tr></table>
<!-- c <p>no</p> --><p>&lt;b&gt;</p><template><p>no</p></template>end</body></html>"""


def test_a_page_becomes_its_words_a_line_for_each_block():
    lines = [line for line in readable(PAGE, "text/html").split("\n") if line]
    assert lines == ["T & x", "Head", "One two", "three", "1 < 2", "a b", "<b>", "end"]


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("Grüße".encode("latin-1"), "text/html; charset=iso-8859-1", "Gr��e"),
        ('<meta charset="gb18030"><p>你好'.encode("gb18030"), "text/html", "你好"),
        (b'{"a": "<b>"}', "application/json", '{"a": "<b>"}'),
        (b'<meta charset="no-such-thing"><p>x', "text/html", "x"),
        (b"", "text/html", ""),
    ],
)
def test_its_letters_are_read_as_it_says_itself(data, kind, text):
    assert readable(data, kind) == text


@pytest.mark.parametrize("unit", [b"<div>", b"<!--", b"<", b"<script>", b"<p", b"&", b"<p>\n\n", b"</", b"\xff"])
def test_a_hostile_page_as_large_as_may_be_is_read_to_its_end(unit):
    readable((unit * LIMIT)[:LIMIT], "text/html")


async def test_a_page_is_fetched_and_cut_where_it_is_too_long():
    async def script(exchange):
        await exchange.reply(200, b"<p>" + b"word " * CHARACTERS, kind="text/html")

    with Scripted(script) as server:
        text = await fetch_page({"url": f"{server.url}/"}, is_allowed=here)
    assert text.startswith("word word") and text.endswith("[Cut here: the page is longer.]")


async def test_what_is_no_text_is_not_given():
    async def script(exchange):
        await exchange.reply(200, b"\x89PNG", kind="image/png")

    with Scripted(script) as server, pytest.raises(ToolFailed, match="image/png"):
        await fetch_page({"url": f"{server.url}/"}, is_allowed=here)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://169.254.169.254/", "file:///etc/passwd", "x"])
async def test_addresses_that_only_this_server_can_reach_are_refused(url, settings):
    settings.TOOL_NETWORKS = []
    with Scripted(lambda exchange: exchange.json({})) as server:
        with pytest.raises(ToolFailed):
            await fetch_page({"url": url.format(port=server.port)})
        assert server.connections == 0
