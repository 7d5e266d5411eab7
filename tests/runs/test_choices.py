"""The choice of format: for a turn, for good, by the model; what it leaves out is named and never lost silently."""

import json
import re
import uuid
from html import unescape

import pytest

from apps.conversations import edit
from apps.conversations.models import Conversation, Message
from apps.runs.models import Run
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from apps.wire import messages as wire
from apps.wire.formats import FORMATS
from tests.processes import wait_until as until

pytestmark = pytest.mark.django_db(transaction=True)
CHAT, RESPONSES, MESSAGES, GEMINI = "openai_chat", "openai_responses", "anthropic_messages", "gemini"


@pytest.fixture
def model(sandbox_upstream):
    Upstream.objects.update(kind=Upstream.Kind.SANDBOX)
    return lambda name="sandbox-echo": Model.objects.get(upstream=sandbox_upstream, name=name)


@pytest.fixture
def page(serving, client_of, member, model):
    """What the page of `member` posts; each gives the response."""
    return Page(client_of(member), model)


class Page:
    def __init__(self, client, model):
        self.client, self.model = client, model

    def send(self, text="hello", name="sandbox-echo", **more):
        fields = {"text": text, "turn": str(uuid.uuid4()), "model": str(self.model(name).id), "format_for": "", **more}
        return self.client.post("/send/", fields)

    def switch(self, name="sandbox-echo", **more):
        return self.client.post("/switch/", {"model": str(self.model(name).id), "format_for": "", **more})


def ended(count=1) -> Run:
    until(lambda: Run.objects.exclude(status="running").count() == count)
    return Run.objects.order_by("-id").first()


def talk() -> Conversation:
    return Conversation.objects.get()


def test_every_format_answers_in_the_page(page):
    for count, format in enumerate(FORMATS, 1):
        assert page.send(f"by {format}", format=format, format_for="conversation").status_code == 200
        run = ended(count)
        assert (run.status, run.format) == ("completed", format), run.error
        assert f"by {format}" in wire.said(wire_parts(run))


def wire_parts(run: Run):
    from apps.conversations.queries import parts_of

    return parts_of([run.message_id])[run.message_id]


def test_a_new_chat_begins_in_the_model_s_own_format(page):
    Model.objects.filter(name="sandbox-echo").update(own_format=MESSAGES)
    page.send(format=CHAT, wire=CHAT)
    assert ended().format == MESSAGES
    assert (talk().format, talk().format_chosen) == (MESSAGES, False)


def test_a_format_for_this_turn_is_gone_with_it(page):
    page.send(format=RESPONSES, wire=RESPONSES, format_for="turn", **{"p.temperature": "0.5"})
    assert ended().format == RESPONSES
    assert (talk().format, talk().format_chosen) == (CHAT, False)
    assert talk().parameters == {"temperature": 0.5}
    page.send("again", conversation=str(talk().id))
    assert ended(2).format == CHAT


def test_the_reply_to_such_a_turn_puts_the_page_back_to_what_holds_from_now_on(page):
    html = page.send(format=RESPONSES, wire=RESPONSES, format_for="turn").content.decode()
    assert 'name="format" id="format" form="composer" value="openai_chat"' in html
    assert 'hx-target="#parameters"' in html
    ended()
    assert 'hx-target="#parameters"' not in page.send("more", conversation=str(talk().id)).content.decode()
    ended(2)


def test_a_format_for_good_stays_when_the_model_changes(page):
    Model.objects.filter(name="sandbox-slow").update(own_format=MESSAGES)
    page.send(format=RESPONSES, wire=RESPONSES, format_for="conversation")
    ended()
    html = page.switch("sandbox-slow", conversation=str(talk().id), format=RESPONSES, format_for="conversation")
    assert (
        'id="wire-openai_responses" name="wire" form="composer" value="openai_responses" checked'
        in html.content.decode()
    )
    assert talk().format == RESPONSES


def test_a_format_that_nobody_chose_changes_with_the_model(page):
    Model.objects.filter(name="sandbox-slow").update(own_format=MESSAGES)
    page.send()
    ended()
    page.switch("sandbox-slow", conversation=str(talk().id), format=CHAT, wire=CHAT)
    assert (talk().model.name, talk().format, talk().format_chosen) == ("sandbox-slow", MESSAGES, False)


def test_a_chosen_format_is_given_up_when_the_model_shall_decide(page):
    page.send(format=RESPONSES, wire=RESPONSES, format_for="conversation")
    ended()
    page.switch(conversation=str(talk().id), format=RESPONSES, wire=RESPONSES, format_for="")
    assert (talk().format, talk().format_chosen) == (CHAT, False)


def test_a_format_for_good_is_kept_with_the_next_turn_so_that_going_back_loses_nothing(page):
    page.send(format=CHAT, wire=CHAT, **{"p.seed": "7"})
    ended()
    good = {"conversation": str(talk().id), "format_for": "conversation"}
    page.switch(format=CHAT, wire=MESSAGES, **good, **{"p.seed": "7"})
    assert (talk().format, talk().parameters) == (CHAT, {"seed": 7})
    page.send("more", format=MESSAGES, wire=MESSAGES, **good, **{"p.temperature": "0.5"})
    ended(2)
    assert (talk().format, talk().parameters) == (MESSAGES, {"temperature": 0.5})


def test_another_format_shows_its_parameters_with_the_old_values_in_its_words(page):
    html = page.switch(format=CHAT, wire=RESPONSES, **{"p.max_completion_tokens": "77"}).content.decode()
    assert 'name="p.max_output_tokens" form="composer" value="77"' in html
    assert "p.max_completion_tokens" not in html


def field_of(html: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', html)
    return unescape(found[1]) if found else ""


def test_what_a_format_cannot_say_is_there_again_when_one_switches_back(page):
    """Also by way of a third format, and what was changed on the way stays changed."""
    set = {"p.seed": "7", "p.temperature": "1.5", "p.max_completion_tokens": "77"}
    html = page.switch(format=CHAT, wire=MESSAGES, **set).content.decode()
    assert (field_of(html, "p.seed"), field_of(html, "p.max_tokens")) == ("", "77")
    aside = {"set_aside": field_of(html, "set_aside")}
    html = page.switch(format=MESSAGES, wire=RESPONSES, **aside, **{"p.max_tokens": "88"}).content.decode()
    assert (field_of(html, "p.temperature"), field_of(html, "p.max_output_tokens")) == ("1.5", "88")
    aside = {"set_aside": field_of(html, "set_aside")}
    back = {"p.temperature": "0.5", "p.max_output_tokens": "88"}
    html = page.switch(format=RESPONSES, wire=CHAT, **aside, **back).content.decode()
    assert [field_of(html, f"p.{name}") for name in ("seed", "temperature", "max_completion_tokens")] == [
        "7",
        "0.5",
        "88",
    ]
    assert field_of(html, "set_aside") == ""


def test_a_conversation_keeps_what_was_set_aside_until_its_format_can_say_it(page):
    page.send(format=CHAT, wire=CHAT, **{"p.seed": "7"})
    ended()
    good = {"conversation": str(talk().id), "format_for": "conversation"}
    aside = field_of(page.switch(format=CHAT, wire=MESSAGES, **good, **{"p.seed": "7"}).content.decode(), "set_aside")
    page.send("more", format=MESSAGES, wire=MESSAGES, **good, set_aside=aside, **{"p.temperature": "0.5"})
    assert ended(2).parameters == {"temperature": 0.5}
    assert (talk().parameters, talk().set_aside) == ({"temperature": 0.5}, {CHAT: {"seed": 7}})
    page.send("and", format=MESSAGES, wire=CHAT, **good)
    assert ended(3).parameters == {"temperature": 0.5, "seed": 7}
    assert (talk().format, talk().set_aside) == (CHAT, {})


@pytest.mark.parametrize(
    "posted",
    ["x", "[1]", '{"openai_chat": 1}', '{"openai_chat": {"seed": "x", "evil": 1}, "nope": {"seed": 1}}', "[" * 99_999],
)
def test_what_a_stranger_sets_aside_is_dropped(page, posted):
    html = page.switch(format=MESSAGES, wire=CHAT, set_aside=posted, **{"p.temperature": "0.5"}).content.decode()
    assert (field_of(html, "p.temperature"), field_of(html, "p.seed"), field_of(html, "set_aside")) == ("0.5", "", "")


def test_what_the_format_cannot_say_is_named(page):
    html = page.switch(format=CHAT, wire=MESSAGES, **{"p.seed": "7", "p.temperature": "0.5"}).content.decode()
    assert f"{FORMATS[MESSAGES].label} has no Seed: it was left out." in html
    assert 'name="p.temperature" form="composer" value="0.5"' in html


def test_what_was_left_out_for_one_turn_is_noted_with_its_run(page):
    page.send(format=CHAT, wire=CHAT, **{"p.seed": "7"})
    ended()
    page.send("more", conversation=str(talk().id), format=MESSAGES, wire=MESSAGES, format_for="turn")
    run = ended(2)
    assert run.left_out == [["parameter", "Seed"]]
    assert talk().parameters == {"seed": 7}
    shown = page.client.get(f"/c/{talk().id}/").content.decode()
    assert f"{FORMATS[MESSAGES].label} has no Seed: it was left out." in shown


def test_an_answer_can_be_asked_for_once_more_in_another_format_and_from_another_model(page):
    page.send(format=CHAT, wire=CHAT, **{"p.seed": "7"})
    first = ended()
    fields = {"turn": str(uuid.uuid4()), "model": str(page.model("sandbox-markdown").id), "format": MESSAGES}
    assert page.client.post(f"/m/{first.message_id}/retry/", fields).status_code == 200
    run = ended(2)
    assert (run.format, run.model_name, run.left_out) == (MESSAGES, "sandbox-markdown", [["parameter", "Seed"]])
    assert (talk().format, talk().model.name) == (CHAT, "sandbox-echo")


def test_the_choice_for_one_more_answer_names_what_would_be_left_out(page):
    page.send(format=CHAT, wire=CHAT, **{"p.seed": "7"})
    run = ended()
    html = page.client.get(f"/m/{run.message_id}/again/?format={MESSAGES}").content.decode()
    assert "has no Seed: it was left out." in html
    assert 'id="again-anthropic_messages" name="format"' in html


def test_a_model_is_asked_only_in_formats_that_it_is_offered_in(page):
    Model.objects.filter(name="sandbox-echo").update(own_formats=[CHAT])
    response = page.send(format=MESSAGES, wire=MESSAGES, format_for="conversation")
    assert response.status_code == 422
    assert f"sandbox-echo is not offered in {FORMATS[MESSAGES].label}" in response.content.decode()
    assert not Run.objects.exists()


def test_an_unknown_format_is_refused_with_a_sentence(page):
    response = page.send(format="telepathy", format_for="conversation")
    assert response.status_code == 422 and "not known here" in response.content.decode()


# What is merged in


def test_extra_json_is_merged_last_and_kept_with_the_conversation_and_the_run(page, sandbox):
    typed = '{"temperature": 1.5, "seed":   11}'
    page.send(format=CHAT, wire=CHAT)
    ended()
    until(lambda: Call.objects.filter(kind="title").exclude(outcome="running").exists())
    page.send(conversation=str(talk().id), format=CHAT, wire=CHAT, **{"p.temperature": "0.1", "p.extra": typed})
    run = ended(2)
    sent = sandbox.stats()["last_request"]
    assert (sent["temperature"], sent["seed"]) == (1.5, 11)
    assert talk().extra == typed and run.extra == json.loads(typed)
    assert typed.replace('"', "&quot;") in page.client.get(f"/c/{talk().id}/").content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("{", "must be JSON"),
        ("[1]", "must be a JSON object"),
        ('"text"', "must be a JSON object"),
        ("NaN", "must be JSON"),
        ('{"a": NaN}', "must be JSON"),
        ('{"a":' + "[" * 60 + "]" * 60 + "}", "nested too deeply"),
        ("[" * 100_000, "must be JSON"),
    ],
)
def test_extra_json_that_is_no_object_is_refused_and_nothing_is_lost(page, typed, told):
    response = page.send("keep me", **{"p.extra": typed})
    html = response.content.decode()
    assert response.status_code == 422
    assert told in html and 'data-field-error="p.extra"' in html
    assert not Conversation.objects.exists()


def test_extra_json_is_told_to_be_merged_as_it_is_when_the_format_changes(page):
    html = page.switch(format=CHAT, wire=MESSAGES, **{"p.extra": '{"a": 1}'}).content.decode()
    assert "merged in as it is" in html


# Web search


def test_web_search_is_asked_for_and_what_it_found_is_shown_with_sources(page):
    page.send("who?", "sandbox-search", web_search="1", format=RESPONSES, format_for="conversation")
    run = ended()
    assert run.web_search and talk().web_search
    html = page.client.get(f"/c/{talk().id}/").content.decode()
    assert "Searched the web" in html and 'class="cite"' in html and 'class="sources"' in html


def test_a_model_that_does_not_search_is_not_asked_to_and_that_is_named(page):
    Upstream.objects.update(kind=Upstream.Kind.GATEWAY)
    html = page.switch(format=CHAT, wire=CHAT, web_search="1").content.decode()
    assert "sandbox-echo does not search the web by Chat Completions" in html
    page.send(web_search="1")
    run = ended()
    assert run.left_out == [["web_search", ""]] and run.status == "completed"


# What a conversation carries


def test_attachments_that_format_or_model_cannot_carry_are_named_and_stay_unsent(page):
    page.send()
    run = ended()
    prompt = Message.objects.get(role="user")
    file = wire.File(name="talk.mp4", media_type="video/mp4", url="https://a.example/talk.mp4")
    edit.store_parts(message=prompt, parts=[file, wire.Text("hello")])
    shown = page.client.get(f"/c/{talk().id}/").content.decode()
    assert "sandbox-echo takes no video: talk.mp4 is not sent." in shown
    Model.objects.update(capabilities=["chat", "vision"])
    assert "talk.mp4 is not sent" not in page.client.get(f"/c/{talk().id}/").content.decode()
    again = {"turn": str(uuid.uuid4()), "format": MESSAGES}
    page.client.post(f"/m/{run.message_id}/retry/", again)
    assert ended(2).left_out == [["video", "talk.mp4"]]


# State at the upstream


def test_state_kept_at_the_upstream_stands_for_the_conversation(page, sandbox):
    good = {"format": RESPONSES, "wire": RESPONSES, "format_for": "conversation", "keep_state": "1"}
    page.send("first", **good)
    first = ended()
    assert first.answer_id and not first.previous_id
    until(lambda: Call.objects.filter(kind="title").exclude(outcome="running").exists())
    page.send("second", conversation=str(talk().id), **good)
    second = ended(2)
    assert second.previous_id == first.answer_id and second.status == "completed"
    sent = sandbox.stats()["last_request"]
    assert sent["previous_response_id"] == first.answer_id and "first" not in json.dumps(sent["input"])


def test_an_upstream_that_has_forgotten_the_answer_is_sent_the_whole_conversation(page, sandbox):
    good = {"format": RESPONSES, "wire": RESPONSES, "format_for": "conversation", "keep_state": "1"}
    page.send("first question", **good)
    first = ended()
    until(lambda: Call.objects.filter(kind="title").exclude(outcome="running").exists())
    Run.objects.filter(pk=first.pk).update(answer_id="resp_that_nobody_knows")
    page.send("second question", conversation=str(talk().id), **good)
    assert ended(2).status == "completed"
    sent = sandbox.stats()["last_request"]
    assert "previous_response_id" not in sent and "first question" in json.dumps(sent["input"])


def test_the_whole_conversation_is_sent_unless_asked_otherwise(page):
    good = {"format": RESPONSES, "wire": RESPONSES, "format_for": "conversation"}
    page.send("first", **good)
    ended()
    page.send("second", conversation=str(talk().id), **good)
    assert ended(2).previous_id == ""


def test_a_format_that_keeps_nothing_says_so(page):
    page.send(format=CHAT, wire=CHAT, keep_state="1")
    assert ended().left_out == [["state", ""]]


# Whose it is


def test_nobody_switches_the_format_of_another_s_conversation(page, client_of, user):
    page.send()
    run = ended()
    stranger = client_of(user)
    fields = {"conversation": str(talk().id), "format": MESSAGES, "format_for": "conversation"}
    assert stranger.post("/switch/", fields).status_code == 404
    assert stranger.get(f"/m/{run.message_id}/again/").status_code == 404
    assert talk().format == CHAT


def test_a_wrong_value_is_told_in_the_reader_s_language(page):
    page.client.cookies["django_language"] = "zh-hans"
    response = page.send(format=CHAT, wire=CHAT, **{"p.temperature": "9"})
    assert "必须在 0 到 2 之间" in response.content.decode()
