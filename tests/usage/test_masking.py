"""The key, in each way in which it may stand in what is kept."""

import json
from urllib.parse import quote

import pytest

from apps.usage.masking import KEY, Mask

SECRET = 'sk-a/b+c="ü"\\d'


def test_headers_that_carry_a_key_are_masked_by_their_name_and_others_by_its_text():
    given = {"Authorization": f"Bearer {SECRET}", "x-api-key": "another", "Cookie": "a=b", "x-echo": f"<{SECRET}>"}
    assert Mask(SECRET).headers({**given, "accept": "text/event-stream"}) == [
        ("authorization", f"Bearer {KEY}"),
        ("x-api-key", KEY),
        ("cookie", KEY),
        ("x-echo", f"<{KEY}>"),
        ("accept", "text/event-stream"),
    ]


@pytest.mark.parametrize("written", [SECRET, quote(SECRET, safe=""), "short"])
def test_the_key_of_an_address_is_masked_however_it_is_written(written):
    mask = Mask(SECRET).url(f"https://example.org/v1?alt=sse&key={written}")
    assert mask == f"https://example.org/v1?alt=sse&key={KEY}"


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    ],
)
def test_a_body_that_repeats_the_key_keeps_its_length_and_loses_the_key(written):
    body = f"before {written} after".encode()
    masked = Mask(SECRET).body(body)
    assert masked == b"before " + b"*" * len(written.encode()) + b" after"


def test_an_error_loses_everything_that_looks_like_a_key():
    assert Mask("").body(b"wrong key sk-proj_12345678!", is_error=True) == b"wrong key sk-*************!"
    assert Mask("").body(b"say sk-proj_12345678!") == b"say sk-proj_12345678!"


def test_a_key_of_a_few_letters_does_not_eat_the_body():
    assert Mask("a").body(b"banana") == b"banana"
