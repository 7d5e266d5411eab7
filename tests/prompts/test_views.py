"""The pages of the library, its picker and the palette; as owner, member of the group and stranger."""

import pytest

from apps.prompts import library
from apps.prompts.commands import COMMANDS, handlers
from apps.prompts.models import Habit, Preset, Prompt

HOSTILE = '<img src=x onerror=alert(1)>"{{a"b}}'
CHANGES = ("delete", "restore/1")


@pytest.fixture
def shared(prompt, group):
    library.share(kept=prompt, groups=[group], members_edit=False)
    return prompt


def words(prompt, **more):
    return {"title": "T", "text": "x", "kind": "user", "base": "1", **more}


def test_a_stranger_finds_nothing_of_a_prompt(client_of, prompt, member):
    client = client_of(member)
    for path in ("", "use/"):
        assert client.get(f"/prompts/{prompt.id}/{path}").status_code == 404
    for path in ("", "use/", "copy/", "delete/", "undelete/", "restore/1/"):
        assert client.post(f"/prompts/{prompt.id}/{path}", words(prompt)).status_code == 404
    assert "Translate" not in client.get("/prompts/").content.decode()
    assert "Translate" not in client.get("/prompts/pick/").content.decode()
    assert "Translate" not in client.get("/palette/?q=translate").content.decode()


def test_a_member_of_the_group_reads_uses_and_copies_but_changes_nothing(client_of, shared, member):
    client = client_of(member)
    assert "Put this into" in client.get(f"/prompts/{shared.id}/").content.decode()
    assert client.post(f"/prompts/{shared.id}/use/").status_code == 200
    assert client.post(f"/prompts/{shared.id}/", words(shared)).status_code == 403
    assert [client.post(f"/prompts/{shared.id}/{verb}/").status_code for verb in CHANGES] == [404, 404]
    assert client.post(f"/prompts/{shared.id}/copy/").status_code == 302
    assert Prompt.objects.get(pk=shared.pk).title == "Translate"
    assert Prompt.objects.filter(owner=member).count() == 1


def test_who_only_reads_is_not_shown_what_it_said_before_it_was_shared(client_of, prompt, user, member, group):
    client_of(user).post(f"/prompts/{prompt.id}/", words(prompt, text="Harmless", groups=[group.pk]))
    for path in ("", "?version=1"):
        shown = client_of(member).get(f"/prompts/{prompt.id}/{path}").content.decode()
        assert "Harmless" in shown
        assert "Put this into" not in shown
    assert "Put this into" in client_of(user).get(f"/prompts/{prompt.id}/?version=1").content.decode()


def test_a_member_who_may_change_it_does_not_say_with_whom_it_is_shared(client_of, shared, member, group):
    library.share(kept=shared, groups=[group], members_edit=True)
    client = client_of(member)
    assert client.post(f"/prompts/{shared.id}/", words(shared, groups=[])).status_code == 302
    shared.refresh_from_db()
    assert (shared.current.text, shared.current.by_name) == ("x", str(member))
    assert list(shared.groups.all()) == [group]
    assert client.post(f"/prompts/{shared.id}/delete/").status_code == 404


def test_an_administrator_reads_no_prompts_of_others(client_of, administrator, prompt):
    assert client_of(administrator).get(f"/prompts/{prompt.id}/").status_code == 404


def test_a_prompt_is_made_changed_compared_and_deleted_with_a_way_back(client_of, user):
    client = client_of(user)
    made = client.post("/prompts/new/", {"title": "A", "text": "one two", "kind": "user"})
    prompt = Prompt.objects.get()
    assert made["Location"] == f"/prompts/{prompt.id}/"
    client.post(f"/prompts/{prompt.id}/", words(prompt, text="one three"))
    compared = client.get(f"/prompts/{prompt.id}/?version=1").content.decode()
    assert '<del class="differs__gone">two</del>' in compared
    assert client.post(f"/prompts/{prompt.id}/restore/1/").status_code == 302
    told = client.post(f"/prompts/{prompt.id}/delete/", follow=True).content.decode()
    assert f'hx-post="/prompts/{prompt.id}/undelete/"' in told
    client.post(f"/prompts/{prompt.id}/undelete/")
    prompt.refresh_from_db()
    assert (prompt.deleted_at, prompt.current.text) == (None, "one two")


def test_words_that_came_too_late_are_not_lost_and_go_on_top_when_saved_again(client_of, user, prompt):
    client = client_of(user)
    client.post(f"/prompts/{prompt.id}/", words(prompt, text="First"))
    late = client.post(f"/prompts/{prompt.id}/", words(prompt, text="Second"))
    assert late.status_code == 409
    assert "Second" in late.content.decode()
    assert 'name="base" value="2"' in late.content.decode()
    assert client.post(f"/prompts/{prompt.id}/", words(prompt, text="Second", base="2")).status_code == 302


def test_what_its_variables_ask_is_filled_in_as_plain_text(client_of, user, prompt):
    client = client_of(user)
    asked = client.get(f"/prompts/{prompt.id}/use/").content.decode()
    assert 'value="English"' in asked
    reply = client.post(f"/prompts/{prompt.id}/use/", {"v0": "<b>", "v1": HOSTILE})
    assert reply["Content-Type"].startswith("text/plain")
    assert reply.content.decode() == f"Put this into <b>:\n{HOSTILE}"


def test_hostile_words_are_shown_and_not_run(client_of, user):
    client = client_of(user)
    kept = library.make(owner=user, title=HOSTILE, text="{{<script>}} " + HOSTILE, description=HOSTILE)
    Preset.objects.create(owner=user, title=HOSTILE, model_name=HOSTILE, format=HOSTILE[:20], tools=[HOSTILE])
    preset = Preset.objects.get()
    pages = ("/prompts/", "/prompts/pick/", f"/prompts/{kept.id}/", f"/prompts/{kept.id}/use/", "/palette/?q=img")
    for path in (*pages, "/presets/", f"/presets/{preset.id}/", "/presets/menu/", "/presets/menu/?columns"):
        shown = client.get(path).content.decode()
        assert "<img src=x" not in shown, path
        assert "<script>" not in shown, path


def test_the_palette_finds_conversations_prompts_presets_and_models(client_of, user, prompt, model):
    from apps.conversations import edit

    edit.create(owner=user, first_text="Translate my letter")
    Preset.objects.create(owner=user, title="Translation settings")
    client = client_of(user)
    assert "Translate my letter" in client.get("/palette/?recent").content.decode()
    found = client.get("/palette/?q=translat").content.decode()
    assert f'data-prompt="/prompts/{prompt.id}/use/"' in found
    assert "Translation settings" in found
    assert 'id="palette-chats"' in found
    assert str(model.id) in client.get("/palette/?q=a-MODEL").content.decode()


def test_administrators_pages_are_offered_only_to_administrators(client_of, user, administrator):
    assert "/settings/people/" not in client_of(user).get("/palette/commands/").content.decode()
    assert "/settings/people/" in client_of(administrator).get("/palette/commands/").content.decode()


def test_single_keys_are_switched_off_for_good(client_of, user):
    client = client_of(user)
    assert 'data-single="on"' in client.get("/prompts/").content.decode()
    client.post("/shortcuts/single/", {})
    assert Habit.objects.get(owner=user).single_keys is False
    assert 'data-single="off"' in client.get("/prompts/").content.decode()
    client.post("/shortcuts/single/", {"single_keys": "1"})
    assert 'data-single="on"' in client.get("/prompts/").content.decode()


def test_the_sheet_tells_every_key_and_no_two_commands_have_the_same(client_of, user):
    sheet = client_of(user).get("/shortcuts/").content.decode()
    with_keys = [command for command in COMMANDS if command.keys]
    assert all(str(command.label) in sheet for command in with_keys)
    keys = [keys for command in with_keys for keys in command.keys]
    assert len(keys) == len(set(keys))
    assert all(command.name in handlers() for command in COMMANDS)
