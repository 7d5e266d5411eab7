"""Continue from here: what a link shows becomes the reader's own, and nothing else does."""

import pytest
from django.urls import reverse

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.media.models import Asset
from apps.runs.models import Run
from apps.runs.turns import turns_of
from apps.upstreams.models import Model
from apps.usage.models import Call
from apps.wire.messages import Image, ToolCall, ToolResult, said


def go_on(browser, link) -> Conversation:
    reply = browser.post(reverse("share_continue", args=[link.token]))
    assert reply.status_code == 302, reply.content
    assert browser.get(reply["Location"]).status_code == 200
    return Conversation.objects.get(pk=reply["Location"].split("/")[2])


def test_a_reader_goes_on_from_what_they_see_and_from_nothing_else(talk, client_of, member):
    link = talk.share()
    mine = go_on(client_of(member), link)
    nodes = queries.branch(mine)
    parts = queries.parts_of([node.id for node in nodes])
    assert [node.role for node in nodes] == ["user", "assistant", "user", "assistant"]
    assert [said(parts[node.id]) for node in nodes][-2:] == ["Say it in short.", "Retries are traffic."]
    assert (mine.owner, mine.title, mine.model, mine.system_prompt) == (member, "Retry budgets", talk.model, "")
    assert Message.objects.filter(conversation=mine).count() == 4
    assert "canary" not in str([vars(row) for row in (mine, *Run.objects.filter(conversation=mine))])
    assert "canary" not in str(parts)
    assert {turn.run.model for turn in turns_of(nodes) if turn.run} == {"a-model"}
    assert not Call.objects.exists()


def test_what_was_ticked_comes_along(talk, client_of, member):
    mine = go_on(client_of(member), talk.share(system_prompt=True, parameters=True, branches=True, attachments=True))
    assert (mine.system_prompt, mine.parameters) == ("canary-system", {"stop": "canary-parameter"})
    assert Message.objects.filter(conversation=mine).count() == 6
    assert len(queries.branch(mine)) == 4
    assert Asset.objects.filter(owner=member).count() == 2


def test_what_the_sharer_merged_into_requests_goes_into_nobody_elses(talk, client_of, member):
    hostile = {"messages": [], "model": "a-dear-one", "tools": [{"type": "web_search"}]}
    Run.objects.update(extra=hostile)
    mine = go_on(client_of(member), talk.share(parameters=True))
    assert mine.parameters == {"stop": "canary-parameter"} and mine.extra == ""
    assert {str(run.parameters) for run in Run.objects.filter(conversation=mine)} == {str(mine.parameters)}


def test_no_two_calls_of_a_fork_have_the_same_id(talk, client_of, member):
    calls = [ToolCall(id="a", name="look", arguments="{}"), ToolResult(call_id="a", content="seen")]
    mine = go_on(client_of(member), talk.share(talk._answer(talk.say(*calls), *calls, *calls)))
    parts = [part for each in queries.parts_of([node.id for node in queries.branch(mine)]).values() for part in each]
    ids = [part.id for part in parts if isinstance(part, ToolCall)]
    assert len(ids) == len(set(ids)) == 4
    assert ids == [part.call_id for part in parts if isinstance(part, ToolResult)]


def test_files_become_the_readers_own_and_outlive_the_link(talk, client_of, member):
    link = talk.share()
    browser = client_of(member)
    mine = go_on(browser, link)
    again = go_on(browser, link)
    talk.conversation.delete()
    talk.made.delete()
    copy = Asset.objects.get(owner=member)
    assert b"".join(browser.get(copy.url).streaming_content).startswith(b"\x89PNG")
    assert copy.uses.count() == 2
    for conversation in (mine, again):
        parts = queries.parts_of([node.id for node in queries.branch(conversation)])
        assert str(copy.pk) in {part.asset for each in parts.values() for part in each if isinstance(part, Image)}


def test_a_reader_without_room_for_the_files_is_told_so_and_nothing_is_copied(talk, client_of, member, settings):
    link = talk.share(attachments=True)
    settings.UPLOAD_QUOTA_MB = 0.00001
    reply = client_of(member).post(reverse("share_continue", args=[link.token]))
    assert reply.status_code == 413 and "library" in reply.content.decode()
    assert not Asset.objects.filter(owner=member).exists()
    assert not Conversation.objects.filter(owner=member).exists()


@pytest.mark.parametrize("closed", ["disabled", "reserved"])
def test_a_model_that_the_reader_may_not_use_is_not_chosen(talk, client_of, member, closed):
    from django.contrib.auth.models import Group

    if closed == "disabled":
        Model.objects.update(enabled=False)
    else:
        talk.model.groups.add(Group.objects.create(name="Others"))
    assert go_on(client_of(member), talk.share()).model is None
