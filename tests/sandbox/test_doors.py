"""Where each format is served: paths, keys, lists, and errors in its own shape."""

import httpx
import msgspec
import pytest

from apps.sandbox.app import create_application
from apps.sandbox.doors import served
from apps.wire.formats import FORMATS, get

from .asking import HEADERS, KEY, ask, prompt

ASK = [{"role": "user", "content": "Hello"}]
PLAIN = {
    "openai_chat": ("/v1/chat/completions", {"model": "sandbox-echo", "messages": ASK}),
    "openai_responses": ("/v1/responses", {"model": "sandbox-echo", "input": "Hello"}),
    "anthropic_messages": ("/v1/messages", {"model": "sandbox-echo", "max_tokens": 9, "messages": ASK}),
    "gemini": ("/v1beta/models/sandbox-echo:generateContent", {"contents": [{"parts": [{"text": "Hello"}]}]}),
}
BEARER = {"authorization": f"Bearer {KEY}"}
VERSION = {"anthropic-version": "2023-06-01"}
every_format = pytest.mark.parametrize("format", [door.name for door in served()])


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(create_application(KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        yield client


def test_every_format_is_served():
    assert {door.name for door in served()} == set(FORMATS)


@every_format
async def test_the_key_is_taken_where_the_format_has_it_and_as_a_bearer_token(client, format):
    path, body = PLAIN[format]
    own = HEADERS[get(format).build(prompt("m")).key_as].lower()
    for headers in (BEARER, BEARER if own == "authorization" else {own: KEY}):
        reply = await client.post(path, json=body, headers=headers | VERSION)
        assert reply.status_code == 200 and "Hello" in reply.text


@every_format
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": KEY}, {"x-other": KEY}])
async def test_nobody_is_answered_without_the_key(client, format, headers):
    path, body = PLAIN[format]
    assert (await client.post(path, json=body, headers=headers | VERSION)).status_code == 401


async def test_a_key_in_the_address_is_geminis_way_alone(client):
    for format in (door.name for door in served()):
        path, body = PLAIN[format]
        reply = await client.post(f"{path}?key={KEY}", json=body, headers=VERSION)
        assert reply.status_code == (200 if format == "gemini" else 401)


SHAPES = {
    "openai_chat": lambda error: error["error"]["type"] == "requests" and error["error"]["code"],
    "openai_responses": lambda error: error["error"]["type"] == "requests" and error["error"]["code"],
    "anthropic_messages": lambda error: error["type"] == "error" and error["error"]["type"] == "rate_limit_error",
    "gemini": lambda error: error["error"]["code"] == 429 and error["error"]["status"] == "RESOURCE_EXHAUSTED",
}


@every_format
async def test_errors_have_the_formats_own_shape(format):
    refused = await ask(create_application(KEY), format, prompt("fault-429"))
    assert SHAPES[format](msgspec.json.decode(refused.body))


@every_format
async def test_a_body_that_is_no_request_is_refused_in_the_formats_own_shape(client, format):
    path, _ = PLAIN[format]
    reply = await client.post(path, content=b"nonsense", headers=BEARER | VERSION)
    assert reply.status_code == 400 and reply.json()["error"]["message"].startswith("The body is not JSON.")


async def test_messages_are_not_served_without_their_version(client):
    path, body = PLAIN["anthropic_messages"]
    reply = await client.post(path, json=body, headers=BEARER)
    assert reply.status_code == 400 and "anthropic-version" in reply.json()["error"]["message"]


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_gemini_is_served_under_both_versions(client, version):
    path = f"/{version}/models/sandbox-echo:streamGenerateContent?alt=sse"
    reply = await client.post(path, json=PLAIN["gemini"][1], headers={"x-goog-api-key": KEY})
    assert reply.text.startswith("data: ") and reply.text.endswith("\r\n\r\n")


async def test_models_are_listed_with_the_formats_they_speak(client):
    listed = {model["id"]: model for model in (await client.get("/v1/models", headers=BEARER)).json()["data"]}
    types = {door.listed for door in served()}
    assert set(listed["sandbox-echo"]["supported_endpoint_types"]) == types
    assert listed["sandbox-responses-only"]["supported_endpoint_types"] == ["openai-response"]
    one = (await client.get("/v1/models/sandbox-echo", headers=BEARER)).json()
    assert one == listed["sandbox-echo"]
    assert (await client.get("/v1/models/nothing", headers=BEARER)).status_code == 404


async def test_models_are_listed_in_the_shapes_of_anthropic_and_of_gemini(client):
    anthropic = (await client.get("/v1/models", headers={"x-api-key": KEY} | VERSION)).json()
    assert anthropic["has_more"] is False and {"type", "id", "display_name"} <= set(anthropic["data"][0])
    for path, headers in ((f"/v1beta/models?key={KEY}", {}), ("/v1/models", {"x-goog-api-key": KEY})):
        gemini = (await client.get(path, headers=headers)).json()
        assert gemini["models"][0]["name"].startswith("models/sandbox-")
    assert (await client.get("/v1beta/models")).status_code == 401
