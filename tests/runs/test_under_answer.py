"""What stands under an answer: who gave it, how fast and for how much, or why it was not given."""

import asyncio
import html
import re
import uuid
from decimal import Decimal

import pytest

from apps.runs.models import Run
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from tests.processes import wait_until as until
from tests.upstreams.scripted import Exchange, Scripted

pytestmark = pytest.mark.django_db(transaction=True)

CHUNK = b'data: {"id":"c","model":"grand-1","system_fingerprint":"fp_7",'
CHUNK += b'"choices":[{"index":0,"delta":{"content":"Hi "}}]}\n\n'
END = b'data: {"id":"c","model":"grand-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
USED = b'data: {"id":"c","choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":30,'
USED += b'"prompt_tokens_details":{"cached_tokens":1000}}}\n\ndata: [DONE]\n\n'

MESSAGE = {
    "id": "m",
    "type": "message",
    "role": "assistant",
    "model": "grand-1",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    "usage": {
        "input_tokens": 100,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 100,
        "output_tokens": 30,
    },
}


async def tells(exchange: Exchange) -> None:
    if b"absurd" in exchange.request.body:
        usage = {"prompt_tokens": 2**52, "completion_tokens": 2**52, "cost": 999_999_999}
        usage = usage if b"reported" in exchange.request.body else usage | {"cost": None}
        message = {"role": "assistant", "content": "Hi"}
        await exchange.json({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})
    elif exchange.request.path == "/v1/messages":
        await exchange.json(MESSAGE)
    elif exchange.request.path != "/v1/chat/completions":
        await exchange.json({"data": []})
    elif b'"temperature"' in exchange.request.body:
        told = {"message": "Unsupported value: 'temperature' must be 1.", "param": "temperature"}
        await exchange.json({"error": {**told, "type": "invalid_request_error"}}, status=400)
    else:
        await exchange.begin_stream()
        for piece in (CHUNK, CHUNK, END, b"" if b"quietly" in exchange.request.body else USED):
            if piece:
                await exchange.chunk(piece)
                await asyncio.sleep(0.02)  # of a stream that takes no time at all no speed is told
        await exchange.end_stream()


@pytest.fixture
def page_of(serving, client_of, member):
    """`page_of(text, **parameters)`: what the page of such a conversation says, once it is answered, and its run."""
    with Scripted(tells) as server:
        upstream = Upstream.objects.create(name="Grand", base_url=server.url)
        prices = {
            "input_price": Decimal(10),
            "output_price": Decimal(100),
            "cached_price": Decimal(1),
            "cache_write_price": Decimal(20),
        }
        model = Model.objects.create(upstream=upstream, name="grand-1", capabilities=["chat"], **prices)
        client = client_of(member)

        def ask(text: str, **more: str) -> tuple[str, Run]:
            sent = {"text": text, "turn": str(uuid.uuid4()), "model": str(model.pk), **more}
            client.post("/send/", sent)
            run = until(lambda: Run.objects.exclude(status="running").filter(turn_id=sent["turn"]).first())
            return words(client.get(f"/c/{run.conversation_id}/")), run

        ask.client = client
        yield ask


def words(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def test_model_first_token_tokens_and_cost_stand_under_an_answer_and_its_origin_in_the_inspector(page_of):
    page, run = page_of("hello")
    line = re.search(
        r"grand-1 Chat Completions first token [\d.,]+ m?s [\d.,]+ tok/s 1,200 in, 30 out (about )?\$0\.0060", page
    )
    assert line, page
    told = words(page_of.client.get(f"/runs/{run.pk}/tab/wire/"))
    assert "Fingerprint fp_7" in told and "Upstream request id req-1" in told
    assert re.search(r"tok/s about \d+ in, \d+ out \(estimated\) about \$", page_of("quietly")[0])


def test_what_was_read_from_a_cache_and_written_to_one_is_counted_and_has_prices_of_its_own(page_of):
    page, run = page_of("hello", format="anthropic_messages", wire="anthropic_messages")
    assert "1,200 in, 30 out about $0.0070" in page, run.error
    told = words(page_of.client.get(f"/runs/{run.pk}/tab/usage/"))
    assert "of it cached 1,000 tokens" in told and "of it written to a cache 100 tokens" in told


@pytest.mark.parametrize("text", ["absurd", "absurd and reported"])
def test_counts_that_no_ledger_holds_do_not_keep_an_answer_from_ending(page_of, text):
    page, run = page_of(text)
    assert run.status == "completed", run.error
    assert re.search(r"first token [\d.,]+ m?s( |$)", page) and "$" not in page.partition("first token")[2][:40]
    call = Call.objects.get(run_id=run.id)
    assert (call.outcome, call.output_tokens, call.cost) == ("completed", None, None)


def test_a_parameter_that_the_upstream_rejects_is_told_in_its_own_words(page_of):
    page, run = page_of("hello", **{"p.temperature": "0.4"})
    assert run.status == "failed" and run.error["parameter"] == "temperature"
    assert "Upstream says “Unsupported value: 'temperature' must be 1.” Field temperature" in page
