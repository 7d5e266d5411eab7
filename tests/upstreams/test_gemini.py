"""What an upstream's settings say of Gemini's format: its version, the place of its key, and its list of models."""

import json
import logging
import traceback
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.urls import reverse

from apps.upstreams.catalogue import check, store
from apps.upstreams.client import UpstreamError, stream
from apps.upstreams.endpoint import Endpoint
from apps.upstreams.failures import harmless, redact
from apps.upstreams.listing import next_page, read_models
from apps.upstreams.models import Upstream
from apps.wire.errors import parse_error
from apps.wire.gemini import build
from apps.wire.gemini.path import read_path
from apps.wire.messages import GenerationRequest, HttpRequest, Message, Text
from tests.upstreams.scripted import always, models

KEY = "AIza+odd/key=&#?%41!~0123"
ASK = build(GenerationRequest("google/gemini:free", (Message("user", (Text("Hi"),)),)))
GOOGLE = {"models": [{"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]}]}


@pytest.mark.parametrize(
    ("base", "version", "address"),
    [
        ("https://g.example", "v1beta", "https://g.example/v1beta/models/m:generateContent"),
        ("https://g.example", "v1", "https://g.example/v1/models/m:generateContent"),
        ("https://g.example/v1beta/openai", "v1beta", "https://g.example/v1beta/models/m:generateContent"),
        ("https://g.example/api/paas/v4", "v1", "https://g.example/api/paas/v1/models/m:generateContent"),
    ],
)
def test_the_version_of_the_path_is_the_upstreams(base, version, address):
    assert Endpoint(base, gemini_version=version).url("/v1beta/models/m:generateContent") == address


@pytest.mark.parametrize(
    ("place", "headers", "query"),
    [
        ("x-goog-api-key", {"x-goog-api-key": "k&y"}, ""),
        ("bearer", {"authorization": "Bearer k&y"}, ""),
        ("query", {}, "&key=k%26y"),
    ],
)
def test_the_key_is_where_the_upstream_wants_it(place, headers, query):
    endpoint = Endpoint("https://g.example", key="k&y", gemini_key=place)
    assert endpoint.credentials(ASK.key_as) == headers
    assert endpoint.address(ASK) == f"https://g.example{ASK.path}{query}"


def test_other_formats_have_their_key_where_it_was():
    endpoint = Endpoint("https://g.example", key="k", gemini_key="query")
    assert endpoint.credentials("bearer") == {"authorization": "Bearer k"}
    assert endpoint.address(HttpRequest("POST", "/v1/chat/completions")) == "https://g.example/v1/chat/completions"


async def test_key_and_model_arrive_in_the_address_as_they_are(client, scripted):
    server = scripted(always({"candidates": []}))
    async with stream(Endpoint(server.url, key=KEY, gemini_key="query"), ASK):
        pass
    [request] = server.requests
    path, _question, query = request.path.partition("?")
    assert (path.count("/"), read_path(path)) == (3, ("google/gemini:free", True))
    assert parse_qsl(query) == [("alt", "sse"), ("key", KEY)]
    assert not {"authorization", "x-goog-api-key", "x-api-key"} & request.headers.keys()


@pytest.fixture
def everything_logged(caplog):
    for name in (None, "httpx", "httpcore", "aiohttp", "asyncio", "apps"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def leaks(text: str) -> bool:
    return KEY in text or quote(KEY, safe="") in text or "AIza%2Bodd" in text or "odd/key" in text


async def test_a_key_in_the_address_is_in_no_error_however_the_upstream_repeats_it(client, scripted):
    async def repeat(exchange):
        said = {"error": {"code": 400, "message": f"bad {KEY}: http://h{exchange.request.path}", "status": "INVALID"}}
        await exchange.json(said, 400)

    async def lead_on(exchange):
        await exchange.head(302, location=f"https://h{exchange.request.path}", content_length="0")

    for script in (repeat, lead_on):
        with pytest.raises(UpstreamError) as failed:
            async with stream(Endpoint(scripted(script).url, key=KEY, gemini_key="query"), ASK):
                pass
        assert "…" in failed.value.whole()
        assert not leaks(failed.value.whole())


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://[::1]:99999", "http://exa mple"])
async def test_a_key_in_the_address_is_in_no_log_when_nobody_can_be_reached(client, everything_logged, base):
    with pytest.raises(UpstreamError) as failed:
        async with stream(Endpoint(base, key=KEY, gemini_key="query"), ASK):
            pass
    logging.getLogger("apps").error("failed", exc_info=failed.value)
    assert not leaks("".join(traceback.format_exception(failed.value)))
    assert not leaks(everything_logged.text)


def test_an_error_whose_words_hold_the_key_is_no_cause():
    inner = ValueError(f"http://h/?alt=sse&key={quote(KEY, safe='')}")
    outer = OSError("failed")
    outer.__cause__ = inner
    assert harmless(outer, KEY) is None
    assert harmless(OSError("refused"), KEY) is not None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('Post "https://h/v1beta/m?alt=sse&key=AIzaSecret": EOF', 'Post "https://h/v1beta/m?alt=sse&key=…": EOF'),
        ("API key AIzaSyABCDEFGH not valid", "API key AIza… not valid"),
        ("the key=value pairs", "the key=value pairs"),
    ],
)
def test_a_gateways_own_key_is_not_repeated_either(said, told):
    assert redact(said, "") == told
    assert parse_error(400, json.dumps({"error": {"message": said}}).encode(), "", {}).message == told


async def test_a_gateway_that_speaks_geminis_format_alone_is_listed_in_its_words(client, scripted):
    async def script(exchange):
        if exchange.request.path.startswith("/v1beta/models"):
            await exchange.json(GOOGLE if "pageToken" in exchange.request.path else GOOGLE | {"nextPageToken": "a/b"})
        else:
            await exchange.json({"error": {"code": 404, "message": "Not here."}}, 404)

    server = scripted(script)
    result = await check(Endpoint(server.url, key="k", gemini_key="query"))
    assert (result.ok, [model.name for model in result.listed]) == (True, ["gemini-x", "gemini-x"])
    first, native, second = [urlsplit(request.path) for request in server.requests]
    assert [first.path, native.path, second.path] == ["/v1/models", "/v1beta/models", "/v1beta/models"]
    assert (first.query, native.query) == ("", "key=k")
    assert parse_qsl(second.query) == [("pageSize", "1000"), ("pageToken", "a/b"), ("key", "k")]


async def test_what_was_said_first_is_told_where_there_is_no_list_at_all(client, scripted):
    result = await check(Endpoint(scripted(always({"error": {"message": "Bad key."}}, 401)).url, key="k"))
    assert not result.ok
    assert "Bad key." in result.sentence


async def test_a_list_in_openais_words_is_asked_for_once_and_never_with_googles_header(client, scripted):
    server = scripted(always(models("a")))
    assert (await check(Endpoint(server.url, key="k", gemini_key="query"))).ok
    [request] = server.requests
    assert (request.path, "x-goog-api-key" in request.headers) == ("/v1/models", False)


def test_what_google_can_be_asked_for_is_read_from_its_list():
    methods = {"supportedGenerationMethods": ["embedContent"]}
    chat, embedding = read_models({"models": [*GOOGLE["models"], {"name": "models/e"} | methods]})
    assert (chat.types, embedding.types) == (["gemini"], ["embeddings"])
    assert next_page({"nextPageToken": "a&b"}) == "?pageSize=1000&pageToken=a%26b"


def test_a_model_that_is_listed_for_gemini_alone_begins_in_its_format(db):
    upstream = Upstream.objects.create(name="G", base_url="https://g.example")
    store(upstream, read_models(GOOGLE))
    assert upstream.models.get().default_format == "gemini"


def test_an_administrator_sets_version_and_place_on_the_upstreams_page(client_of, administrator, scripted):
    server = scripted(always(models("a")))
    upstream = Upstream.objects.create(name="G", base_url=server.url)
    page, admin = reverse("upstream", args=[upstream.id]), client_of(administrator)
    assert 'name="gemini_key"' in admin.get(page).content.decode()
    form = {"name": "G", "base_url": server.url, "key": "k", "position": 0, "enabled": "on"}
    admin.post(page, form | {"gemini_version": "v1", "gemini_key": "query"})
    upstream.refresh_from_db()
    assert upstream.endpoint().address(
        HttpRequest("POST", "/v1beta/models/m:generateContent", key_as="x-goog-api-key")
    ) == (f"{server.url}/v1/models/m:generateContent?key=k")


def test_the_built_in_ones_have_no_such_settings(client_of, administrator):
    upstream = Upstream.objects.create(name="S", base_url="http://127.0.0.1:9", kind="sandbox")
    text = client_of(administrator).get(reverse("upstream", args=[upstream.id])).content.decode()
    assert "gemini_key" not in text


@pytest.mark.parametrize("name", ["httpx", "httpcore", "aiohttp", "asyncio"])
def test_libraries_that_log_addresses_stay_silent_at_any_level(settings, name):
    assert settings.LOGGING["loggers"][name]["level"] == "WARNING"
