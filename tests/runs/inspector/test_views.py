"""The inspector over HTTP: what a run's owner sees of it, for each way in which a run can end."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.utils.html import escape

from apps.runs.models import Run, Tool
from apps.runs.tools.definitions import chosen, dumped, renewed
from apps.upstreams.models import Model, Upstream
from apps.usage import records
from apps.usage.models import Call, CallRecord
from tests.processes import wait_until as until
from tests.upstreams.scripted import Exchange, Scripted

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "sk-inspector-0123456789abcdef"


@pytest.fixture
def ask(serving, client_of, member):
    """`ask(model, text)`: the run that answered, once it has ended."""
    client = client_of(member)

    def make(model: Model, text="hello", wait=True, **more) -> Run:
        sent = {"text": text, "turn": str(uuid.uuid4()), "model": str(model.id), **more}
        client.post("/send/", sent)
        run = Run.objects.get(turn_id=sent["turn"])
        return ended(run) if wait else run

    make.client = client
    return make


@pytest.fixture
def sandbox_model(sandbox_upstream):
    def find(name: str) -> Model:
        known = {"upstream": sandbox_upstream, "name": name}
        return Model.objects.get_or_create(**known, defaults={"capabilities": ["chat"]})[0]

    return find


@pytest.fixture
def model_of():
    """`model_of(script)`: a model of a scripted upstream that is asked with SECRET."""
    running = []

    def make(script, name="a-model") -> Model:
        running.append(Scripted(script).__enter__())
        upstream = Upstream(name=f"Scripted {len(running)}", base_url=running[-1].url)
        upstream.set_key(SECRET)
        upstream.save()
        return Model.objects.create(upstream=upstream, name=name, capabilities=["chat"])

    yield make
    for server in running:
        server.__exit__()


def ended(run: Run) -> Run:
    return until(lambda: Run.objects.exclude(status=Run.Status.RUNNING).filter(id=run.id).first())


def tab(browser, run: Run, name: str, **query) -> str:
    response = browser.get(f"/runs/{run.id}/tab/{name}/", query)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def kept(run: Run, place: int = -1) -> records.Kept:
    return records.of(Call.objects.filter(run_id=run.id).last().id).exchanges[place]


def events(*documents: dict) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents) + b"data: [DONE]\n\n"


def saying(text: str, **more) -> dict:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "c-1", "object": "chat.completion.chunk", "model": "a-model", "choices": [choice], **more}


STOP = saying("") | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


async def streams(exchange: Exchange, *documents: dict) -> None:
    await exchange.begin_stream()
    await exchange.chunk(events(*documents))
    await exchange.end_stream()


def test_the_wire_of_an_answer_shows_both_heads_both_bodies_and_each_event(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-echo@0"), "Say <b>this</b>")
    html = tab(ask.client, run, "wire")
    told = words(html)
    assert "200 POST http://127.0.0.1" in told and "/v1/chat/completions" in told
    assert "Bearer •••••• (hidden)" in told and "text/event-stream" in told
    assert escape("Say <b>this</b>") in html and "<b>this</b>" not in html
    assert "First token after" in told and "delta.content" in told and "[DONE]" in told
    assert "Asked for sandbox-echo@0 Answered as sandbox-echo@0 Fingerprint fp_sandbox" in told


def test_an_event_is_shown_readable_and_copied_as_it_came(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-echo@0"))
    reply = kept(run).reply
    raw = ask.client.get(f"/runs/{run.id}/events/1/?raw=1")
    assert raw["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.startswith(raw.content)
    assert "&quot;object&quot;" in ask.client.get(f"/runs/{run.id}/events/1/").content.decode()
    assert ask.client.get(f"/runs/{run.id}/events/99999/").status_code == 404


def test_the_list_of_events_is_filtered(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-count-150-0"))
    address = f"/runs/{run.id}/events/"
    grouped = ask.client.get(address, {"whole": 1}).content.decode()
    everything = ask.client.get(address, {"whole": 1, "show": "all"}).content.decode()
    assert grouped.count('class="event"') < 10 and everything.count('class="event"') == 50
    more = re.search(r'hx-get="([^"]*start=51[^"]*)"', everything)[1].replace("&amp;", "&")
    assert ask.client.get(more).content.decode().count('class="event"') == 50
    usage = ask.client.get(address, {"whole": 1, "type": "usage"}).content.decode()
    assert usage.count('class="event"') == 1 and "1 event matches" in usage
    assert "0 events match" in ask.client.get(address, {"whole": 1, "words": "<nowhere>"}).content.decode()


def test_a_failed_run_shows_what_the_upstream_answered(ask, sandbox_model):
    run = ask(sandbox_model("fault-401"))
    told = words(tab(ask.client, run, "wire"))
    assert "401 POST" in told and "Sandbox refused the key (401)" in told and "Response body" in told
    assert kept(run).status == 401


def test_a_retried_call_shows_each_attempt(ask, sandbox_model):
    run = ask(sandbox_model("fault-500"))
    html = tab(ask.client, run, "wire")
    assert "Request 2, retry" in html
    first = words(tab(ask.client, run, "wire", request=1))
    assert "500 POST" in first and "It was tried again after" in first
    assert Call.objects.get(run_id=run.id).retries == 1
    assert "Retries 1" in words(tab(ask.client, run, "usage"))


def test_an_upstream_that_cannot_be_reached_leaves_a_request_without_an_answer(ask):
    upstream = Upstream.objects.create(name="Nowhere", base_url="http://127.0.0.1:9")
    run = ask(Model.objects.create(upstream=upstream, name="m", capabilities=["chat"]))
    told = words(tab(ask.client, run, "wire"))
    assert "– POST http://127.0.0.1:9/v1/chat/completions" in told and "refused the connection" in told


def test_a_stopped_run_shows_what_came_until_then(ask, sandbox_model):
    run = ask(sandbox_model("fault-endless"), wait=False)
    until(lambda: run.events.exists())
    waiting = tab(ask.client, run, "wire")
    assert "This fills by itself when it has ended" in waiting and "data-live" in waiting
    ask.client.post(f"/runs/{run.id}/stop/")
    assert ended(run).status == "stopped"
    assert "delta.content" in tab(ask.client, run, "wire")
    assert "stopped" in words(tab(ask.client, run, "usage"))


def test_events_that_we_did_not_understand_stand_out(ask, model_of):
    run = ask(model_of(lambda exchange: streams(exchange, saying("Hi"), saying("!", mystery={"a": 1}), STOP)))
    html = tab(ask.client, run, "wire")
    assert "1 event was not understood; it is marked." in words(html)
    assert 'data-state="warn"' in html and "mystery" in html


def test_another_model_than_was_asked_for_is_a_warning_and_a_dated_name_of_it_is_none(ask, model_of):
    def answering_as(name: str):
        return lambda exchange: streams(exchange, saying("Hi") | {"model": name}, STOP)

    dated = ask(model_of(answering_as("gpt-4o-2024-08-06"), "openai/gpt-4o"))
    assert "Another model answered" not in tab(ask.client, dated, "wire")
    smaller = ask(model_of(answering_as("gpt-4o-mini"), "gpt-4o"))
    for name in ("wire", "usage"):
        assert "Another model answered gpt-4o was asked for; the upstream says that gpt-4o-mini answered." in words(
            tab(ask.client, smaller, name)
        )


def every_place_of_the_database() -> str:
    """All that the database holds, the records unpacked."""
    with connection.cursor() as cursor:
        held = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held += [repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]) for row in cursor]
    return "\n".join([*held, *(repr(records.of(record.call_id)) for record in CallRecord.objects.all())])


async def repeats_the_key(exchange: Exchange) -> None:
    """In a header, in an unknown field, in the middle of a chunk's end; or, the second time, in an error."""
    if b"fail" in exchange.request.body:
        await exchange.json({"error": {"message": f"bad key {SECRET}", "type": SECRET}}, 401, x_echo=SECRET)
        return
    assert exchange.request.headers["authorization"] == f"Bearer {SECRET}"
    await exchange.head(content_type="text/event-stream", transfer_encoding="chunked", x_echo=f"is {SECRET}")
    data = events(saying("Hi", authorization=f"Bearer {SECRET}"), STOP)
    cut = data.index(SECRET.encode()) + 7
    await exchange.chunk(data[:cut])
    await exchange.chunk(data[cut:])
    await exchange.end_stream()


@pytest.mark.parametrize("text", ["say", "fail"])
def test_the_key_is_nowhere_in_the_database_nor_in_any_reply(ask, model_of, text):
    run = ask(model_of(repeats_the_key), text)
    assert kept(run).status == (401 if text == "fail" else 200)
    assert SECRET not in every_place_of_the_database()
    paths = [f"tab/{name}/" for name in ("wire", "code", "usage", "parameters")]
    paths += ["", "answer/", "events/?whole=1&show=all", "events/1/", "events/1/?raw=1"]
    paths += [f"code/?lang={name}" for name in ("curl", "python", "javascript", "java", "swift")]
    paths += ["download/raw/", "download/jsonl/", "download/har/"]
    for path in paths:
        response = ask.client.get(f"/runs/{run.id}/{path}")
        assert response.status_code == 200, path
        assert SECRET not in response.content.decode() and SECRET not in str(response.headers), path


def test_the_downloads_hold_all_of_it(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-echo@0"))
    raw = ask.client.get(f"/runs/{run.id}/download/raw/")
    assert raw.content == kept(run).reply and f'run-{run.id}-1.sse"' in raw["Content-Disposition"]
    lines = [json.loads(line) for line in ask.client.get(f"/runs/{run.id}/download/jsonl/").content.splitlines()]
    assert lines[0]["request"]["method"] == "POST" and lines[1]["response"]["status"] == 200
    assert "".join(line["data"] for line in lines[2:]).encode() == kept(run).reply
    assert [line["first_token"] for line in lines[2:]].count(True) == 1
    har = json.loads(ask.client.get(f"/runs/{run.id}/download/har/").content)["log"]
    (entry,) = har["entries"]
    assert entry["request"]["postData"]["text"].encode() == kept(run).body
    assert len(entry["_eventSourceMessages"]) == len(lines) - 2


def test_the_code_of_a_request_is_shown_copied_and_saved(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-echo@0"), "it's <i>so</i>")
    html = tab(ask.client, run, "code", lang="python", client="sdk")
    assert "OpenAI" in html and escape("<i>so</i>") in html and "<i>so</i>" not in html
    plain = ask.client.get(f"/runs/{run.id}/code/?lang=curl")
    assert plain["Content-Type"].startswith("text/plain") and "--data-raw" in plain.content.decode()
    saved = ask.client.get(f"/runs/{run.id}/code/?lang=java&save=1")
    assert 'filename="Ask.java"' in saved["Content-Disposition"]
    for odd in ({"lang": "cobol"}, {"lang": "swift", "client": "sdk"}, {"request": "x"}, {"request": "99"}):
        assert tab(ask.client, run, "code", **odd)


def test_usage_is_told_with_its_units_and_sources(ask, sandbox_model):
    told = words(tab(ask.client, ask(sandbox_model("sandbox-reasoning@0")), "usage"))
    assert re.search(r"Input \d+ tokens reported by the upstream", told)
    assert re.search(r"of it reasoning \d+ tokens reported by the upstream", told)
    assert re.search(r"First token \d", told) and re.search(r"Duration \d", told)
    unknown = words(tab(ask.client, ask(sandbox_model("fault-no-usage@0")), "usage"))
    assert "estimated by us" in unknown


def test_a_runs_own_page_has_its_prompt_its_answer_and_the_tab_that_was_asked_for(ask, sandbox_model):
    run = ask(sandbox_model("sandbox-echo@0"), "Hello there", **{"p.temperature": "0.3", "system_prompt": "Be brief."})
    page = ask.client.get(f"/runs/{run.id}/?tab=parameters").content.decode()
    assert "Hello there" in page and f'data-run="{run.id}"' in page
    assert "Be brief." in page and "temperature" in page and "0.3" in page
    assert "POST" in ask.client.get(f"/runs/{run.id}/?tab=nonsense").content.decode()


def test_a_run_that_is_still_going_has_no_news_until_its_end(ask, sandbox_model):
    run = ask(sandbox_model("fault-endless"), wait=False)
    assert ask.client.get(f"/runs/{run.id}/answer/").status_code == 204
    ask.client.post(f"/runs/{run.id}/stop/")
    ended(run)
    response = ask.client.get(f"/runs/{run.id}/answer/")
    assert response.status_code == 200
    assert json.loads(response["HX-Trigger"]) == {"playground:ended": {"run": str(run.id)}}


def test_what_is_not_kept_any_more_is_said_in_a_sentence(ask, sandbox_model, settings):
    run = ask(sandbox_model("sandbox-echo@0"))
    CallRecord.objects.all().delete()
    for name in ("wire", "code"):
        assert "Records are kept for 30 days." in tab(ask.client, run, name)
    assert ask.client.get(f"/runs/{run.id}/download/har/").status_code == 404
    settings.WIRE_RECORD_DAYS = 0
    assert "Nothing of the wire is kept on this server." in tab(ask.client, run, "wire")
    assert "tokens" in tab(ask.client, run, "usage")


def test_an_answer_that_was_continued_leads_from_one_of_its_runs_to_the_other(ask, sandbox_model):
    first = ask(sandbox_model("fault-cut@0"))
    turn = str(uuid.uuid4())
    ask.client.post(f"/m/{first.message_id}/continue/", {"turn": turn, "model": str(first.model_id)})
    second = ended(Run.objects.get(turn_id=turn))
    for run, other in ((first, second), (second, first)):
        html = tab(ask.client, run, "wire")
        assert f'data-inspect="{other.id}"' in html and words(html).count("Run 2") == 1


def test_a_request_is_sent_again_as_it_was_whatever_was_chosen_since(ask, sandbox_model):
    first = ask(sandbox_model("sandbox-echo"), system_prompt="Be brief.", **{"p.temperature": "0.5"})
    chosen = {"system_prompt": "Be long.", "p.temperature": "1", "model": str(sandbox_model("sandbox-markdown").id)}
    assert ask.client.post(f"/c/{first.conversation_id}/settings/", chosen).status_code == 200
    assert "Send again" in tab(ask.client, first, "wire")
    turn = str(uuid.uuid4())
    for _twice in range(2):
        told = ask.client.post(f"/runs/{first.id}/again/", {"turn": turn}, headers={"HX-Request": "true"})
    assert "turn--assistant" in told.content.decode()
    second = ended(Run.objects.get(turn_id=turn))
    assert second.message.parent_id == first.message.parent_id and second.message_id != first.message_id
    assert kept(second).body == kept(first).body and second.model_id == first.model_id
    own = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/runs/{first.id}/"}
    moved = ask.client.post(f"/runs/{first.id}/again/", {"turn": str(uuid.uuid4())}, headers=own)
    third = ended(Run.objects.latest("id"))
    assert moved["HX-Redirect"] == f"/runs/{third.id}/"


def test_tools_go_again_with_their_addresses_and_those_that_are_gone_by_hand(member):
    tool = Tool(owner=member, name="a_tool", schema="{}", kind="endpoint", url="https://tool.example/")
    tool.save()
    kept_of_run = dumped(chosen(member, [str(tool.id), "calculator"]))
    assert [(each.kind, each.address.url if each.address else "") for each in renewed(member, kept_of_run)] == [
        ("endpoint", "https://tool.example/"),
        ("built_in", ""),
    ]
    tool.delete()
    assert [each.kind for each in renewed(member, kept_of_run)] == ["hand", "built_in"]


def test_a_request_is_not_sent_again_while_it_is_answered_or_when_its_model_is_gone(ask, sandbox_model):
    model = sandbox_model("sandbox-slow")
    run = ask(model, wait=False)
    again = lambda: ask.client.post(f"/runs/{run.id}/again/", {"turn": str(uuid.uuid4())})  # noqa: E731
    assert again().status_code == 409
    ask.client.post(f"/runs/{run.id}/stop/")
    ended(run)
    Model.objects.filter(id=model.id).update(enabled=False)
    refused = again()
    assert refused.status_code == 422 and "cannot be sent again" in refused.content.decode()
    assert Run.objects.count() == 1
