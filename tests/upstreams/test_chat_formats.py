"""In which formats a model is offered, and in which a new chat with it begins."""

import pytest

from apps.upstreams.catalogue import store
from apps.upstreams.chat_formats import CHAT, GEMINI, MESSAGES, RESPONSES, can_search, formats_of
from apps.upstreams.listing import Listed
from apps.upstreams.models import Model, Upstream
from apps.wire.formats import FORMATS

ALL = list(FORMATS)


def model(name: str, base_url: str = "https://gateway.example", kind: str = "gateway", **fields) -> Model:
    return Model(name=name, upstream=Upstream(name="U", base_url=base_url, kind=kind), **fields)


@pytest.mark.parametrize(
    ("types", "formats"),
    [
        (["openai"], []),
        ([], []),
        (["image-generation", "openai"], []),
        (["openai-response"], [RESPONSES]),
        (["anthropic", "openai"], [MESSAGES, CHAT]),
        (["gemini", "openai"], [GEMINI, CHAT]),
        (["openai-response-compact"], []),
    ],
)
def test_a_catalogue_s_endpoint_types_name_formats(types, formats):
    assert formats_of(types) == formats


@pytest.mark.parametrize(
    "name",
    [
        "o1-pro",
        "o1-pro-2025-03-19",
        "o3-pro",
        "gpt-5-pro",
        "gpt-5.2-pro",
        "codex-mini-latest",
        "gpt-5-codex",
        "gpt-5.1-codex-max",
        "o3-deep-research",
        "o4-mini-deep-research-2025-06-26",
        "computer-use-preview",
    ],
)
def test_models_that_only_speak_responses_begin_there_by_themselves(name):
    assert model(name).default_format == RESPONSES


@pytest.mark.parametrize("name", ["gpt-5", "o3", "o1", "sonar-deep-research", "openai/o3-pro", "gpt-4o", "claude-x"])
def test_other_models_of_a_gateway_begin_in_chat_completions(name):
    assert model(name).default_format == CHAT


def test_a_claude_begins_in_messages_where_its_upstream_speaks_it():
    assert model("claude-sonnet-4-5", stated_formats=[MESSAGES, CHAT]).default_format == MESSAGES
    assert model("claude-sonnet-4-5", "https://api.anthropic.com").default_format == MESSAGES
    assert model("gpt-4o", stated_formats=[MESSAGES, CHAT]).default_format == CHAT


def test_gemini_is_the_default_only_where_nothing_else_is_spoken():
    assert model("gemini-2.5-pro", stated_formats=[GEMINI, CHAT]).default_format == CHAT
    assert model("gemini-2.5-pro", "https://generativelanguage.googleapis.com").default_format == GEMINI
    assert model("gemini-2.5-pro", "https://generativelanguage.googleapis.com/v1beta/openai").formats == [CHAT]


def test_all_formats_are_offered_where_nobody_says_otherwise():
    assert model("gpt-4o").formats == ALL
    assert model("gpt-4o", stated_formats=["a format that is not known here"]).formats == ALL


def test_the_catalogue_s_formats_are_the_ones_offered():
    assert model("x", stated_formats=[MESSAGES]).formats == [MESSAGES]
    assert model("x", stated_formats=[MESSAGES]).default_format == MESSAGES


def test_the_local_model_speaks_chat_completions_alone_and_the_sandbox_speaks_all():
    assert model("SmolLM2", "http://127.0.0.1:1", "local").formats == [CHAT]
    assert model("sandbox-echo", "http://127.0.0.1:1", "sandbox").formats == ALL
    assert model("sandbox-echo", "http://127.0.0.1:1", "sandbox").default_format == CHAT


def test_the_administrator_s_word_comes_before_the_catalogue_s():
    chosen = model("claude-x", stated_formats=[MESSAGES], own_formats=[CHAT, RESPONSES], own_format=RESPONSES)
    assert (chosen.formats, chosen.default_format) == ([CHAT, RESPONSES], RESPONSES)


def test_a_default_that_is_not_offered_is_passed_over():
    assert model("x", own_formats=[CHAT], own_format=GEMINI).default_format == CHAT


def test_web_search_is_for_models_that_search_in_that_format():
    assert can_search(model("gpt-5"), RESPONSES) and not can_search(model("gpt-5"), CHAT)
    assert can_search(model("gpt-4o-search-preview"), CHAT)
    assert can_search(model("claude-sonnet-4-5"), MESSAGES) and not can_search(model("gpt-5"), MESSAGES)
    assert can_search(model("sandbox-search", kind="sandbox"), CHAT)
    assert not can_search(model("SmolLM2", kind="local"), CHAT)


# The administrator's page


@pytest.fixture
def kept(db) -> Model:
    upstream = Upstream.objects.create(name="U", base_url="https://gateway.example")
    return Model.objects.create(upstream=upstream, name="claude-x", capabilities=["chat"])


def edit(client, kept: Model, **fields):
    return client.post(f"/settings/models/{kept.pk}/", {"position": 0, "enabled": "on", "own_format": "", **fields})


def test_an_administrator_says_which_formats_a_model_is_offered_in_and_which_is_its_own(kept, client_of, administrator):
    assert edit(client_of(administrator), kept, own_formats=[CHAT, MESSAGES], own_format=MESSAGES).status_code == 302
    kept.refresh_from_db()
    assert (kept.formats, kept.default_format) == ([CHAT, MESSAGES], MESSAGES)
    page = client_of(administrator).get(f"/settings/models/{kept.pk}/").content.decode()
    assert f'value="{MESSAGES}" selected' in page


def test_a_default_that_is_not_offered_is_refused(kept, client_of, administrator):
    reply = edit(client_of(administrator), kept, own_formats=[CHAT], own_format=GEMINI)
    assert reply.status_code == 400 and "not among the formats" in reply.content.decode()
    kept.refresh_from_db()
    assert kept.own_formats == []


def test_a_format_that_nobody_speaks_is_refused(kept, client_of, administrator):
    assert edit(client_of(administrator), kept, own_formats=["telepathy"]).status_code == 400


def test_a_refreshed_catalogue_leaves_the_administrator_s_choice(kept):
    Model.objects.filter(pk=kept.pk).update(own_format=MESSAGES)
    store(kept.upstream, [Listed(name="claude-x", types=["anthropic", "openai"])])
    kept.refresh_from_db()
    assert (kept.stated_formats, kept.default_format) == ([MESSAGES, CHAT], MESSAGES)
    store(kept.upstream, [Listed(name="claude-x", types=["openai"])])
    kept.refresh_from_db()
    assert (kept.stated_formats, kept.own_format) == ([], MESSAGES)
