"""What people paste, and the base URL that it becomes."""

import pytest

from apps.upstreams.address import BadAddress, check_key, normalise
from apps.upstreams.endpoint import Endpoint


@pytest.mark.parametrize(
    ("pasted", "base"),
    [
        ("https://gw.example", "https://gw.example"),
        ("https://gw.example/", "https://gw.example"),
        ("https://gw.example/v1", "https://gw.example"),
        (" https://gw.example//v1// ", "https://gw.example"),
        ("HTTPS://GW.example:443/V1/Chat/Completions", "https://gw.example"),
        ("https://gw.example/v1/chat/completions", "https://gw.example"),
        ("https://gw.example/v1/messages", "https://gw.example"),
        ("https://gw.example/v1/models", "https://gw.example"),
        ("https://gw.example/v1beta/models/gemini-2.5-flash:generateContent", "https://gw.example"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api"),
        ("https://open.bigmodel.cn/api/paas/v4/chat/completions", "https://open.bigmodel.cn/api/paas/v4"),
        ("gw.example", "https://gw.example"),
        ("gw.example:8443/v1", "https://gw.example:8443"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://gw.example:80/v1", "http://gw.example"),
        ("https://gw.example/models-proxy/v1", "https://gw.example/models-proxy"),
    ],
)
def test_what_is_pasted_becomes_a_base_url(pasted, base):
    assert normalise(pasted) == base
    assert normalise(base) == base


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "Enter the base URL"),
        ("ftp://gw.example", "https:// or http://"),
        ("javascript://gw.example", "https:// or http://"),
        ("https://user:secret@gw.example", "user and password"),
        ("https://gw.example/v1?key=secret", "? or #"),
        ("https://gw.example/#v1", "? or #"),
        ("https://", "names no host"),
        ("https://gw.example:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("http://gw .example", "space"),
        ("https://gw.example\nX-Evil: 1", "line break"),
    ],
)
def test_what_cannot_be_a_base_url_is_refused_with_a_sentence(pasted, told):
    with pytest.raises(BadAddress, match=told.replace("?", r"\?")) as caught:
        normalise(pasted)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("pasted", "key"), [(" sk-1 \n", "sk-1"), ("Bearer sk-1", "sk-1"), ("", "")])
def test_a_key_loses_the_blanks_around_it(pasted, key):
    assert check_key(pasted) == key


@pytest.mark.parametrize("key", ["sk-1 sk-2", "sk-…", "密钥", "sk-1\r\nX: 1"])
def test_a_key_that_no_header_can_carry_is_refused(key):
    with pytest.raises(BadAddress):
        check_key(key)


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://gw.example", "https://gw.example/v1/chat/completions"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1/chat/completions"),
        ("https://open.bigmodel.cn/api/paas/v4", "https://open.bigmodel.cn/api/paas/v4/chat/completions"),
        ("https://g.example/v1beta/openai", "https://g.example/v1beta/openai/chat/completions"),
    ],
)
def test_a_base_with_a_version_of_its_own_keeps_it(base, url):
    assert Endpoint(base).url("/v1/chat/completions") == url


def test_an_endpoint_never_shows_its_key():
    assert "sk-secret" not in repr(Endpoint("https://gw.example", key="sk-secret"))
    assert "sk-secret" not in str(Endpoint("https://gw.example", key="sk-secret"))
