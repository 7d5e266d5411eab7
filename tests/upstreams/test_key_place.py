"""Where the key goes: each format has its own place for it, and only there."""

import pytest

from apps.upstreams.client import Endpoint, fetch_json, stream
from apps.wire.messages import HttpRequest
from tests.upstreams.scripted import always

KEY = "sk-test-0123456789abcdef"
PLACES = {"bearer": "authorization", "x-api-key": "x-api-key", "x-goog-api-key": "x-goog-api-key"}


@pytest.mark.parametrize("place", [*PLACES, "query"])
async def test_the_key_goes_where_the_request_says_and_nowhere_else(client, scripted, place):
    server = scripted(always({}))
    sent = HttpRequest("POST", "/v1/x?alt=sse", {"anthropic-version": "2023-06-01"}, b"{}", key_as=place)
    async with stream(Endpoint(server.url, key=KEY), sent) as response:
        await response.read(10)
    (request,) = server.requests
    holders = [name for name, value in request.headers.items() if KEY in value]
    assert holders == ([PLACES[place]] if place in PLACES else [])
    assert request.path == (f"/v1/x?alt=sse&key={KEY}" if place == "query" else "/v1/x?alt=sse")
    assert request.headers["anthropic-version"] == "2023-06-01"


async def test_without_a_key_there_is_none_anywhere(client, scripted):
    server = scripted(always({}))
    for place in (*PLACES, "query"):
        async with stream(Endpoint(server.url), HttpRequest("GET", "/v1/x", key_as=place)) as response:
            await response.read(10)
    for request in server.requests:
        assert not set(PLACES.values()) & set(request.headers)
        assert "key=" not in request.path


async def test_a_gateways_catalogue_is_asked_for_with_a_bearer_key(client, scripted):
    server = scripted(always([]))
    await fetch_json(Endpoint(server.url, key=KEY), "/v1/models")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert "x-goog-api-key" not in server.requests[0].headers


def test_anthropics_own_catalogue_is_asked_for_as_it_wants():
    request = Endpoint("https://api.anthropic.com", key=KEY).asking("/v1/models")
    assert (request.key_as, request.headers) == ("x-api-key", {"anthropic-version": "2023-06-01"})
