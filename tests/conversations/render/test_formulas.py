import pytest

from apps.conversations.render import render
from apps.conversations.render.formulas import mark
from tests.conversations.render.markup import check, words


def html(text: str) -> str:
    blocks = render(text)
    for block in blocks:
        check(block)
    return "".join(blocks)


@pytest.mark.parametrize(
    "text", ["$x_1$", r"\(x_1\)", "设$x_1$为", "**$x_1$**", "| $x_1$ |\n|---|", "$x_1$, $y$.", "- $x_1$"]
)
def test_an_inline_formula_becomes_mathml(text):
    assert "<math><msub><mi>x</mi><mn>1</mn></msub></math>" in html(text)


@pytest.mark.parametrize(
    "text",
    ["$$x_1$$", r"\[x_1\]", "$$\nx_1\n$$", "\\[\n  x_1\n\\]", "1. a\n   $$\n   x_1\n   $$", "> \\[\n> x_1\n> \\]"],
)
def test_a_display_formula_becomes_a_block_of_mathml(text):
    assert '<math display="block"><msub><mi>x</mi><mn>1</mn></msub></math>' in html(text)


def test_a_long_display_formula_can_be_scrolled_by_keyboard():
    assert '<math tabindex="0" display="block">' in html(f"$${'x+' * 20}1$$")
    assert "tabindex" not in html(f"${'x+' * 20}1$ and $$x$$")


def test_lines_of_a_formula_that_look_like_markdown_belong_to_it():
    block = html("$$\na\n- b\n+ c\n= d\n> e\n$$")
    assert block.startswith('<p><math display="block">')
    assert "<li>" not in block


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "$5-$10",
        "**$5** and **$10** more",
        "USD $5, or 6$.",
        "US$5 and HK$6",
        "from $5 to 10$",
        "$HOME/$USER",
        "$5,000 and 6$",
        r"\$x\$",
        "a $ b $ c",
    ],
)
def test_prices_and_shell_variables_are_no_formulas(text):
    assert "<math" not in html(text)
    assert words(html(text)).count("$") == text.count("$")


@pytest.mark.parametrize(
    "text", ["`$x$`", "```\n$x$ \\(y\\)\n\\[\nz\n\\]\n```", "    $x$", "`\\(` and `\\)`", "~~~\n$$\n~~~\n\n$$"]
)
def test_code_keeps_its_dollars_and_backslashes(text):
    assert "<math" not in html(text)
    assert "\ufdd0" not in html(text)
    assert all(line.strip("`~ ") in words(html(text)) for line in text.splitlines() if "$" in line)


def test_code_in_a_list_gets_back_each_line_with_its_own_indent():
    assert words(html("- ```\n  \\[\n    x\n  \\]\n  ```")) == "Code\\[\n  x\n\\]\n"


@pytest.mark.parametrize("tex", [r"\nosuchcommand", r"\frac{1}", r"\href{https://a.example}{x}", "x" * 5_000])
def test_latex_that_can_not_be_read_is_shown_as_it_is(tex):
    assert words(html(f"\\[\n{tex}\n\\]")).startswith("\\[")
    assert words(html(f"$${tex}$$")) == f"$${tex}$$"


@pytest.mark.parametrize(
    "tex",
    [
        r"\newcommand{\b}[1]{\b{#1#1}}\b{x}",
        r"\def\a{\a\a}\a",
        "{" * 1_990,
        r"\sqrt" + "{" * 1_000,
        r"\sqrt " * 300 + "x",
    ],
)
def test_latex_that_grows_or_nests_without_end_ends_neither_memory_nor_process(tex):
    check(html(f"$${tex}$$"))


def test_equations_keep_the_alignment_of_their_columns_without_a_style():
    block = html(r"$$\begin{aligned}a&=b\\c&=d\end{aligned}$$")
    assert '<mtd class="end"><mi>a</mi></mtd><mtd class="start"><mo>=</mo><mi>b</mi></mtd>' in block
    assert " style=" not in block


def test_marks_give_back_the_source():
    text = "a $x$ `$y$` \\(z\\)\n\n> $$\n>  q\n> $$\n**“w”**e"
    assert mark(text).restore(mark(text).text) == text
    assert mark(text).text != text
