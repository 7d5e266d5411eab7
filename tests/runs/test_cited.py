"""What an answer rests on, numbered, and where the numbers stand."""

import re
import uuid
from types import SimpleNamespace

import pytest

from apps.live import fragments
from apps.runs import cited
from apps.runs.progress import Progress
from apps.runs.turns import _view, live_views
from apps.wire import events as ev
from apps.wire.messages import Citation, HostedTool, Reasoning, Text

ID = uuid.UUID(int=7)
A, B = "https://www.a.example/x", "https://b.example/y"


def test_each_source_is_listed_once_in_the_order_in_which_it_is_first_named():
    parts = [Text("One. Two."), Citation(B, "Bee", 0, 4), Citation(A, "Ay", 5, 9), Citation(B, "Bee", 5, 9)]
    found = cited.sources(ID, parts)
    assert [(source.number, source.title, source.site) for source in found] == [
        (1, "Bee", "b.example"),
        (2, "Ay", "a.example"),
    ]
    (numbers,) = cited.cites(ID, parts).values()
    assert sorted((cite.at, cite.number) for cite in numbers) == [(4, 1), (9, 1), (9, 2)]


def test_texts_with_only_citations_between_are_one_text():
    parts = [Text("He was born "), Text("in 1916"), Citation(A, "", 12, 19), Text(", they say.")]
    assert cited.joined(parts) == [(0, Text("He was born in 1916, they say."))]
    assert [cite.at for cite in cited.cites(ID, parts)[0]] == [19]


def test_a_text_behind_something_else_stands_apart_and_counts_from_its_own_beginning():
    search = HostedTool("1", "web_search")
    parts = [Text("First."), search, Text("Second."), Citation(A, "", 6, 13)]
    assert cited.joined(parts) == [(0, Text("First.")), (1, search), (2, Text("Second."))]
    assert [cite.at for cite in cited.cites(ID, parts)[2]] == [7]


def test_a_citation_without_a_place_is_listed_and_not_numbered_in_the_text():
    parts = [Text("One."), Citation(A, "Ay")]
    assert cited.cites(ID, parts) == {} and len(cited.sources(ID, parts)) == 1


@pytest.mark.parametrize("place", [-5, 0, 99, 2**40])
def test_a_place_outside_the_text_is_no_place(place):
    assert cited.cites(ID, [Text("One."), Citation(A, "", place, place)]) == {}


@pytest.mark.parametrize(
    "url",
    ["javascript:owned()", "data:text/html,x", "//evil.example", "ftp://a.example", "https://", "http://[", "", "x\ny"],
)
def test_what_is_no_address_of_the_web_cannot_be_followed(url):
    (source,) = cited.sources(ID, [Citation(url, "Title")])
    assert (source.url, source.site, source.title) == ("", "", "Title")


def test_a_host_that_looks_like_another_is_told_in_plain_letters():
    (source,) = cited.sources(ID, [Citation("https://аpple.com/", "Apple")])
    assert source.site.startswith("xn--")


def test_a_title_cannot_turn_the_line_around():
    (source,) = cited.sources(ID, [Citation(A, "evil\u202egpj.exe")])
    assert "\u202e" not in source.title


def test_a_thousand_citations_are_shown_and_no_more():
    parts = [Text("x" * 5000), *(Citation(f"https://a.example/{n}", "", n, n + 1) for n in range(1500))]
    assert len(cited.sources(ID, parts)) == cited.MOST


def progress(*events: ev.Event, prior=()) -> Progress:
    made = Progress(run_id=uuid.uuid4(), user_id=1, message_id=ID, prior=prior)
    made.take(events)
    return made


def html(views) -> list[str]:
    return ["".join([*view.blocks, view.open_html]) for view in views]


CITED = (
    ev.Started("id-1"),
    ev.PartStarted(0, HostedTool("1", "web_search", status="running")),
    ev.PartUpdated(0, HostedTool(status="completed")),
    ev.PartEnded(0),
    ev.PartStarted(1, Text()),
    ev.PartDelta(1, "He was born "),
    ev.PartEnded(1),
    ev.PartStarted(2, Text("in 1916")),
    ev.PartStarted(3, Citation(A, "Ay", 12, 19)),
    ev.PartEnded(3),
    ev.PartEnded(2),
    ev.PartStarted(4, Text(", they say.")),
    ev.PartEnded(4),
    ev.PartStarted(5, Reasoning("hm")),
)


def test_a_live_text_grows_over_the_blocks_that_citations_cut():
    views = live_views(progress(*CITED[:-1]))
    assert [view.kind for view in views] == ["hosted_tool", "text"]
    said = re.sub(r'<a class="cite".*?</a>', "⟦⟧", html(views)[1])
    assert said == "<p>He was born in 1916⟦⟧, they say.</p>"


def test_a_live_text_that_has_ended_looks_as_it_will_after_a_reload():
    live = progress(*CITED)
    cites = cited.cites(ID, live.parts)
    kept = [_view(f"{ID}-{index}", part, cites.get(index, ())) for index, part in cited.joined(live.parts)]
    assert html(live_views(live)) == html(kept)
    assert 'class="cite"' in html(kept)[1]


def test_places_of_a_later_round_count_from_where_it_begins():
    said = (Text("Before. "),)
    live = progress(
        ev.Started("id-2"),
        ev.PartStarted(0, Text("After.")),
        ev.PartEnded(0),
        ev.PartStarted(1, Citation(A, "", 0, 6)),
        prior=said,
    )
    assert [(part.start, part.end) for part in live.parts if isinstance(part, Citation)] == [(8, 14)]


def test_the_text_that_an_answer_goes_on_with_is_still_open_to_the_page():
    live = progress(prior=(Text("Before. "),))
    (view,) = live_views(live)
    assert view.is_open and "Before." in view.open_html


def test_a_number_stands_in_a_text_that_still_grows_as_soon_as_its_citation_comes():
    live = progress(
        ev.Started("id-1"), ev.PartStarted(0, Text()), ev.PartDelta(0, "One **fa"), ev.PartDelta(0, "ct**. An")
    )
    seen = SimpleNamespace(progress=live, parts=None)
    assert "cite" not in fragments.body(seen)
    live.take([ev.PartStarted(1, Citation(A, "Ay", 0, 13)), ev.PartEnded(1)])
    frame = fragments.delta(seen)
    assert frame.startswith(
        f'<hx-partial hx-target="#o-{ID}-0" hx-swap="innerHTML"><p>One <strong>fact</strong>.<a class="cite'
    )
    live.take([ev.PartDelta(0, "other.\n\n"), ev.PartDelta(0, "Next")])
    frame = fragments.delta(seen)
    assert f'hx-swap="beforebegin"><p>One <strong>fact</strong>.<a class="cite" href="#src-{ID}-1"' in frame
    assert "Next" in frame and "Another.</p>" in frame


def test_a_number_for_a_block_that_was_told_already_has_its_text_told_anew_and_only_then():
    live = progress(ev.Started("id-1"), ev.PartStarted(0, Text()), ev.PartDelta(0, "One.\r\n\r\nTwo.\n\nThr"))
    seen = SimpleNamespace(progress=live, parts=None)
    fragments.body(seen)
    live.take([ev.PartStarted(1, Citation(A, "Ay", 8, 12)), ev.PartEnded(1), ev.PartDelta(0, "ee.")])
    frame = fragments.delta(seen)
    assert f'hx-target="#p-{ID}-0" hx-swap="outerMorph"' in frame
    assert '<p>One.</p><p>Two.<a class="cite"' in frame and "Three." in frame
    live.take([ev.PartDelta(0, " More.")])
    assert "outerMorph" not in fragments.delta(seen)
    live.take([ev.PartStarted(2, Reasoning("hm"))])
    assert html(live_views(live))[0] == "".join(
        _view("x", Text("One.\r\n\r\nTwo.\n\nThree. More."), cited.cites(ID, live.parts)[0]).blocks
    )


def test_a_thousand_citations_of_one_chunk_are_placed_by_one_look():
    many = [event for n in range(1, 1001) for event in (ev.PartStarted(n, Citation(A, "", n, n + 1)), ev.PartEnded(n))]
    live = progress(ev.Started("id-1"), ev.PartStarted(0, Text("x " * 600)), *many)
    live_views(live)
    assert live.live[0].version == 1 and len(live.live[0].cites) == 1000
