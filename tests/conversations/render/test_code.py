import pytest

from apps.conversations.render import render
from apps.conversations.render.languages import LANGUAGES, lexer
from tests.conversations.render.markup import check, words


def block_of(text: str) -> str:
    (block,) = render(text)
    check(block)
    return block


def test_a_block_has_its_language_a_copy_button_and_a_name():
    block = block_of("```python\nx\n```")
    assert block.startswith(
        '<div class="code"><div class="code__head"><span>Python</span><button class="btn btn--ghost btn--sm"'
    )
    assert "data-copy>" in block
    assert '<pre tabindex="0" role="group" aria-label="Python"><code>x\n</code></pre></div>' in block


@pytest.mark.parametrize(
    ("info", "label"),
    [
        ("js", "JavaScript"),
        ("PY", "Python"),
        ('ts title="a.ts"', "TypeScript"),
        ("{.rust}", "Rust"),
        ("sh,editable", "Shell"),
        ("nosuch", "nosuch"),
        ("", "Code"),
        ("<b>", "<b>"),
        ("x" * 200, "x" * 32),
    ],
)
def test_the_label_is_the_languages_name_or_what_was_written(info, label):
    assert f"<span>{label.replace('<', '&lt;').replace('>', '&gt;')}</span>" in block_of(f"```{info}\nx\n```")


def test_colours_are_classes_of_the_stylesheet():
    block = block_of("```python\ndef f(x):  # why\n    return 'a' + 1\n```")
    for span in ('<span class="k">def </span>', '<span class="nf">f</span>', '<span class="m">1\n</span>'):
        assert span in block
    assert "style" not in block


@pytest.mark.parametrize("code", ["x = 1\n" * 20_000, "x = '" + "a" * 3_000 + "'"])
def test_very_long_code_and_lines_stay_plain(code):
    block = block_of(f"```python\n{code}\n```")
    assert '<span class="' not in block
    assert words(block) == f"Python{code}\n"


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_highlighting_keeps_every_character(name):
    code = "a = <b> 'c' \"d\" # e\n\n\tif (x) { y: 1.5e3 } // z\n-- q\n  \n<?php `t` ${u} \\n é 中\n"
    assert words(block_of(f"```{name}\n{code}```")) == LANGUAGES[name].label + code


def test_every_language_has_its_lexer():
    for language in LANGUAGES.values():
        assert lexer(language.lexer)


@pytest.mark.parametrize(
    ("name", "code"), [("java", "a\n" * 25_000), ("c", " \n" * 25_000), ("pascal", "{{" * 900 + "\n")]
)
def test_code_on_which_a_lexer_takes_the_square_of_its_length_loses_colours_not_text(name, code):
    block = block_of(f"```{name}\n{code}\n```")
    assert words(block) == LANGUAGES[name].label + code + "\n"


def test_a_fence_that_is_never_closed_is_a_block_in_the_end():
    assert "data-copy" in block_of("```python\nx = 1")
