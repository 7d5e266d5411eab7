"""Numbers of sources in a rendered text: where they belong, whatever the Markdown around them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.conversations.render import Cite, Stream, render
from tests.conversations.render.texts import BLOCKS, INLINES, REFERENCES, cut, cuts, pieces

_CITE = re.compile(r'<a class="cite" href="#src-(\d+)" aria-label="Source \1">\1</a>')


def cited(text: str, *places: int) -> str:
    """The HTML with each number in brackets."""
    cites = tuple(Cite(at, number, f"src-{number}") for number, at in enumerate(places, 1))
    return _CITE.sub(r"⟦\1⟧", "".join(render(text, "x", cites)))


def test_a_number_stands_behind_its_passage():
    assert cited("One fact. Another.", 9, 18) == "<p>One fact.⟦1⟧ Another.⟦2⟧</p>"
    assert cited("中文引用。然后", 5) == "<p>中文引用。⟦1⟧然后</p>"


def test_strong_text_stays_strong_beside_a_number():
    assert cited("Hello **world.** More", 16) == "<p>Hello <strong>world.</strong>⟦1⟧ More</p>"
    assert cited("Hello **world.** More", 14) == "<p>Hello <strong>world.⟦1⟧</strong> More</p>"


@pytest.mark.parametrize("at", range(3, 13))
def test_code_is_not_cut(at):
    assert cited("a `code here` b", at) == "<p>a <code>code here</code>⟦1⟧ b</p>"


@pytest.mark.parametrize("at", [5, 12, 25])
def test_a_number_inside_a_link_follows_it(at):
    html = cited("see [link text](https://a.b/c) x", at)
    assert re.search(r">link text</a>⟦1⟧ x</p>$", html)


@pytest.mark.parametrize("at", [5, 12, 20])
def test_a_number_inside_a_bare_address_follows_it(at):
    assert ">https://a.example/path</a>⟦1⟧ x" in cited("see https://a.example/path x", at)


@pytest.mark.parametrize("at", [7, 8, 9])
def test_a_number_inside_a_formula_follows_it(at):
    html = cited("math $x^2$ end", at)
    assert "</math>⟦1⟧ end" in html


def test_places_behind_formulas_are_counted_by_their_source():
    assert cited("$\\alpha$ and $$y$$ then. End", 24).endswith("then.⟦1⟧ End</p>")


def test_a_code_block_is_followed_by_the_numbers_in_it():
    html = cited("```py\nx = 1\n```\n\nnext", 8, 21)
    assert html.index("</pre>") < html.index("⟦1⟧") < html.index("next⟦2⟧")


def test_lists_tables_and_headings_keep_their_shape():
    assert cited("- one\n- two", 5, 11) == "<ul><li>one⟦1⟧</li><li>two⟦2⟧</li></ul>"
    assert "<td>d⟦1⟧</td>" in cited("| a | b |\n|---|---|\n| c | d |\n", 27)
    assert cited("# Head\n\ntext", 6) == "<h3>Head⟦1⟧</h3><p>text</p>"


def test_a_place_between_two_blocks_belongs_to_the_first():
    assert cited("One.\n\nTwo.", 5) == "<p>One.⟦1⟧</p><p>Two.</p>"


def test_a_place_past_the_end_is_the_end():
    assert cited("One.", 99) == "<p>One.⟦1⟧</p>"


def test_escapes_and_line_ends_of_windows_do_not_lose_a_number():
    assert cited("x &amp; y \\* z.", 9) == "<p>x &amp; y * z.⟦1⟧</p>"
    assert cited("foo\r\nbar. baz", 9) == "<p>foo\nbar.⟦1⟧ baz</p>"


def test_a_number_s_title_is_text():
    html = "".join(render("One.", "", (Cite(4, 1, "s", '"><script>owned()</script>'),)))
    assert "<script>" not in html and "&quot;&gt;&lt;script&gt;" in html


def test_a_text_cannot_write_numbers_of_its_own():
    assert "⟦" not in cited('<a class="cite" href="#src-1" aria-label="Source 1">1</a> \ufdd21\ufdd3')
    assert '<a class="cite"' not in "".join(render('<a class="cite" href="#src-1">1</a>'))


@given(pieces(*BLOCKS, *INLINES, *REFERENCES).map("".join), st.lists(st.integers(0, 400), max_size=6))
@settings(deadline=None, max_examples=60)
def test_numbers_change_no_word_and_each_stands_once(text, places):
    html = cited(text, *places)
    plain = "".join(render(text, "x"))
    if plain:
        assert sorted(re.findall(r"⟦(\d+)⟧", html), key=int) == [str(number) for number in range(1, len(places) + 1)]
    without = re.sub(r"⟦\d+⟧", "", html).replace("<p></p>", "")
    assert re.sub(r"<[^>]*>", "", without) == re.sub(r"<[^>]*>", "", plain)


@given(pieces(*BLOCKS, *INLINES).map("".join), cuts, st.lists(st.integers(1, 400), max_size=5))
@settings(deadline=None, max_examples=300)
def test_a_text_that_grows_shows_each_number_once_from_when_it_came_and_ends_as_the_whole(text, sizes, places):
    stream, cites = Stream("x"), ()
    for number, delta in enumerate(cut(text, sizes), 1):
        stream.feed(delta)
        if number <= len(places) and stream.text.strip():
            cites += (Cite(min(places[number - 1], len(stream.text)), number, f"src-{number}"),)
            stream = stream.cited(cites)
        shown = _CITE.findall("".join(stream.sealed) + stream.open_html())
        assert len(shown) == len({*shown}) <= len(cites)
    stream.feed("\n\nEnd.\n\n")
    shown = _CITE.findall("".join(stream.sealed) + stream.open_html())
    assert sorted(map(int, shown)) == [cite.number for cite in cites]
    assert stream.finish() == render(stream.text, "x", cites)


@pytest.mark.parametrize("at", [9_000, 9_050, 20_000])
def test_numbers_within_a_very_long_block_of_code_stand_below_it(at):
    stream = Stream("x", (Cite(at, 1, "src-1"),))
    for _ in range(1_000):
        stream.feed("a_name = 'and its value'\n" if stream.text else "```py\n")
        stream.open_html()
    stream.feed("```\n\nAfter.\n\n")
    html = "".join(stream.sealed)
    assert html.count('class="cite"') == 1
    assert html.rindex("its value") < html.index('class="cite"') < html.index("After")
