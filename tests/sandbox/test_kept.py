"""Answers of Responses that can be asked for again, gone on from, and made in the background."""

import json

import httpx
import pytest

from apps.sandbox.app import create_application

HEADERS = {"authorization": "Bearer k"}


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(create_application("k"))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox", headers=HEADERS) as client:
        yield client


async def create(client, **body) -> dict:
    return (await client.post("/v1/responses", json={"model": "sandbox-echo", "input": "Hello", **body})).json()


async def test_an_answer_can_be_asked_for_again_until_it_is_dropped(client):
    made = await create(client)
    path = f"/v1/responses/{made['id']}"
    assert (await client.get(path)).json() == made
    assert (await client.delete(path)).json()["deleted"] is True
    assert (await client.get(path)).status_code == 404


async def test_an_answer_that_must_not_be_stored_is_not(client):
    made = await create(client, store=False)
    assert (await client.get(f"/v1/responses/{made['id']}")).status_code == 404


async def test_what_is_made_in_the_background_is_queued_then_in_progress_then_done(client):
    made = await create(client, background=True)
    path = f"/v1/responses/{made['id']}"
    seen = [made, *[(await client.get(path)).json() for _ in range(3)]]
    assert [response["status"] for response in seen] == ["queued", "in_progress", "completed", "completed"]
    assert (seen[0]["output"], seen[-1]["output"][0]["content"][0]["text"]) == ([], "Hello")


async def test_a_stream_of_the_background_goes_on_behind_any_of_its_events(client):
    body = {"model": "sandbox-echo@0", "input": "One two three", "background": True, "stream": True}
    events = (await client.post("/v1/responses", json=body)).text.split("\n\n")[:-1]
    told = [json.loads(event.partition("data: ")[2]) for event in events]
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    path = f"/v1/responses/{told[0]['response']['id']}"
    assert told[0]["response"]["background"] and (await client.get(path)).json() == told[-1]["response"]
    for after in (-1, 0, 5, len(told)):
        again = await client.get(path, params={"stream": "true", "starting_after": after})
        assert again.headers["content-type"] == "text/event-stream"
        assert again.text.split("\n\n")[:-1] == events[after + 1 :]


@pytest.mark.parametrize(
    ("body", "after"), [({}, 0), ({"background": True}, 0), ({"stream": True, "background": True}, "x")]
)
async def test_what_was_not_streamed_is_not_streamed_again(client, body, after):
    made = await client.post("/v1/responses", json={"model": "sandbox-echo@0", "input": "Hello", **body})
    refused = await client.get("/v1/responses/resp_sandbox_1", params={"stream": "true", "starting_after": after})
    assert (made.status_code, refused.status_code) == (200, 400)


async def test_what_is_made_in_the_background_can_be_stopped(client):
    made = await create(client, background=True)
    path = f"/v1/responses/{made['id']}"
    assert (await client.post(f"{path}/cancel")).json()["status"] == "cancelled"
    assert (await client.get(path)).json()["status"] == "cancelled"


async def test_a_conversation_goes_on_from_the_answer_before(client):
    asked = await create(client, model="sandbox-tool", input="How many?")
    [call] = [item for item in asked["output"] if item["type"] == "function_call"]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "five"}
    told = await create(client, model="sandbox-tool", input=[result], previous_response_id=asked["id"])
    assert "five" in told["output"][0]["content"][0]["text"]


async def test_an_answer_that_nobody_knows_cannot_be_gone_on_from(client):
    refused = await create(client, previous_response_id="resp_of_another_account")
    assert refused["error"]["code"] == "previous_response_not_found"


@pytest.mark.parametrize(("method", "path"), [("GET", "nothing"), ("POST", "nothing/cancel"), ("PATCH", "nothing")])
async def test_what_is_not_there_is_not_found(client, method, path):
    assert (await client.request(method, f"/v1/responses/{path}")).status_code == 404


async def test_kept_answers_are_shown_to_those_with_the_key_alone(client):
    made = await create(client)
    reply = await client.get(f"/v1/responses/{made['id']}", headers={"authorization": "Bearer other"})
    assert reply.status_code == 401
