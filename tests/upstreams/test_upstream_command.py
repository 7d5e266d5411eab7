"""`manage.py upstream`: what it prints, and when it fails."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.upstreams.models import Upstream
from tests.upstreams.scripted import always, models

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789abcdef"


def run(*arguments: str, **options) -> str:
    out = io.StringIO()
    call_command("upstream", *arguments, stdout=out, **options)
    assert KEY not in out.getvalue()
    return out.getvalue()


def test_add_tests_and_stores(scripted):
    server = scripted(always(models("a", "b")))
    printed = run("add", f"{server.url}/v1/chat/completions", "--name", "New", "--key", KEY)
    assert "+ 2 models listed" in printed
    assert f"Stored as “New”, {server.url}." in printed
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_add_takes_the_key_from_the_environment(scripted, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_UPSTREAM_KEY", KEY)
    server = scripted(always(models("a")))
    run("add", server.url)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_add_stores_nothing_that_fails_and_says_what_and_how_to_go_on(scripted):
    server = scripted(always({"error": {"message": "bad key"}}, status=401))
    with pytest.raises(CommandError, match=r"bad key.*Nothing was stored; --anyway"):
        run("add", server.url, "--key", KEY)
    assert not Upstream.objects.exists()
    with pytest.raises(CommandError, match="https://"):
        run("add", "ftp://x", "--key", KEY)
    assert "Stored" in run("add", server.url, "--key", KEY, "--anyway")


def test_test_checks_all_or_the_ones_named(scripted):
    good, bad = scripted(always(models("a"))), scripted(always({}, status=503))
    run("add", good.url, "--name", "Good", "--key", "")
    run("add", bad.url, "--name", "Bad", "--key", "", "--anyway")
    assert "1 model is ready" in run("test", "good")
    with pytest.raises(CommandError, match=r"1 of 2 failed: Bad\."):
        run("test")
    with pytest.raises(CommandError, match=r"No upstream called Nix\. There are: Good, Bad\."):
        run("test", "Nix")


def test_test_without_upstreams_says_how_to_add_one():
    with pytest.raises(CommandError, match="upstream add URL"):
        run("test")


def test_list_shows_what_there_is_and_how_it_does(scripted):
    run("add", scripted(always(models("a"))).url, "--name", "Good", "--key", KEY)
    Upstream.objects.create(name="New", base_url="http://x", position=1)
    Upstream.objects.create(name="Off", base_url="http://y", enabled=False)
    lines = [line.split("\t") for line in run("list").splitlines()]
    assert [(line[0], line[3], line[4]) for line in lines] == [
        ("Off", "0/0 models", "off"),
        ("Good", "1/1 models", "ok"),
        ("New", "0/0 models", "not tested"),
    ]
