import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.conversations import titles

LONG = "How do I write a decoder for server-sent events that never loses a byte of the stream?"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("\n\n  # A heading  \nand more", "A heading"),
        ("> - [ ] **bold** *thin* _soft_ `code` ~~gone~~", "bold thin soft code gone"),
        ("1. See [the page](https://example.org/x) and ![a cat](cat.png)", "See the page and a cat"),
        ("---\n```python\nprint(1)\n```", "print(1)"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("tab\there\x07", "tab here"),
        ("", ""),
        ("***\n```", ""),
        (LONG, "How do I write a decoder for server-sent events that never…"),
        ("请用中文解释一下量子纠缠的基本原理," * 9, "请用中文解释一下量子纠缠的基本原理," * 3 + "请用中文解…"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_the_first_words_of_a_prompt_name_its_conversation(text, title):
    assert titles.first_words(text) == title


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Decoding streams", "Decoding streams"),
        ('"Decoding streams."', "Decoding streams"),
        ("Title: Decoding streams", "Decoding streams"),
        ('**Title:** "Decoding streams"', "Decoding streams"),
        ('"Title: Decoding streams"', "Decoding streams"),
        ("Title:\nDecoding streams", "Decoding streams"),
        ("标题：《流的解码》", "流的解码"),
        ("\n\n# Decoding\n\nThat is a fitting title.", "Decoding"),
        ("Untitled", None),
        ("", None),
        ('""', None),
        ("…!?", None),
        ("New chat", None),
        (LONG * 3, (LONG + LONG)[:78] + "…"),
    ],
)
def test_a_model_s_answer_is_cleaned_to_a_title_or_refused(answer, title):
    assert titles.clean(answer) == title


@given(st.text() | st.text("#*_`>-[]()\"'“: \n标题Titlex"))
def test_no_text_breaks_a_title_and_none_is_too_long_or_more_than_one_line(text):
    words, cleaned = titles.first_words(text), titles.clean(text)
    assert len(words) <= 60 and words == " ".join(words.split())
    assert cleaned is None or (0 < len(cleaned) <= 80 and cleaned == " ".join(cleaned.split()))


def test_a_prompt_of_megabytes_costs_no_more_than_its_beginning():
    assert titles.first_words("[" * 4_000_000) == "[" * 59 + "…"
