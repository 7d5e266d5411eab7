"""Values as a language writes them: read back by the language, or by a reader of its rules, they are the same."""

import ast
import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.runs import code
from apps.runs.code import curl, java, javascript, python, swift
from apps.runs.code.literals import json_text, value
from apps.runs.code.sample import VARIABLE, Composed, Number
from apps.usage.elision import FileMark
from tests.runs.wirelog.making import kept

TEXTS = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(
    ["\u202e", "\u2028", "'\"`$\\", "\ud800", '"""', "##", "__proto__", "</script>"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\x00-\x08\x0b-\x1f\x7f-\x9f]")


@settings(deadline=None)
@given(VALUES)
def test_python_reads_its_own_literals(data):
    written = value(python.DIALECT, data)
    assert ast.literal_eval(written) == data
    assert not INVISIBLE.search(written)


@settings(deadline=None)
@given(VALUES)
def test_json_stays_the_json_that_it_is(data):
    written = json_text(data, str)
    assert json.loads(written) == data
    assert not INVISIBLE.search(written)


@settings(deadline=None)
@given(TEXTS)
def test_no_text_ends_swifts_raw_string_nor_begins_something_in_it(text):
    written = swift._raw(text)
    hashes = re.match("#+", written)[0]
    inside = written.removeprefix(f'{hashes}"""\n').removesuffix(f'\n"""{hashes}')
    assert inside == text and f'"""{hashes}' not in inside and f"\\{hashes}" not in inside


@settings(deadline=None)
@given(TEXTS)
def test_the_shell_takes_a_quoted_text_as_one_word(text):
    quoted = curl.quote(text)
    assert re.fullmatch(r"'[^']*'(\\''[^']*')*", quoted, re.DOTALL)
    assert quoted[1:-1].replace("'\\''", "'") == text


def test_numbers_are_written_as_they_were():
    data = {"a": Number("1.0"), "b": Number("1e-7"), "c": Number("12345678901234567890")}
    assert value(python.DIALECT, data) == '{"a": 1.0, "b": 1e-7, "c": 12345678901234567890}'


def test_a_deep_value_is_written_in_a_moment():
    deep: list = []
    for _level in range(90):
        deep = [deep, {"a": deep}] if len(str(deep)) < 50 else [deep]
    assert json.loads(json_text(deep, str)) == deep


def test_javascript_makes_a_property_of_proto_instead_of_another_prototype():
    assert value(javascript.DIALECT, {"__proto__": True}) == '{ ["__proto__"]: true }'


def test_a_file_stands_between_the_pieces_of_its_text():
    text = Composed(("data:image/png;base64,", ""), ('a"b.png',))
    assert python.composed(text) == '"data:image/png;base64," + encoded("a\\"b.png")'
    assert javascript.composed(text) == '"data:image/png;base64," + await encoded("a\\"b.png")'
    assert json_text([text], lambda name: "X") == '["data:image/png;base64,X"]'


def marked(name: str, number: int = 1) -> FileMark:
    return FileMark(mark=f"<<file {number} x>>", name=name, media_type="", characters=9, sha256="")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("-rf", "rf"),
        ("", "file-1"),
        ("a\nb.png", "a_b.png"),
        ("图.png", "图.png"),
    ],
)
def test_the_name_of_a_file_leads_nowhere_and_is_no_option(name, safe):
    record = kept(body=b'{"data": "<<file 1 x>>"}')
    assert code.sample(record, "openai_chat", [marked(name)]).files == (safe,)


def test_two_files_of_one_name_are_two_files():
    record = kept(body=b'["<<file 1 x>>", "<<file 2 x>>"]')
    assert code.sample(record, "", [marked("a.png"), marked("a.png", 2)]).files == ("a.png", "2-a.png")


def test_no_language_names_a_key_and_each_reads_it_from_the_environment():
    sample = code.sample(kept(body=b'{"model": "m", "messages": [], "stream": true}'), "openai_chat")
    for language in code.LANGUAGES:
        for writer in language.writers.values():
            text = writer(sample)
            assert VARIABLE in text and "[key]" not in text, language.name


def test_a_key_in_the_address_is_read_from_the_environment_too():
    record = msgspec.structs.replace(kept(body=b"{}"), url="https://example.org/v1beta/x?alt=sse&key=[key]", headers=())
    sample = code.sample(record, "gemini")
    assert f'"https://example.org/v1beta/x?alt=sse&key=${VARIABLE}"' in curl.write(sample)
    assert f'"https://example.org/v1beta/x?alt=sse&key=" + os.environ["{VARIABLE}"]' in python.write(sample)
    assert f'"https://example.org/v1beta/x?alt=sse&key=" + System.getenv("{VARIABLE}")' in java.write(sample)


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[" * 100_000])
def test_a_request_without_a_readable_body_is_code_too(body):
    sample = code.sample(kept(body=body), "openai_chat")
    for language in code.LANGUAGES:
        for writer in language.writers.values():
            assert "example.org" in writer(sample)


def test_what_an_sdk_does_not_know_goes_along_unchecked():
    body = b'{"model": "m", "messages": [], "stream": true, "top_k": 5, "messages_extra": 1}'
    text = code.find("python").writers["sdk"](code.sample(kept(body=body), "openai_chat"))
    assert 'extra_body={"top_k": 5, "messages_extra": 1},' in text
