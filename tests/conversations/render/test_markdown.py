import base64

import pytest

from apps.conversations.render import plain, render
from tests.conversations.render.markup import check, words

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40).decode()


def html(text: str, prefix: str = "") -> str:
    blocks = render(text, prefix)
    for block in blocks:
        check(block)
    return "".join(blocks)


def test_each_top_level_block_is_one_string():
    assert render("One.\n\n- a\n- b\n\n```\nx\n```\n")[:2] == ["<p>One.</p>", "<ul><li>a</li><li>b</li></ul>"]
    assert len(render("One.\n\n- a\n- b\n\n```\nx\n```\n")) == 3
    assert render(" \n\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a", "<h3>a</h3>"),
        ("## a", "<h4>a</h4>"),
        ("###### a", "<h6>a</h6>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("a<br>b H<sub>2</sub>O <kbd>K</kbd>", "<p>a<br>b H<sub>2</sub>O <kbd>K</kbd></p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("<b>never closed", "<p><b>never closed</b></p>"),
        ("**注意：**这是", "<p><strong>注意：</strong>这是</p>"),
        ("这是**“引用”**后", "<p>这是<strong>“引用”</strong>后</p>"),
    ],
)
def test_markdown_becomes_plain_elements(text, expected):
    assert html(text) == expected


def test_a_link_opens_elsewhere_and_tells_nothing():
    assert html('[x](https://a.example/?b=1&c "t")') == (
        '<p><a href="https://a.example/?b=1&amp;c" title="t" target="_blank" '
        'rel="noopener noreferrer nofollow">x</a></p>'
    )


@pytest.mark.parametrize(
    "url", ["javascript:x", "/accounts/logout/", "//a.example", "#thread", "data:text/html,x", "ftp://a.example"]
)
def test_a_link_to_anything_but_the_web_or_mail_is_its_text(url):
    assert html(f"[x]({url})") == "<p>x</p>"


def test_a_bare_address_is_a_link_without_the_punctuation_after_it():
    assert html("see https://a.example/x_(y)_z.") == (
        '<p>see <a href="https://a.example/x_(y)_z" target="_blank" rel="noopener noreferrer nofollow">'
        "https://a.example/x_(y)_z</a>.</p>"
    )


def test_a_picture_elsewhere_is_a_link_that_names_its_host():
    block = html("![A cat](https://a.example/cat.png)")
    assert "<img" not in block
    assert 'class="remote-image" href="https://a.example/cat.png" data-url="https://a.example/cat.png"' in block
    assert words(block) == "Image: A cat (a.example)"


def test_a_picture_elsewhere_inside_a_link_is_its_description():
    assert words(html("[![A cat](https://a.example/cat.png)](https://b.example)")) == "A cat"
    assert "remote-image" not in html("[![A cat](https://a.example/cat.png)](https://b.example)")


def test_a_picture_in_the_text_is_shown_if_it_is_one():
    assert (
        html(f"![A cat](data:image/png;base64,{PNG})") == f'<p><img src="data:image/png;base64,{PNG}" alt="A cat"></p>'
    )
    assert html(f"![A cat](data:image/jpeg;base64,{PNG})") == "<p>A cat</p>"
    assert html(f"![A cat](data:image/svg+xml;base64,{PNG})") == "<p>A cat</p>"
    assert html(f"![A cat](data:image/png;base64,{PNG}{'A' * 4_000_000})") == "<p>A cat</p>"


def test_a_file_of_ours_is_shown_and_no_other_address_of_ours():
    kept = "/assets/01890000-0000-7000-8000-000000000000/a%20cat.png"
    assert html(f'![A "cat"]({kept})') == f'<p><img src="{kept}" alt="A &quot;cat&quot;"></p>'
    for url in ("/accounts/logout/", "/assets/x/y", f"{kept}?download", f"{kept}/..", f"//evil.example{kept}"):
        assert "<img" not in html(f"![x]({url})")


def test_a_table_scrolls_in_a_frame_that_is_named_after_its_columns():
    block = html("| Rate & co | n |\n|---|--:|\n| *1* | 2 |")
    assert block.startswith(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: Rate &amp; co, n">'
    )
    assert '<th scope="col" class="end">n</th>' in block
    assert '<td><em>1</em></td><td class="end">2</td>' in block


def test_a_task_says_whether_it_is_done():
    block = html("- [x] a\n- [ ] b")
    assert '<li class="task"><input type="checkbox" disabled="" checked="" aria-label="Done"> a</li>' in block
    assert '<li class="task"><input type="checkbox" disabled="" aria-label="Not done"> b</li>' in block


def test_the_footnotes_of_two_messages_do_not_meet():
    one, two = html("a[^x] b[^x]\n\n[^x]: note", "m1"), html("a[^x]\n\n[^x]: note", "m2")
    assert 'href="#note-m1-1" id="ref-m1-1"' in one
    assert 'id="note-m1-1"' in one
    assert one.count('id="ref-m1-1"') == 1
    assert 'id="note-m2-1"' in two


def test_raw_html_beyond_the_kept_tags_is_shown_as_its_source():
    assert words(html('<div class="x">\n<b>a</b>\n</div>')) == '<div class="x">\n<b>a</b>\n</div>'
    assert words(html("a <span>b</span> <thinking>")) == "a <span>b</span> <thinking>"


def test_details_hold_the_blocks_between_their_tags():
    blocks = render("<details open>\n<summary>More</summary>\n\n**in**\n\n- side\n\n</details>\n\nafter")
    assert len(blocks) == 2
    assert blocks[0].replace("\n", "") == (
        "<details><summary>More</summary><p><strong>in</strong></p><ul><li>side</li></ul></details>"
    )


def test_a_text_can_not_show_other_words_than_it_holds():
    assert html("a\u202eb\x00c&#x202e;d") == "<p>a\ufffdb\ufffdc\ufffdd</p>"
    assert plain("a\u202eb\r\nc<") == "a\ufffdb\nc&lt;"


def test_halves_of_characters_are_joined_or_replaced():
    assert html("\ud83d\ude00 \ud83d") == "<p>😀 \ufffd</p>"
