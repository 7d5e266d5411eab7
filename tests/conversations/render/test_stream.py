import pytest

from apps.conversations.render import Stream, render
from tests.conversations.render.markup import check, words


def opened(text: str) -> str:
    stream = Stream("m")
    stream.feed(text)
    check(stream.open_html())
    return "".join(stream.sealed) + stream.open_html()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **bold te", "<p>a <strong>bold te</strong></p>"),
        ("a **bold*", "<p>a <strong>bold</strong></p>"),
        ("a **", "<p>a</p>"),
        ("a *b **c", "<p>a <em>b <strong>c</strong></em></p>"),
        ("2 * 3", "<p>2 * 3</p>"),
        ("snake_case_na", "<p>snake_case_na</p>"),
        ("~~go", "<p><del>go</del></p>"),
        ("a `co", "<p>a <code>co</code></p>"),
        ("a `", "<p>a</p>"),
        ("`` a ` b", "<p><code>a ` b</code></p>"),
        ("a [link te", "<p>a link te</p>"),
        ("a [link](https://a.exam", "<p>a link</p>"),
        ("a ![alt](https://a", "<p>a</p>"),
        ("a[^no", "<p>a</p>"),
        ("a $x^2 +", "<p>a</p>"),
        (r"a \(x", "<p>a</p>"),
        ("costs $5", "<p>costs $5</p>"),
        ("a <stro", "<p>a</p>"),
        ("a &am", "<p>a</p>"),
        ("a\n-", "<p>a</p>"),
        ("a\n\n-", "<p>a</p>"),
        ("a\n\n1.", "<p>a</p>"),
        ("a\n\n##", "<p>a</p>"),
        ("a\n\n``", "<p>a</p>"),
        ("- a\n- [", "<ul><li>a</li></ul>"),
        ("1. **a", "<ol><li><strong>a</strong></li></ol>"),
    ],
)
def test_what_has_only_begun_shows_no_raw_marker(text, expected):
    assert opened(text) == expected


def test_an_open_fence_is_a_block_of_code_without_colours_and_copy():
    block = opened("```python\ndef f(): `x` **y** $z")
    assert (
        '<span>Python</span></div><pre tabindex="0" role="group" aria-label="Python"><code>def f(): `x` **y** $z'
        in block
    )
    assert "data-copy" not in block


def test_a_closed_fence_has_colours_and_copy_at_once():
    assert "data-copy>" in opened("```python\ndef f(): pass\n```")
    assert '<span class="k">def ' in opened("```python\ndef f(): pass\n```")


@pytest.mark.parametrize(
    "text", ["| a | b", "| a | b |\n", "| a | b |\n|--", "| a | b |\n|---|---|\n|", "| a | b |\n|---|---|\n| **c"]
)
def test_a_table_is_one_from_its_first_row(text):
    assert opened(text).count("<th ") == 2
    assert "|" not in words(opened(text))


def test_a_formula_over_lines_is_shown_as_source_until_it_ends():
    assert words(opened("a\n\n$$\n\\frac{a}\n- b")) == "a$$\n\\frac{a}\n- b"
    assert "<li>" not in opened("a\n\n$$\n\\frac{a}\n- b")
    assert "<math" in opened("a\n\n$$\n\\frac{a}{b}\n$$")


def test_blocks_are_sealed_when_no_further_line_can_change_them():
    stream, counts = Stream(), []
    for line in ("# a\n", "b", "\n", "c\n", "\n", "- d\n", "\n", "- e\n", "f\n", "\n", "g\n"):
        stream.feed(line)
        counts.append(len(stream.sealed))
    assert counts == [0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 3]


def test_a_line_that_is_still_written_seals_nothing():
    stream = Stream()
    stream.feed("a\n***")
    assert stream.sealed == []
    stream.feed("b***\n\n")
    assert stream.sealed == ["<p>a\n<em><strong>b</strong></em></p>"]


def test_a_reference_before_its_definition_unsettles_the_blocks():
    stream = Stream()
    stream.feed("[a][r]\n\nb\n\n")
    assert stream.sealed[0] == "<p>[a][r]</p>"
    assert stream.settled()
    stream.feed("[r]: https://a.example\n")
    assert not stream.settled()
    assert stream.finish() == render(stream.text)


def test_a_reference_after_its_definition_is_a_link_at_once():
    stream = Stream()
    stream.feed("[R]: https://a.example\n\nb\n\n")
    assert stream.sealed
    stream.feed("[a][r]\n\n")
    assert 'href="https://a.example"' in stream.sealed[-1]
    assert stream.settled()


def test_a_footnote_is_one_before_its_note_has_come():
    stream = Stream("m")
    stream.feed("a[^1]\n\nb\n\n")
    assert 'href="#note-m-1"' in stream.sealed[0]
    stream.feed("[^1]: note\n")
    stream.open_html()
    assert stream.settled()


def test_line_ends_and_characters_may_be_cut_in_two():
    stream = Stream()
    for piece in ("a\r", "\nb\r", "c\ud83d", "\ude00"):
        stream.feed(piece)
        stream.open_html()
    assert stream.text == "a\nb\nc😀"
    assert stream.finish() == ["<p>a\nb\nc😀</p>"]


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" + "".join(f"x{n} = '{n}'\n" for n in range(2_000)) + "```\n\nafter\n",
        "before\n\n" + "".join(f"- item **{n}** of a list\n" for n in range(1_000)) + "\nafter\n",
        "".join(f"{n}. item {n}\n    - more\n" for n in range(1, 1_000)),
    ],
)
def test_a_very_long_block_is_sealed_in_parts_that_say_the_same(text):
    stream, longest = Stream("m"), 0
    for at in range(0, len(text), 97):
        stream.feed(text[at : at + 97])
        longest = max(longest, len(stream.open_html()))
    shown = [*stream.sealed, stream.open_html()]
    for block in shown:
        check(block)
    assert "".join(words("".join(shown)).split()) == "".join(words("".join(stream.finish())).split())
    assert longest < 20_000
    assert not stream.settled()
    assert stream.finish() == render(text, "m")


def test_a_long_open_block_is_not_rendered_for_every_word():
    stream, seen = Stream(), set()
    for _ in range(2_000):
        stream.feed("word **and** ")
        seen.add(stream.open_html())
    assert len(seen) < 700
    assert len(stream.open_html()) > 0.8 * len(stream.finish()[0])
