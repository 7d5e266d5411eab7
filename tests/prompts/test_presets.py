"""Presets: taken from a chat's form and put to use in a chat, by their owner and by others."""

import html
import re

import pytest
from django.contrib.auth.models import Group

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.prompts import library, presets
from apps.prompts.models import Habit, Preset
from apps.runs.models import Tool
from apps.upstreams.models import Model

CHOSEN = {
    "format": "openai_chat",
    "format_for": "conversation",
    "p.temperature": "0.3",
    "p.seed": "7",
    "system_prompt": "Be brief",
    "web_search": "1",
    "tool_rounds": "3",
    "tool": ["calculator"],
    "schema": '{"type": "object"}',
    "schema_name": "thing",
}


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def tool(user):
    return Tool.objects.create(owner=user, name="look_up", schema='{"type": "object"}')


@pytest.fixture
def preset(client, user, model, tool):
    told = {**CHOSEN, "tool": [*CHOSEN["tool"], str(tool.id)], "model": str(model.id), "title": "Terse"}
    assert client.post("/presets/save/", told).status_code == 200
    return Preset.objects.get(owner=user)


def test_a_preset_holds_what_the_form_shows(preset, model):
    assert (preset.model, preset.format, preset.system_prompt) == (model, "openai_chat", "Be brief")
    assert preset.parameters == {"temperature": 0.3, "seed": 7}
    assert sorted(preset.tools) == ["calculator", "look_up"]
    assert (preset.response_schema["name"], preset.web_search, preset.tool_rounds) == ("thing", True, 3)


def test_a_name_is_taken_once_unless_the_old_one_is_to_be_replaced(client, preset, model):
    told = {**CHOSEN, "model": str(model.id), "title": "Terse", "system_prompt": "New"}
    refused = client.post("/presets/save/", told)
    assert (refused.status_code, "preset of this name" in refused.content.decode()) == (422, True)
    assert client.post("/presets/save/", {**told, "replace": "1"}).status_code == 200
    assert Preset.objects.get().system_prompt == "New"


def test_a_member_who_may_change_a_shared_preset_replaces_its_settings(client_of, preset, member, group, model):
    library.share(kept=preset, groups=[group], members_edit=True)
    told = {**CHOSEN, "model": str(model.id), "title": "Terse", "system_prompt": "Theirs", "replace": "1"}
    assert client_of(member).post("/presets/save/", told).status_code == 200
    preset.refresh_from_db()
    assert (preset.system_prompt, preset.owner == member) == ("Theirs", False)
    library.share(kept=preset, groups=[group], members_edit=False)
    client_of(member).post("/presets/save/", {**told, "system_prompt": "Mine"})
    assert Preset.objects.get(owner=member).system_prompt == "Mine"


def test_applied_to_a_chat_its_next_turns_are_asked_so(client, preset, user, model, tool):
    talk = edit.create(owner=user, model=model, format="openai_chat", first_text="Hello")
    reply = client.post(f"/presets/{preset.id}/apply/", {"conversation": str(talk.id)})
    assert reply.status_code == 200
    talk.refresh_from_db()
    assert (talk.parameters, talk.system_prompt) == ({"temperature": 0.3, "seed": 7}, "Be brief")
    assert sorted(talk.tools) == sorted(["calculator", str(tool.id)])
    assert talk.format_chosen


def test_a_new_chat_shows_the_preset_that_its_address_names_or_that_is_usual(client, preset, user):
    named = client.get(f"/?preset={preset.id}").content.decode()
    assert "Be brief" in named
    assert "Be brief" not in client.get("/").content.decode()
    client.post(f"/presets/{preset.id}/usual/")
    assert "Be brief" in client.get("/").content.decode()
    assert "Be brief" not in client.get("/?preset=none").content.decode()
    client.post(f"/presets/{preset.id}/usual/")
    assert Habit.objects.get(owner=user).preset is None
    assert not Conversation.objects.exists()


def test_a_preset_whose_model_is_gone_says_so_and_the_rest_is_used(client, preset, user, model):
    Model.objects.create(upstream=model.upstream, name="another", capabilities=["chat"])
    model.delete()
    page = client.get(f"/?preset={preset.id}").content.decode()
    assert "a-model is gone or not open to you: the chat keeps another" in page
    assert "Be brief" in page


def test_a_model_reserved_for_others_is_as_good_as_gone(preset, user, member, model, group):
    library.share(kept=preset, groups=[group], members_edit=False)
    model.groups.add(Group.objects.create(name="Others"))
    fields, notes = presets.put(preset, member, None)
    assert fields["model"] is None
    assert any("a-model" in note for note in notes)


def test_what_another_format_cannot_say_is_set_aside_and_named(preset, user, model):
    model.own_formats = ["anthropic_messages"]
    model.save()
    fields, notes = presets.put(preset, user, None)
    assert fields["format"] == "anthropic_messages"
    assert fields["parameters"] == {"temperature": 0.3}
    assert fields["set_aside"] == {"openai_chat": {"seed": 7}}
    assert any("Seed" in note for note in notes)
    assert not fields["format_chosen"]


def test_a_shared_preset_calls_the_readers_own_tools_by_name_and_names_those_that_are_not_there(
    preset, member, group, tool
):
    library.share(kept=preset, groups=[group], members_edit=False)
    fields, notes = presets.put(preset, member, None)
    assert fields["tools"] == ["calculator"]
    assert any("look_up" in note for note in notes)
    own = Tool.objects.create(owner=member, name="look_up", schema='{"type": "object"}')
    assert str(own.id) in presets.put(preset, member, None)[0]["tools"]


def test_a_preset_is_a_column_of_a_new_comparison(client, preset):
    row = client.get(f"/compare/row/?preset={preset.id}").content.decode()
    assert 'value="0.3"' in row


def undoing(reply) -> dict:
    """What the toast's button posts."""
    page = reply.content.decode()
    told = re.search(r'hx-post="/presets/undo/".*?</form>', page, re.DOTALL)
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', html.unescape(told[0]))
    return {name: [value for other, value in found if other == name] for name, _value in found}


def test_undone_a_chat_is_asked_exactly_as_before(client, client_of, preset, user, member, model):
    another = Model.objects.create(upstream=model.upstream, name="another", capabilities=["chat"])
    chosen = {"parameters": {"top_p": 0.5}, "system_prompt": "Be long", "tools": ["calculator"], "keep_state": True}
    talk = edit.create(owner=user, model=another, format_chosen=True, first_text="Hello", **chosen)
    before = Conversation.objects.values().get()
    shown = {"format": "openai_chat", "format_for": "conversation"}
    told = undoing(client.post(f"/presets/{preset.id}/apply/", {**shown, "conversation": str(talk.id)}))
    assert Conversation.objects.get().system_prompt == "Be brief"
    assert client_of(member).post("/presets/undo/", told).status_code == 404
    assert client.post("/presets/undo/", {**told, "undo": ["forged"]}).status_code == 422
    assert client.post("/presets/undo/", told).status_code == 200
    assert Conversation.objects.values().get() == before


def test_undone_a_new_chat_shows_what_stood_in_its_form(client, preset, model):
    stood = {"model": str(model.id), "system_prompt": "Be long", "p.top_p": "0.5", "tool_rounds": "9", "schema": ""}
    reply = client.post(f"/presets/{preset.id}/apply/", {**stood, "format": "openai_chat", "tool": ["calculator"]})
    page = client.post("/presets/undo/", undoing(reply)).content.decode()
    assert "Be long" in page and "Be brief" not in page
    assert 'value="0.5"' in page and 'value="0.3"' not in page
    assert 'value="calculator" checked' in page and 'value="9"' in page
    half = client.post(f"/presets/{preset.id}/apply/", {**stood, "schema": "{half"})
    assert half.status_code == 422
