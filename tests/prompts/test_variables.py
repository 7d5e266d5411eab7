"""The places of a prompt, found and filled."""

from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.variables import Variable, filled, variables


def test_names_defaults_and_long_places_are_found_once_each_in_their_order():
    text = "{{ name }} {{language=English}} {{text:long}} {{name=Ada}} {{语言=中文}} {{ two words : long = a b }}"
    assert variables(text) == [
        Variable("name", "Ada"),
        Variable("language", "English"),
        Variable("text", is_long=True),
        Variable("语言", "中文"),
        Variable("two words", "a b", is_long=True),
    ]


def test_what_only_looks_like_a_place_is_text():
    text = "{name} {{}} {{ }} {{{{ {{a.b}} {{% if %}} {{<b>}} {{a\nb}}"
    assert variables(text) == []
    assert filled(text, {"name": "x"}) == text


def test_a_value_is_put_in_as_it_is_and_not_looked_at_again():
    hostile = r"{{other}} \g<1> \1 <script>"
    assert filled("{{a}} and {{other=safe}}", {"a": hostile}) == f"{hostile} and safe"


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.text()))
def test_no_text_and_no_value_raises_anything(text, values):
    filled(text + "{{a}}{{b}}", values)
