import pytest

from apps.conversations.render import Stream, plain, render
from tests.conversations.render.markup import check
from tests.hostile.corpus import ERROR_BODIES, NAMES, TEXTS, huge

HUGE = huge()


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_dangerous_survives_in_a_whole_text(name):
    for block in render(TEXTS[name], "m"):
        check(block)


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_dangerous_is_shown_while_a_text_arrives(name):
    for size in (1, 3, 7):
        stream = Stream("m")
        for at in range(0, len(TEXTS[name]), size):
            stream.feed(TEXTS[name][at : at + size])
            check(stream.open_html())
        for block in [*stream.sealed, *stream.finish()]:
            check(block)
        assert stream.finish() == render(TEXTS[name], "m")


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_is_harmless_inside_other_markup(name):
    frames = (
        "- a\n\n{}",
        "> {}",
        "**{}**",
        "| {} |\n|---|\n| {} |",
        "[{}](https://a.example)",
        "<b>{}</b>",
        "[^1]\n\n[^1]: {}",
    )
    for frame in frames:
        for block in render(frame.replace("{}", TEXTS[name]), "m"):
            check(block)


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_text_is_rendered_whole_and_while_it_arrives(name):
    for block in render(HUGE[name], "m"):
        check(block)
    stream = Stream("m")
    for at in range(0, len(HUGE[name]), 2_000):
        stream.feed(HUGE[name][at : at + 2_000])
        stream.open_html()
    check(stream.open_html())
    assert stream.finish() == render(HUGE[name], "m")


@pytest.mark.parametrize("text", [*TEXTS.values(), *NAMES, *(body.decode("latin-1") for body in ERROR_BODIES)])
def test_plain_text_holds_no_markup(text):
    check(plain(text))
    assert "<" not in plain(text)
