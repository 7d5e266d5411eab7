"""Markdown as models write it and worse: pieces joined at random, cut anywhere."""

from hypothesis import strategies as st

BLOCKS = (
    "# Title\n",
    "## A *heading* with `code`\n\n",
    "Heading\n===\n",
    "Heading\n---\n",
    "Some words and more words.\n\n",
    "A line\nand the next  \nand one more\\\nlast\n",
    "- a\n- b\n- c\n",
    "- a\n\n- b\n",
    "* x\n  * y\n    * z\n",
    "1. one\n2. two\n\n   more of two\n",
    "3) three\n",
    "- [ ] open\n- [x] done\n",
    "> quote\n> more\nlazy\n",
    "> - a\n>   ```py\n>   x\n>   ```\n",
    "```python\ndef f(x):\n    return x\n```\n",
    "````md\n```\nx\n```\n````\n",
    "~~~\n$$\n\\[ a\n~~~\n",
    "```\nnever closed\n",
    "    indented code\n",
    "| a | b |\n|---|--:|\n| 1 | **2** |\n| $x|y$ | `a` |\n",
    "a | b\n-|-\n1 | 2\n",
    "| a | b |\n",
    "|---|---|\n",
    "***\n",
    "---\n",
    "***bold** and*\n",
    "$$\nx^2\n+ y\n- z\n= 0\n$$\n",
    "\\[\n\\frac{a}{b}\n\\]\n",
    "$$\nnever closed\n",
    "\\[ never closed\n",
    "<div>\n<b>x</b>\n</div>\n",
    "<details>\n<summary>s</summary>\n\ninside\n\n</details>\n",
    "<details>\n",
    "</details>\n",
    "<!-- comment\n",
    "-->\n",
    "<b>\n",
    "\n",
    "\n\n",
    "  \n",
    "\t\n",
    "\r\n",
    "\r",
    "- \n",
    "-\n",
    "1.\n",
    "\n\n\n\n",
)
INLINES = (
    "**bold** ",
    "*it* ",
    "***both*** ",
    "__b__ _i_ ",
    "~~gone~~ ",
    "`code` ",
    "`` a ` b `` ",
    "[link](https://a.example/b_c_d) ",
    '[t](https://a.example "title") ',
    "![alt](https://a.example/x.png) ",
    "https://a.example/x_y?z=(1). ",
    "<https://a.example> ",
    "$x_1$ ",
    "$5 and $10 ",
    "$$y$$ ",
    "\\(a_b\\) ",
    "\\[c\\] ",
    "<b>raw</b> ",
    "<br>",
    "<sub>2",
    "</sub>",
    "&amp; &lt; &copy; ",
    "**注意：**这是",
    "\\* \\$ \\\\ ",
    "word ",
    "*",
    "**",
    "_",
    "`",
    "```",
    "$",
    "$$",
    "\\[",
    "\\(",
    "[",
    "](",
    "]",
    ")",
    "<",
    ">",
    "|",
    "#",
    "- ",
    "> ",
    "1. ",
    "  ",
    "    ",
    "\n",
    "\\",
    "&",
    "😀",
    "\ud83d",
    "\ude00",
    "\x00",
    "\u202e",
    "\ufdd0",
)
REFERENCES = (
    "[r]: https://a.example\n",
    "[r]: /x\n'title\n",
    "[r] [text][r] ",
    "[^1] ",
    "[^1]: a note\n    more\n",
    "[^b]: <b>\n\n",
    "[x]:\n",
)


def pieces(*kinds: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(kinds) | st.text(max_size=6), max_size=24)


cuts = st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=8)
asks = st.lists(st.booleans(), min_size=1, max_size=5)


def cut(text: str, sizes: list[int]) -> list[str]:
    """The text in deltas of these sizes, over and over."""
    out, at, turn = [], 0, 0
    while at < len(text):
        out.append(text[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    return out
