"""Exports of ChatGPT, Claude, Open WebUI and LibreChat become conversations as if they had been held here."""

import sys

import pytest

from apps.conversations.models import Conversation
from apps.conversations.queries import branch, parts_of
from apps.conversations.search import search
from apps.conversations.tree import Tree
from apps.media.models import Asset
from apps.runs.models import Run
from apps.transfer import begin
from apps.transfer.models import Transfer
from apps.usage.models import Call
from apps.wire import messages as wire

from . import samples
from .conftest import upload, worked, zipped

pytestmark = pytest.mark.django_db


def shown(talk) -> list[tuple[str, list]]:
    """Roles and parts of the branch on show."""
    nodes = branch(talk)
    parts = parts_of([node.id for node in nodes])
    return [(node.role, parts.get(node.id, [])) for node in nodes]


def only(user) -> Conversation:
    return Conversation.objects.get(owner=user)


def told(transfer) -> list[tuple[str, str]]:
    return [(line.outcome, line.why) for line in transfer.lines.all()]


def test_chatgpt_with_branches_tools_pictures_and_what_was_hidden_left_out(user, bring):
    entries = {**samples.CHATGPT_ZIP, "conversations.json": samples.encoded([samples.chatgpt()])}
    transfer = bring(user, zipped(entries), "anything.bin")
    assert (transfer.status, transfer.source, told(transfer)) == ("done", "chatgpt", [("imported", "")])
    talk = only(user)
    assert (talk.title, talk.created_at.timestamp()) == ("A red thing", 1756000000.123456)
    (_, prompt), (_, answer), (_, thanks), (_, last) = shown(talk)
    assert [wire.kind_of(part) for part in prompt] == ["file", "image", "text"]
    assert [wire.kind_of(part) for part in answer] == ["reasoning", "tool_call", "tool_result", "image", "text"]
    assert (answer[1].name, answer[1].arguments, answer[2].content) == ("python", "print(1)", "1")
    assert answer[2].call_id == answer[1].id
    assert answer[4].text == "It is red([Site](https://site.example/))."
    assert (thanks[0].text, last[0].text) == ("Thanks", "You are welcome")
    assert [node.total for node in branch(talk)] == [1, 2, 1, 1]
    assert set(Asset.objects.filter(owner=user).values_list("kind", flat=True)) == {"image", "text"}
    assert Asset.objects.filter(owner=user, uses__isnull=False).distinct().count() == 3
    runs = Run.objects.filter(user=user).order_by("pk")
    assert {run.model_name for run in runs} == {"gpt-5-thinking", "gpt-4o"}
    assert {run.upstream_name for run in runs} == {"ChatGPT"}
    assert [hit.conversation_id for hit in search(user, "another version")] == [talk.pk]
    assert search(user, "secret profile") == []


def test_the_same_file_twice_brings_everything_once_and_what_went_on_comes_anew(user, bring):
    bring(user, [samples.chatgpt()])
    again = bring(user, [samples.chatgpt(), samples.chatgpt(title="Renamed")])
    assert [outcome for outcome, _why in told(again)] == ["skipped", "imported"]
    assert Conversation.objects.filter(owner=user).count() == 2
    Conversation.objects.filter(title="A red thing").delete()
    assert told(bring(user, [samples.chatgpt()])) == [("imported", "")]


def test_claude_with_thoughts_artifacts_attachments_and_versions(user, bring):
    transfer = bring(user, zipped({"conversations.json": samples.encoded([samples.CLAUDE]), "users.json": b"[]"}))
    assert (transfer.source, told(transfer)) == ("claude", [("imported", "")])
    talk = only(user)
    assert [node.total for node in branch(talk)] == [1, 2]
    prompt, answers = Tree(talk).children[None][0], Tree(talk).children[Tree(talk).children[None][0]]
    parts = parts_of([prompt, *answers])
    assert [wire.kind_of(part) for part in parts[prompt]] == ["file", "text", "text"]
    assert "photo.png" in parts[prompt][1].text
    assert [wire.kind_of(part) for part in parts[answers[0]]] == ["reasoning", "tool_call", "tool_result", "text"]
    assert parts[answers[0]][0].seconds == 2
    assert parts[answers[1]] == [wire.Text("Another reading.")]
    assert Asset.objects.get(owner=user).name == "plan.txt"
    assert talk.format == "anthropic_messages"


def test_open_webui_with_reasoning_tools_pictures_sources_and_usage(user, bring, client_of):
    transfer = bring(user, [samples.OPEN_WEBUI])
    assert (transfer.source, told(transfer)) == ("openwebui", [("imported", "")])
    talk = only(user)
    assert (talk.system_prompt, talk.archived_at is not None) == ("Be kind.", True)
    assert [tag.name for tag in talk.tags.all()] == ["physics"]
    (_, prompt), (_, answer) = shown(talk)
    assert [wire.kind_of(part) for part in prompt] == ["image", "text"]
    assert answer == [wire.Reasoning("150 + 105", seconds=3), wire.Text("255"), answer[2]]
    assert answer[2].url == "https://sums.example/"
    first, second = Tree(talk).children[Tree(talk).children[None][0]]
    assert [wire.kind_of(part) for part in parts_of([first])[first]] == ["tool_call", "tool_result", "text"]
    run = Run.objects.get(message=second)
    assert run.brought_calls[0]["input_tokens"] == 12
    page = client_of(user).get(f"/runs/{run.id}/tab/usage/").content.decode()
    assert "12 tokens" in page and "not counted or billed here" in page and not Call.objects.exists()


@pytest.mark.parametrize("recursive", [True, False])
def test_librechat_as_a_tree_and_as_a_list(user, bring, recursive):
    transfer = bring(user, samples.librechat(recursive))
    assert (transfer.source, told(transfer)) == ("librechat", [("imported", "")])
    talk = only(user)
    assert (talk.title, talk.system_prompt, talk.format) == ("A greeting", "Be brief.", "anthropic_messages")
    assert shown(talk) == [("user", [wire.Text("Hello")]), ("assistant", [wire.Text("Good day!")])]
    answers = Tree(talk).children[Tree(talk).children[None][0]]
    kinds = [wire.kind_of(part) for part in parts_of(answers)[answers[0]]]
    assert kinds == ["reasoning", "text", "tool_call", "tool_result"]
    failed = Run.objects.get(message=answers[2])
    assert (failed.status, failed.error["title"]) == ("failed", "The key is invalid.")


def test_a_talk_of_thousands_of_turns_nested_in_each_other_is_read(user, bring):
    message: dict = {"messageId": "end", "isCreatedByUser": False, "text": "The end", "children": []}
    for number in range(1500):
        is_user = number % 2 == 0
        message = {"messageId": str(number), "isCreatedByUser": is_user, "text": f"{number}", "children": [message]}
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    record = samples.encoded({"conversationId": "deep", "title": "Deep", "recursive": True, "messages": [message]})
    sys.setrecursionlimit(usual)
    assert told(bring(user, record)) == [("imported", "")]
    assert len(branch(only(user))) == 1501


def test_a_broken_record_is_told_and_the_others_are_taken(user, bring):
    broken = [{"title": "No mapping", "id": "x"}, {"mapping": []}, 7, samples.chatgpt(), {"mapping": {"a": 5}}]
    lines = told(bring(user, broken))
    assert [outcome for outcome, _why in lines] == ["failed", "failed", "failed", "imported", "imported"]
    assert all(why for outcome, why in lines if outcome == "failed")


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_so(user, bring):
    data = samples.encoded([samples.chatgpt(), samples.chatgpt(title="Cut", conversation_id="2")])
    transfer = bring(user, data[:-200])
    assert (transfer.status, transfer.done) == ("failed", 1)
    assert "cut off" in transfer.error
    assert only(user).title == "A red thing"
    assert not transfer.file


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b"[]", b'{"a": [1, 2', b"PK\x03\x04 no zip", zipped({"a.txt": b"x"})]
)
def test_what_is_no_export_is_refused_with_a_sentence(user, client_of, data):
    if not data:
        response = client_of(user).post("/settings/import/", {"file": upload(data, "x.json")})
        assert response.status_code == 422
        return
    transfer = worked(begin.bring(owner=user, file=upload(data, "conversations.json")))
    assert (transfer.status, transfer.done) == (Transfer.Status.FAILED, 0)
    assert transfer.error.endswith(".")
    assert not Conversation.objects.exists()
