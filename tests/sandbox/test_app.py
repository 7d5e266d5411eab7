"""The sandbox's doors: who may see what, and what is not there."""

import asyncio

import msgspec
import pytest

from apps.sandbox.app import create_application
from apps.sandbox.scenarios import wants_title
from apps.sandbox.script import tokens
from apps.wire.messages import GenerationRequest, Message, Text


async def call(application, method="GET", path="/v1/models", body=b"", key="k", **scope):
    """Status and document of one request, without a server."""
    sent = []
    inbox: asyncio.Queue = asyncio.Queue()
    inbox.put_nowait({"type": "http.request", "body": body, "more_body": False})
    headers = [(b"authorization", f"Bearer {key}".encode())] if key else []
    await application(
        {"type": "http", "method": method, "path": path, "headers": headers, **scope}, inbox.get, _append(sent)
    )
    content = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], msgspec.json.decode(content)


def _append(sent: list):
    async def send(message):
        sent.append(message)

    return send


@pytest.fixture
def application():
    return create_application("k")


async def test_the_catalogue_is_shown_to_those_with_the_key(application):
    status, document = await call(application)
    assert status == 200 and "openai" in document["data"][0]["supported_endpoint_types"]


@pytest.mark.parametrize("key", ["", "wrong", "kk", "ключ".encode().decode("latin-1")])
async def test_nobody_else_gets_in(application, key):
    assert (await call(application, key=key))[0] == 401
    assert (await call(application, "POST", "/v1/chat/completions", key=key))[0] == 401


async def test_prompts_are_not_shown_to_those_without_the_key(application):
    body = b'{"model":"fault-401","messages":[{"role":"user","content":"secret"}]}'
    await call(application, "POST", "/v1/chat/completions", body)
    assert "last_request" not in (await call(application, path="/_stats", key=""))[1]
    shown = (await call(application, path="/_stats"))[1]
    assert shown["last_request"]["messages"][0]["content"] == "secret"
    assert shown["by_model"] == {"fault-401": 1}


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/v1/models"), ("GET", "/v1/chat/completions")])
async def test_other_addresses_are_not_there(application, method, path):
    status, document = await call(application, method, path)
    assert status == 404 and "Invalid URL" in document["error"]["message"]


async def test_it_can_be_mounted_under_a_path(application):
    assert (await call(application, path="/sandbox/v1/models", root_path="/sandbox"))[0] == 200


async def test_a_body_that_is_no_request_is_refused(application):
    status, document = await call(application, "POST", "/v1/chat/completions", b"nonsense")
    assert status == 400 and document["error"]["message"].startswith("The body is not JSON.")


@pytest.mark.parametrize("text", ["", "a", "one two  three\n\nfour", "中文和 English 混排 🚀", " " * 50, "a" * 50])
def test_tokens_make_up_their_text(text):
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Give this conversation a title of at most six words, in its own language.", True),
        ("请为这段对话写一个标题", True),
        ("What is the title of the first Harry Potter book?", False),
    ],
)
def test_a_wish_for_a_title_is_told_from_a_question(prompt, expected):
    request = GenerationRequest(model="sandbox-echo", messages=(Message("user", (Text(prompt),)),))
    assert wants_title(request) is expected
